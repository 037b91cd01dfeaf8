package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var noNullColumns = lint.Rule{
	ID: "no-null-columns", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"skeema/nullable", "bytebase/COLUMN_NO_NULL"},
	Docs: []lint.Doc{{
		Title:     "A column may hold NULL",
		Condition: "A column is made that is not NOT NULL and is no part of the primary key, or NOT NULL is dropped. Generated columns are left out.",
		Effect: "Every reader must know that there may be no value, and what that stands for; = and NOT IN do not find NULLs, unique keys let " +
			"any number of them in, and aggregates pass over them.",
		Workaround: "NOT NULL with a default that says what is meant.",
	}},
	Check: func(p *lint.Pass) {
		report := func(table dialects.Name, column string) {
			p.Report(lint.Finding{
				Table:   table.String(),
				Message: fmt.Sprintf("%s.%s may hold NULL", table, column),
				Why:     "every reader must know that there may be no value, and what that stands for",
				Instead: "NOT NULL, with a default that says what is meant",
			})
		}
		var keys []string
		for _, change := range p.Statement.Changes {
			columns, _ := primaryKey(change)
			keys = append(keys, columns...)
			if c, ok := change.(dialects.DropNotNull); ok {
				report(p.Catalog.Resolve(c.Table), c.Column)
			}
		}
		for d := range newColumns(p) {
			isKey := slices.ContainsFunc(keys, func(k string) bool { return same(p, k, d.Column.Name) })
			if !d.Column.NotNull && d.Column.Generated == "" && !isKey && (d.Was == nil || d.Was.NotNull) {
				report(d.Table, d.Column.Name)
			}
		}
	},
}
