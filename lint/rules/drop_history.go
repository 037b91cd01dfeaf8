package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropHistory = lint.Rule{
	ID: "drop-history", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Peers: []string{"atlas/MY146"},
	Docs: []lint.Doc{{
		Servers:   onMariaDB,
		Title:     "The history of a system-versioned table goes",
		Condition: "DROP SYSTEM VERSIONING on a table from an earlier migration.",
		Effect: "Every former version of every row is gone at once, and nothing brings them back: the statement commits by itself. An app " +
			"version that still asks FOR SYSTEM_TIME fails. The table is rebuilt while writes wait.",
		Workaround: "Copy the history that is still wanted into a table of its own (SELECT ... FOR SYSTEM_TIME ALL), deploy a version " +
			"that does not ask for it, and allow it: -- segue:allow drop-history REASON.",
	}},
	Check: hazards("drop-history", func(_ *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		return lint.Finding{Message: fmt.Sprintf("the history of %s is dropped while apps may be asking for it", e.Table)}
	}),
}
