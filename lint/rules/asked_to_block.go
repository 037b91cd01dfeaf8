package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var askedToBlock = lint.Rule{
	ID: "asked-to-block", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{"strong_migrations/copy_algorithm", "strong_migrations/lock_option"},
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "A statement asks for a copy of the table, or for a lock, that the server can do without",
		Condition: "ALTER TABLE, CREATE INDEX or DROP INDEX on a table from an earlier migration names ALGORITHM=COPY, LOCK=SHARED or " +
			"LOCK=EXCLUSIVE, and would be done without that if it did not.",
		Effect: "The server does as it is asked: it copies every row, or has the others wait until it is done. With LOCK=SHARED writes " +
			"to the table wait, with LOCK=EXCLUSIVE reads as well.",
		Workaround: "Ask for the cheapest that the server can: ALGORITHM=INSTANT, or ALGORITHM=INPLACE, LOCK=NONE (on MariaDB NOCOPY). Then " +
			"it refuses rather than does something dearer.",
	}},
	Check: hazards("asked-to-block", func(p *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		what := "LOCK=" + p.Statement.Locking
		if p.Statement.Algorithm == dialects.AlgorithmCopy {
			what = "ALGORITHM=COPY"
		}
		return lint.Finding{Message: fmt.Sprintf("the statement asks for %s on %s", what, e.Table)}
	}),
}
