package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var transaction = lint.Rule{
	ID: "transaction", Family: lint.SourceFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A migration must not begin or end transactions: segue does",
		Condition: "A migration of a directory that segue runs has BEGIN, COMMIT, ROLLBACK, SAVEPOINT or the like.",
		Effect: "It would tear the statements from the ledger's row about them: after a crash nobody could tell which of them ran. " +
			"segue refuses such a migration.",
		Workaround: "Take the line out. All statements of a migration commit together anyway, but for those that cannot run in a " +
			"transaction, such as CREATE INDEX CONCURRENTLY.",
	}, {
		Servers: onMySQL,
		Title:   "A migration must not begin or end transactions: segue does",
		Condition: "A migration of a directory that segue runs has BEGIN, START TRANSACTION, COMMIT, ROLLBACK, SAVEPOINT or the " +
			"like.",
		Effect: "It would promise what the server does not keep: each DDL statement commits what is open before it and " +
			"itself. And it would tear the statements from the ledger's rows about them: after a crash nobody could tell " +
			"which of them ran. segue refuses such a migration.",
		Workaround: "Take the line out. segue runs each statement as a step of its own, notes it before and after, and looks in " +
			"the catalog what is in doubt.",
	}},
	CheckFile: func(p *lint.Pass) {
		if p.Runner != lint.SegueRuns {
			return
		}
		for _, s := range p.Script.Up {
			for _, c := range s.Changes {
				if t, ok := c.(dialects.Transaction); ok {
					p.ReportAt(s.Start, s.End, lint.Finding{
						Statement: s.Text,
						Message:   fmt.Sprintf("%s inside a migration", strings.ToUpper(t.Word)),
						Why:       "segue begins and ends a migration's transactions itself, together with its ledger, and refuses this",
						Instead:   "take the line out",
					})
				}
			}
		}
	},
}
