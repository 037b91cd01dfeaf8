package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var requireDefault = lint.Rule{
	ID: "require-default", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/COLUMN_REQUIRE_DEFAULT", "bytebase/COLUMN_SET_DEFAULT_FOR_NOT_NULL"},
	Docs: []lint.Doc{{
		Title: "A NOT NULL column has no default",
		Condition: "A column is NOT NULL and has no default. Those that the server fills, and those of a primary key, a unique key or a foreign " +
			"key, for which no value fits every row, need none. What not-null-without-default reports is left to that rule.",
		Effect:     "An INSERT that does not name the column fails: one of an app version that does not know it, or one by hand.",
		Workaround: "A default that is right for a row of which no more is known; or NULL, where there is none.",
	}},
	Check: func(p *lint.Pass) {
		for range p.Hazards("not-null-without-default") {
			return
		}
		for d := range newColumns(p) {
			c := d.Column
			filled := c.Default != "" || c.Identity != "" || c.Generated != "" || c.Sequence != nil
			if !c.NotNull || filled || d.Was != nil && d.Was.NotNull && d.Was.Default == "" || isKey(p, d) {
				continue
			}
			p.Report(lint.Finding{
				Table:   d.Table.String(),
				Message: fmt.Sprintf("%s is NOT NULL and has no default", d),
				Why:     "an INSERT that does not name it fails",
				Instead: "give it a default, or let it be NULL",
			})
		}
	},
}

// isKey reports whether the statement makes a key that has the column.
func isKey(p *lint.Pass, d defined) bool {
	has := func(columns []string) bool {
		return slices.ContainsFunc(columns, func(name string) bool { return same(p, name, d.Column.Name) })
	}
	return slices.ContainsFunc(p.Statement.Changes, func(change dialects.Change) bool {
		constraints, indexes := parts(change)
		return p.Catalog.Resolve(change.Target()) == d.Table &&
			(slices.ContainsFunc(constraints, func(c dialects.Constraint) bool { return c.Kind != dialects.Check && has(c.Columns) }) ||
				slices.ContainsFunc(indexes, func(i dialects.Index) bool { return i.Unique && has(i.Keys) }))
	})
}
