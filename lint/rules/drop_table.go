package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// notThere says when IF EXISTS is believed to find nothing.
const notThere = "Left out is what IF EXISTS names where the migrations have made all that they name so far, and what the same file makes again."

var dropTable = lint.Rule{
	ID: "drop-table", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Peers: []string{
		"squawk/ban-drop-table", "strong_migrations/create_table", "online_migrations/create_table", "atlas/DS102",
		"atlas/BC103", "atlas/DS101", "bytebase/SCHEMA_BACKWARD_COMPATIBILITY", "bytebase/STATEMENT_DISALLOW_RM_TBL_CASCADE",
		"bytebase/DATABASE_DROP_EMPTY_DATABASE", "spirit/unsafe",
	},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "Dropping a table breaks every app version that still uses it, and its data is gone",
		Condition: "A table from an earlier migration is dropped, by itself or with its schema; or one that no migration made. " + notThere,
		Effect: "Each query of an app version that uses the table fails from that moment on. Every table that it has foreign keys " +
			"to is locked as well, reads included, until the migration commits. Nothing brings the rows back but a backup.",
		Workaround: "First deploy a version that does not use the table. When no other version runs, drop its foreign keys, then " +
			"the table, in a migration of its own, and say so: -- segue:allow drop-table REASON. Renaming it away first leaves a " +
			"way back.",
	}, {
		Servers: onMySQL,
		Title:   "Dropping a table breaks every app version that still uses it, and its data is gone",
		Condition: "A table or view from an earlier migration is dropped or replaced, by itself or with its database; or one that no " +
			"migration made. " + notThere,
		Effect: "Each query of an app version that uses the table fails from that moment on. Nothing brings the rows back but " +
			"a backup.",
		Workaround: "First deploy a version that does not use the table. When no other version runs, drop it in a migration of " +
			"its own, and say so: -- segue:allow drop-table REASON. Renaming it away first leaves a way back.",
	}},
	Check: hazards("drop-table", func(_ *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("table %s is dropped while apps may be using it", e.Table),
			Why:     fmt.Sprintf("app versions that still use %s fail at once, and its rows are gone", e.Table.Name),
			Instead: "first deploy a version that does not use the table; drop it when no other one runs",
		}
		switch c := e.Change.(type) {
		case dialects.CreateTable:
			f.Message = fmt.Sprintf("table %s is replaced by another while apps may be using it", e.Table)
			f.Instead = "make the new one under another name, and drop this one when no app version uses it"
		case dialects.DropObject:
			if c.Kind == dialects.View || c.Kind == dialects.Schema && e.Table.Name == "" || e.Table == e.Change.Target() {
				f.Message = fmt.Sprintf("%s %s is dropped while apps may be using it", c.Kind, c.Object)
				f.Why = "" // the hazard's own
				f.Instead = "first deploy a version that does not use it; drop it when no other one runs"
			}
		}
		return f
	}),
}
