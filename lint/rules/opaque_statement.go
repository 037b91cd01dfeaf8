package rules

import (
	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var opaqueStatement = lint.Rule{
	ID: "opaque-statement", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{"squawk/ban-drop-database"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "What a statement does cannot be told from its text",
		Condition: "A statement runs code (DO, CALL, EXECUTE, a function of your own), or is of a kind that segue does not know; or a file sets standard_conforming_strings to off, and segue reads its strings otherwise.",
		Effect:    "It may lock, rewrite or break anything, and what comes after it is judged on a schema that may not be the real one.",
		Workaround: "Write the statements that it runs plainly. If it must stay, look at what it locks and say so: " +
			"-- segue:allow opaque-statement REASON.",
	}, {
		Servers: onMySQL,
		Title:   "What a statement does cannot be told from its text",
		Condition: "A statement runs code (CALL, EXECUTE), imports or swaps a tablespace, or is of a kind that segue does not " +
			"know.",
		Effect: "It may lock, copy or break anything, and what comes after it is judged on a schema that may not be the real " +
			"one.",
		Workaround: "Write the statements that it runs plainly. If it must stay, look at what it locks and say so: -- segue:allow " +
			"opaque-statement REASON.",
	}},
	Check: hazards("opaque-statement", func(_ *lint.Pass, _ dialects.Effect, h dialects.Hazard) lint.Finding {
		return lint.Finding{
			Message: "what this statement does cannot be told from its text",
			Why:     h.Detail,
			Instead: "write what it does as plain statements, or allow it once you know what it locks",
		}
	}),
}
