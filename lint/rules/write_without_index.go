package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var writeWithoutIndex = lint.Rule{
	ID: "write-without-index", Family: dialects.LockFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "An UPDATE or DELETE finds its rows by no index",
		Condition: "An UPDATE or DELETE of a table from an earlier migration compares columns in its WHERE, and no index of the table starts " +
			"with one of them. (An OR, and what is computed, is not judged.)",
		Effect: "The server reads the whole table and, in the default isolation, keeps every row locked that it looked at until the statement " +
			"commits, and the gaps between them: each app that writes one of them waits, whether the statement changes it or not.",
		Workaround: "Go through the table by its primary key in batches, each in a transaction of its own, outside of the migration; or make " +
			"an index first.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.WriteData)
			if !ok || len(c.Sought) == 0 || !inUse(p, c.Table) {
				continue
			}
			t := p.Catalog.Table(c.Table)
			if t == nil || slices.ContainsFunc(c.Sought, func(column string) bool { return findsBy(t, column) }) {
				continue
			}
			p.Report(lint.Finding{
				Table: t.Name.String(),
				Message: fmt.Sprintf("%s of %s finds its rows by %s, which no index starts with",
					strings.ToUpper(string(c.Kind)), t.Name, strings.Join(c.Sought, ", ")),
				Why:     "the server reads the whole table, and every row that it looked at stays locked until the statement commits",
				Instead: "go through the table by its primary key in batches, outside of the migration; or make an index first",
			})
		}
	},
}

// findsBy reports whether an index that queries use starts with the column. Of a column that the table is not
// known to have nothing can be said.
func findsBy(t *dialects.Table, column string) bool {
	if !slices.ContainsFunc(t.Columns, func(c *dialects.Column) bool { return strings.EqualFold(c.Name, column) }) {
		return true
	}
	return slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool {
		return !i.Invisible && len(i.Keys) > 0 && strings.EqualFold(i.Keys[0], column)
	})
}
