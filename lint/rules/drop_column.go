package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropColumn = lint.Rule{
	ID: "drop-column", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Peers: []string{
		"squawk/ban-drop-column", "strong_migrations/remove_column", "online_migrations/remove_column", "atlas/DS103",
		"atlas/BC104", "bytebase/SCHEMA_BACKWARD_COMPATIBILITY", "spirit/unsafe",
	},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "Dropping a column breaks every app version that still uses it, and its data is gone",
		Condition: "A column from an earlier migration is dropped, by itself or with its type.",
		Effect: "Each query of an app version that names the column fails from that moment on. ORMs name every column that they " +
			"saw when they started, whether the code uses it or not. Nothing brings the values back but a backup.",
		Workaround: "First deploy a version that does not name the column (for an ORM: one that ignores it). When no other " +
			"version runs, drop it in a migration of its own and say so: -- segue:allow drop-column REASON.",
	}, {
		Servers: onMySQL,
		Title:   "Dropping a column breaks every app version that still uses it, and its data is gone",
		Condition: "A column from an earlier migration is dropped, or ALTER VIEW or CREATE OR REPLACE VIEW leaves out a " +
			"column that the view has had.",
		Effect: "Each query of an app version that names the column fails from that moment on, and so does each write where a " +
			"trigger names it. ORMs name every column that they saw when they started, whether the code uses it or not. " +
			"Nothing brings the values back but a backup.",
		Workaround: "First deploy a version that does not name the column (for an ORM: one that ignores it), and take it out of " +
			"triggers, views and stored programs. When no other version runs, drop it in a migration of its own and say " +
			"so: -- segue:allow drop-column REASON. A column without an index goes with ALGORITHM=INSTANT (MySQL from " +
			"8.0.29 on); drop its indexes in a statement before.",
	}},
	Check: hazards("drop-column", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		if c, ok := e.Change.(dialects.CreateObject); ok {
			return lint.Finding{
				Message: fmt.Sprintf("view %s loses a column while apps may be using it", c.Object), Why: h.Detail, Instead: h.Instead,
			}
		}
		c, ok := e.Change.(dialects.DropColumn)
		if !ok {
			return lint.Finding{
				Message: fmt.Sprintf("CASCADE drops columns of %s while apps may be using them", e.Table),
				Why:     h.Detail,
				Instead: "give the columns another type first, or drop them one by one once no app version uses them",
			}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s.%s is dropped while apps may be using it", e.Table, c.Column),
			Why: fmt.Sprintf("app versions that still name %s.%s fail at once, ORMs that cached the columns too, and its values are gone",
				e.Table, c.Column),
			Instead: "first deploy a version that does not name the column; drop it when no other one runs",
		}
	}),
}
