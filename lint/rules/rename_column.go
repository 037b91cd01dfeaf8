package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var renameColumn = lint.Rule{
	ID: "rename-column", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Peers: []string{
		"squawk/renaming-column", "strong_migrations/rename_column", "online_migrations/rename_column", "atlas/BC102",
		"bytebase/SCHEMA_BACKWARD_COMPATIBILITY", "bytebase/COLUMN_DISALLOW_CHANGE", "spirit/rename_column",
	},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "Renaming a column breaks every app version that still uses the old name",
		Condition: "A column from an earlier migration, of a table or view, is renamed.",
		Effect: "The rename itself takes a moment. But from that moment on each query of an app version that names the old " +
			"column fails, and before it each query that names the new one does. While a rollout is under way both versions " +
			"run, so whichever moment is chosen, one of them is down. Going back to the old version fails as well.",
		Workaround: "Let segue carry it out: it adds the new column, keeps both identical while old and new versions run side " +
			"by side, and drops the old one when no registered version needs it. By hand: add the new column, write both, copy " +
			"the old rows, move the reads, and drop the old column in a later release.",
	}, {
		Servers:   onMySQL,
		Title:     "Renaming a column breaks every app version that still uses the old name",
		Condition: "A column from an earlier migration gets another name, by RENAME COLUMN or by CHANGE.",
		Effect: "The rename itself is INSTANT. But from that moment on each query of an app version that names the old column " +
			"fails, and before it each query that names the new one does. While a rollout is under way both versions run, " +
			"so one of them is down. Triggers, views and stored programs that name the old column are not rewritten: a " +
			"trigger that does makes every write to the table fail.",
		Workaround: "Let segue carry it out: it adds the new column, keeps both identical while old and new versions run side by " +
			"side, and drops the old one when no registered version needs it. By hand: add the new column, write both, " +
			"copy the old rows in batches, move the reads, and drop the old column in a later release. On a cluster of " +
			"which several servers take writes (Galera, multi-primary group replication) segue's plan is refused before " +
			"anything is changed, since triggers on two servers can meet in one row; who knows that only one of them is " +
			"written to says so: -- segue:allow multi-primary REASON.",
	}},
	Check: hazards("rename-column", func(_ *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		var from, to string
		switch c := e.Change.(type) {
		case dialects.RenameColumn:
			from, to = c.Column, c.To
		case dialects.RedefineColumn:
			from, to = c.Column, c.To.Name
		default:
			return lint.Finding{
				Message: fmt.Sprintf("a column of view %s is renamed while apps may be using it", e.Table),
				Instead: "make a view of a new name, and drop the old one once no app version uses it",
			}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s.%s is renamed to %s while apps may be using it", e.Table, from, to),
			Why:     fmt.Sprintf("app versions that still read or write %s fail at once, and so does going back to one", from),
			Instead: renameByHand,
		}
	}),
}

const renameByHand = "add the new column, write both, copy the old rows, move the reads, " +
	"and drop the old column once no app version uses it"
