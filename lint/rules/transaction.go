package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var transaction = lint.Rule{
	ID: "transaction", Family: lint.SourceFamily, Severity: lint.Error,
	Peers: []string{"squawk/transaction-nesting", "squawk/ban-uncommitted-transaction", "atlas/TX201", "bytebase/STATEMENT_DISALLOW_COMMIT"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A migration must not begin or end transactions: its runner does",
		Condition: "A migration has BEGIN, COMMIT, ROLLBACK, SAVEPOINT or the like, and the directory's runner, segue itself or " +
			"another, makes a transaction of the file; or the file's own BEGIN has no COMMIT.",
		Effect: "It would tear the statements from the ledger's row about them: after a crash nobody could tell which of them ran. " +
			"segue refuses such a migration.",
		Workaround: "Take the line out. All statements of a migration commit together anyway, but for those that cannot run in a " +
			"transaction, such as CREATE INDEX CONCURRENTLY.",
	}, {
		Servers: onMySQL,
		Title:   "A migration must not begin or end transactions: its runner does",
		Condition: "A migration has BEGIN, START TRANSACTION, COMMIT, ROLLBACK, SAVEPOINT or the like, and the directory's " +
			"runner, segue itself or another, makes a transaction of the file; or the file's own BEGIN has no COMMIT.",
		Effect: "It would promise what the server does not keep: each DDL statement commits what is open before it and " +
			"itself. And it would tear the statements from the ledger's rows about them: after a crash nobody could tell " +
			"which of them ran. segue refuses such a migration.",
		Workaround: "Take the line out. segue runs each statement as a step of its own, notes it before and after, and looks in " +
			"the catalog what is in doubt.",
	}},
	CheckFile: func(p *lint.Pass) {
		runner, why := "segue", "segue begins and ends a migration's transactions itself, together with its ledger, and refuses this"
		if p.Runner != lint.SegueRuns {
			if dialects.TransactionRule(p.Migration.Up.Transaction) != dialects.OneTransaction {
				leftOpen(p) // what else it begins and ends is the file's own affair
				return
			}
			runner = string(p.Migration.Layout)
			why = fmt.Sprintf("%s makes one transaction of the file: a COMMIT ends that, and what follows is not taken back when it fails", runner)
		}
		for i, s := range p.Script.Up {
			if p.Placed[i].Role == dialects.Misplaced {
				p.ReportAt(s.Start, s.End, lint.Finding{
					Statement: s.Text,
					Message:   fmt.Sprintf("%s inside a migration", strings.ToUpper(s.TransactionWord())),
					Why:       why,
					Instead:   "take the line out",
				})
			}
		}
	},
}

// leftOpen reports a transaction that the file begins and does not end.
func leftOpen(p *lint.Pass) {
	var open *dialects.ScriptStatement
	for i := range p.Script.Up {
		switch s := &p.Script.Up[i]; s.TransactionWord() {
		case "begin", "commit and chain", "rollback and chain":
			open = s
		case "commit", "rollback", "prepare transaction":
			open = nil
		}
	}
	if open != nil {
		p.ReportAt(open.Start, open.End, lint.Finding{
			Statement: open.Text,
			Message:   fmt.Sprintf("the transaction that %s begins has no COMMIT", strings.ToUpper(open.TransactionWord())),
			Why:       "it is open when the session ends, and the server takes back what it holds",
			Instead:   "put COMMIT behind its last statement",
		})
	}
}
