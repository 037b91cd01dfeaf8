package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropTable = lint.Rule{
	ID: "drop-table", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Doc: lint.Doc{
		Title:     "Dropping a table breaks every app version that still uses it, and its data is gone",
		Condition: "A table from an earlier migration is dropped, by itself or with its schema.",
		Effect: "Each query of an app version that uses the table fails from that moment on. Every table that it has foreign keys " +
			"to is locked as well, reads included, until the migration commits. Nothing brings the rows back but a backup.",
		Workaround: "First deploy a version that does not use the table. When no other version runs, drop its foreign keys, then " +
			"the table, in a migration of its own, and say so: -- segue:allow drop-table REASON. Renaming it away first leaves a " +
			"way back.",
	},
	Check: hazards("drop-table", func(_ *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		return lint.Finding{
			Message: fmt.Sprintf("table %s is dropped while apps may be using it", e.Table),
			Why:     fmt.Sprintf("app versions that still use %s fail at once, and its rows are gone", e.Table.Name),
			Instead: "first deploy a version that does not use the table; drop it when no other one runs",
		}
	}),
}
