package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropNotNull = lint.Rule{
	ID: "drop-not-null", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Peers: []string{"squawk/ban-drop-not-null", "bytebase/SCHEMA_BACKWARD_COMPATIBILITY"},
	Docs: []lint.Doc{{
		Title:     "A column may hold NULL from now on, and app versions that are running do not expect it",
		Condition: "A NOT NULL column of a table from an earlier migration, or of one that no migration made, may be NULL from now on.",
		Effect: "Nothing fails at first. The first row that a new app version writes with a NULL is read by an old one into a type that has no " +
			"place for it: it fails there, or takes the NULL for a zero. NOT IN and comparisons lose rows.",
		Workaround: "First deploy a version that bears a NULL when it reads the column. When no other one runs, drop NOT NULL, and only then " +
			"write NULLs.",
	}},
	Check: func(p *lint.Pass) {
		for change := range columnChanges(p) {
			c, ok := change.(dialects.DropNotNull)
			table := p.Catalog.Resolve(c.Table)
			if !ok || !inUse(p, table) || addedAbove(p, table, c.Column) {
				continue
			}
			if was := column(p, table, c.Column); was != nil && !was.NotNull {
				continue
			}
			p.Report(lint.Finding{
				Table:   table.String(),
				Message: fmt.Sprintf("%s.%s may hold NULL from now on", table, c.Column),
				Why:     "app versions that are running may fail on the first NULL that they read there",
				Instead: "deploy a version that bears a NULL there first; write none before no other version runs",
			})
		}
	},
}
