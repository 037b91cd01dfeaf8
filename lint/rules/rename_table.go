package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var renameTable = lint.Rule{
	ID: "rename-table", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Peers: []string{
		"squawk/renaming-table", "strong_migrations/rename_table", "strong_migrations/rename_schema",
		"online_migrations/rename_table", "atlas/BC101", "bytebase/SCHEMA_BACKWARD_COMPATIBILITY",
	},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "Renaming a table breaks every app version that still uses the old name",
		Condition: "A table, view or schema from an earlier migration gets another name, or a table moves to another schema.",
		Effect: "Each query of an app version that uses the old name fails from that moment on, and the versions that use the " +
			"new name fail until then. While a rollout is under way one of them is down.",
		Workaround: "Keep the name. Or put a view of the old name over the renamed table in the same migration: simple views take " +
			"INSERT, UPDATE and DELETE too. Drop the view when no app version uses it. ON CONFLICT ON CONSTRAINT, COPY and " +
			"TRUNCATE do not work through a view.",
	}, {
		Servers: onMySQL,
		Title:   "Renaming a table breaks every app version that still uses the old name",
		Condition: "A table from an earlier migration gets another name or moves to another database, by RENAME TABLE or ALTER " +
			"TABLE ... RENAME.",
		Effect: "Each query of an app version that uses the old name fails from that moment on, and the versions that use the " +
			"new name fail until then. While a rollout is under way one of them is down.",
		Workaround: "Keep the name. Or put a view of the old name over the renamed table in the very next statement: simple views " +
			"take INSERT, UPDATE and DELETE too. Between the two statements neither version finds the old name, for " +
			"nothing holds them together. Drop the view when no app version uses it.",
	}},
	Check: hazards("rename-table", func(_ *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		old := e.Change.Target()
		f := lint.Finding{
			Message: fmt.Sprintf("%s is renamed while apps may be using it", old),
			Why:     fmt.Sprintf("app versions that still use %s by that name fail at once, and so does going back to one", old),
			Instead: "keep the name until no app version uses it",
		}
		switch c := e.Change.(type) {
		case dialects.RenameTable:
			f.Message = fmt.Sprintf("table %s is renamed to %s while apps may be using it", e.Table, c.To)
			f.Instead = fmt.Sprintf("keep the name, or in the same migration put a view %s over %s (it can be written to), "+
				"and drop the view once no app version uses it", old.Name, c.To)
		case dialects.AlterTable:
			f.Message = fmt.Sprintf("table %s moves to another schema while apps may be using it", e.Table)
			f.Instead = fmt.Sprintf("leave it where it is, or put a view %s in its place in the same migration", old)
		case dialects.AlterObject:
			f.Message = fmt.Sprintf("%s %s is renamed or moved while apps may be using it", c.Kind, old)
		}
		return f
	}),
}
