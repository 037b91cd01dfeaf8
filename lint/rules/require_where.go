package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var requireWhere = lint.Rule{
	ID: "require-where", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/STATEMENT_WHERE_REQUIRE_SELECT", "bytebase/STATEMENT_WHERE_REQUIRE_UPDATE_DELETE"},
	Docs: []lint.Doc{{
		Title: "A statement takes all rows of a table, maybe because its WHERE was forgotten",
		Condition: "An UPDATE, a DELETE, a SELECT or the query of an INSERT has no WHERE and no LIMIT. What unbounded-write reports is left " +
			"to that rule.",
		Effect:     "A forgotten WHERE looks like a meant one; and what is quick on the rows of today is not on those of next year.",
		Workaround: "Say which rows are meant; where it is all of them, WHERE true says that it is so on purpose.",
	}},
	Check: func(p *lint.Pass) {
		report := func(what, table string) {
			p.Report(lint.Finding{
				Table:   table,
				Message: fmt.Sprintf("%s takes all rows of %s", what, table),
				Why:     "there is no WHERE, and nothing says whether that is meant",
				Instead: "say which rows are meant, or WHERE true",
			})
		}
		for range p.Hazards("unbounded-write") {
			return
		}
		for t := range traits(p, dialects.NoWhere) {
			report("a query", t.Detail)
		}
		for _, change := range p.Statement.Changes {
			if c, ok := change.(dialects.WriteData); ok && !c.Bounded && !c.Meant && (c.Kind == dialects.Update || c.Kind == dialects.Delete) {
				report(string(c.Kind), p.Catalog.Resolve(c.Table).String())
			}
		}
	},
}
