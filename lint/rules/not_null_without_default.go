package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var notNullWithoutDefault = lint.Rule{
	ID: "not-null-without-default", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Peers: []string{
		"squawk/adding-required-field", "atlas/MF103", "atlas/MY101", "bytebase/STATEMENT_DISALLOW_ADD_NOT_NULL",
		"bytebase/COLUMN_SET_DEFAULT_FOR_NOT_NULL",
	},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A new NOT NULL column without a default fails on rows, and breaks old writers",
		Condition: "A column that is NOT NULL and has no default is added to a table from an earlier migration.",
		Effect: "On a table with rows the statement fails. On an empty one it succeeds, and from then on each INSERT of an app " +
			"version that does not know the column fails.",
		Workaround: "Give it a constant default; it can be dropped again when every version writes the column. Or add the column " +
			"without NOT NULL, deploy a version that writes it, fill the old rows, and set NOT NULL then.",
	}, {
		Servers:   onMySQL,
		Title:     "A new NOT NULL column without a default breaks old writers",
		Condition: "A column that is NOT NULL and has no default is added to a table from an earlier migration.",
		Effect: "In strict mode each INSERT of an app version that does not know the column fails. The rows that are there " +
			"silently get a value that nobody chose: 0 or an empty string.",
		Workaround: "Give it a constant default, which takes a moment with ALGORITHM=INSTANT; it can be dropped again when every " +
			"version writes the column. Or add the column without NOT NULL, deploy a version that writes it, fill the old " +
			"rows in batches, and make it NOT NULL then.",
	}},
	Check: hazards("not-null-without-default", func(_ *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		column, typ := "the column", ""
		if c, ok := e.Change.(dialects.AddColumn); ok {
			column, typ = c.Column.Name, c.Column.Type
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s.%s is added as NOT NULL without a default", e.Table, column),
			Why:     fmt.Sprintf("it fails if %s has rows; if not, each INSERT of an app version that does not know %s fails", e.Table, column),
			Instead: fmt.Sprintf("give it a constant default (%s %s NOT NULL DEFAULT ...), "+
				"or add it without NOT NULL, fill it, and set NOT NULL once every app version writes it", column, typ),
		}
	}),
}
