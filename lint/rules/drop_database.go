package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropDatabase = lint.Rule{
	ID: "drop-database", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Peers: []string{"squawk/ban-drop-database"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "Dropping a database takes everything in it",
		Condition: "A migration says DROP DATABASE.",
		Effect: "All tables of the database and their rows are gone, and every app that uses it fails. The server refuses the statement " +
			"in a transaction, and while others are connected, unless it is forced.",
		Workaround: "Drop databases by hand, with a backup made before, once nothing is connected: no migration of another database " +
			"should hold such a statement.",
	}},
	Check: hazards("drop-database", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		return lint.Finding{
			Message: fmt.Sprintf("database %s is dropped with all that is in it", e.Change.Target()),
			Why:     h.Detail,
			Instead: "drop it by hand, once nothing is connected and a backup is made",
		}
	}),
}
