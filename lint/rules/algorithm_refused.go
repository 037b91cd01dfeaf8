package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var algorithmRefused = lint.Rule{
	ID: "algorithm-refused", Family: lint.SourceFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "The server does not have the ALGORITHM or LOCK that a statement asks for",
		Condition: "ALTER TABLE, CREATE INDEX or DROP INDEX, on a new table too, names an ALGORITHM or a LOCK by which the server cannot do all " +
			"of it, or on MySQL any LOCK but DEFAULT beside ALGORITHM=INSTANT. Not where no migration shows the column that it changes.",
		Effect: "The server refuses the statement (error 1845, 1846 or 1221) and does nothing of it, so nobody has to wait. But the " +
			"migration fails there, and what stands before it in the file is done and is not taken back.",
		Workaround: "Ask for what the server can do. Where that is a copy of the table, or has writes wait, take the way around it that the " +
			"finding names.",
	}},
	Check: hazards("algorithm-refused", func(p *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		var asked []string
		if p.Statement.Algorithm != "" {
			asked = append(asked, "ALGORITHM="+string(p.Statement.Algorithm))
		}
		if p.Statement.Locking != "" {
			asked = append(asked, "LOCK="+p.Statement.Locking)
		}
		return lint.Finding{Message: fmt.Sprintf("the server refuses %s for this change of %s", strings.Join(asked, ", "), e.Table)}
	}),
}
