package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var missingStatementTimeout = lint.Rule{
	ID: "missing-statement-timeout", Family: dialects.LockFamily, Severity: lint.Off,
	Peers: []string{"squawk/require-statement-timeout", "squawk/require-timeout-settings"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A statement that stops others may run for as long as it takes",
		Condition: "A file's first statement that takes a lock which stops reads or writes of a table from an earlier migration, with no " +
			"statement_timeout set before it in the file; once a file. Off until it is asked for: lint knows most statements that take long, " +
			"and a timeout that is too short ends those which are meant to.",
		Effect: "A statement that was thought to be quick, and is not on the real data, keeps others waiting until somebody ends it " +
			"by hand.",
		Workaround: "SET statement_timeout = '10s' at the top of the file; 0 before what is meant to take long and stops nobody, such as " +
			"CREATE INDEX CONCURRENTLY.",
	}},
	Check: func(p *lint.Pass) {
		if p.Reported() || timeoutSet(p, "statement_timeout") {
			return
		}
		for _, e := range p.Effects {
			if queues(p, e) {
				p.Report(lint.Finding{
					Table:   e.Table.String(),
					Message: fmt.Sprintf("this holds %s on %s for as long as it takes", e.Lock, e.Table),
					Why:     "no statement_timeout is set in the file: if it takes long on the real data, others wait until somebody ends it by hand",
					Instead: "SET statement_timeout = '10s' at the top of the file",
				})
				return
			}
		}
	},
}
