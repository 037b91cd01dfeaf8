package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var changeDefault = lint.Rule{
	ID: "change-default", Family: dialects.CompatibilityFamily, Severity: lint.Info,
	Peers: []string{
		"strong_migrations/change_column_default", "online_migrations/change_column_default",
	},
	Docs: []lint.Doc{{
		Title:     "Another default changes what app versions write that do not know of it",
		Condition: "A column from an earlier migration that has a default gets another one.",
		Effect: "App versions that leave the column out write the new value, and those that have the old one in their code, or cached it " +
			"when they started, go on to write that: some ORMs leave a value out that equals the default they know, and mean the old one.",
		Workaround: "First deploy a version that writes the column itself; change the default when no other one runs.",
	}},
	Check: func(p *lint.Pass) {
		for change := range columnChanges(p) {
			c, ok := change.(dialects.SetDefault)
			if !ok {
				continue
			}
			table := p.Catalog.Resolve(c.Table)
			column := oldColumn(p, table, c.Column)
			if c.Default == "" || column == nil || column.Default == "" || uncast(column.Default) == uncast(c.Default) {
				continue
			}
			p.Report(lint.Finding{
				Table:   table.String(),
				Message: fmt.Sprintf("the default of %s.%s changes from %s to %s", table, c.Column, column.Default, c.Default),
				Why:     "app versions that leave the column out write another value from now on, and some ORMs mean the old one by that",
				Instead: "first deploy a version that writes the column itself",
			})
		}
	},
}

// uncast is a default without the cast to the column's type that the catalog keeps with it.
func uncast(text string) string {
	bare, _, _ := strings.Cut(text, "::")
	return bare
}

// oldColumn is a column that was there before the file; nil where it was not, or nothing is known of it.
func oldColumn(p *lint.Pass, table dialects.Name, column string) *dialects.Column {
	t := p.Catalog.Table(table)
	if t == nil || p.Fresh[t.Name] || addedAbove(p, t.Name, column) {
		return nil
	}
	return t.Column(column)
}

// addedAbove reports whether the file adds the column before the statement: no app knows it yet.
func addedAbove(p *lint.Pass, table dialects.Name, column string) bool {
	_, added := dialects.ColumnAdded(p.Catalog, p.Script.Up, p.Statement.Start, table, column)
	return added
}

// indexMade reports whether the file makes the index before the statement: nobody counts on it yet.
func indexMade(p *lint.Pass, t *dialects.Table, index *dialects.Index) bool {
	return dialects.IndexMade(p.Catalog, p.Script.Up, p.Statement.Start, t.Name, index.Name.Name)
}
