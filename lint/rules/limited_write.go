package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var limitedWrite = lint.Rule{
	ID: "limited-write", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/STATEMENT_DISALLOW_LIMIT", "bytebase/STATEMENT_DISALLOW_ORDER_BY"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "Which rows a statement writes depends on how the server finds them",
		Condition: "An UPDATE or DELETE has a LIMIT or ORDER BY, or the query of an INSERT has a LIMIT.",
		Effect: "A LIMIT takes the rows that come first, and without an order that leaves no doubt those are others on each " +
			"database, and on each replica where statements are replicated. An ORDER BY alone sorts, and changes nothing that is kept.",
		Workaround: "A WHERE that says which rows are meant, by their keys.",
	}},
	Check: written(dialects.LimitedWrite, func(_ *lint.Pass, t dialects.Trait) lint.Finding {
		return lint.Finding{
			Message: fmt.Sprintf("a statement that writes has a %s", t.Detail),
			Why:     "which rows it writes depends on how the server finds them, and may differ on each database",
			Instead: "say by a WHERE which rows are meant",
		}
	}),
}
