package rules

import (
	"fmt"
	"slices"
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
			"another, makes a transaction of the file; or the file's own BEGIN has no COMMIT. A " +
			"PREPARE TRANSACTION without COMMIT PREPARED counts as none, and a ROLLBACK of what the file has changed is a warning.",
		Effect: "It would tear the statements from the ledger's row about them: after a crash nobody could tell which of them ran. " +
			"segue refuses such a migration.",
		Workaround: "Take the line out. All statements of a migration commit together anyway, but for those that cannot run in a " +
			"transaction, such as CREATE INDEX CONCURRENTLY.",
	}, {
		Servers: onMySQL,
		Title:   "A migration must not begin or end transactions: its runner does",
		Condition: "A migration has BEGIN, START TRANSACTION, COMMIT, ROLLBACK, SAVEPOINT or the like, and the directory's " +
			"runner, segue itself or another, makes a transaction of the file; or the file's own BEGIN has no COMMIT. A " +
			"ROLLBACK of what the file has changed is a warning.",
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

// leftOpen reports a transaction that the file begins and does not end, or ends so that nothing of it is there, or that all
// of it stays locked.
func leftOpen(p *lint.Pass) {
	var open, prepared *dialects.ScriptStatement
	changes := false // since the transaction's begin
	report := func(s *dialects.ScriptStatement, f lint.Finding) {
		f.Statement = s.Text
		p.ReportAt(s.Start, s.End, f)
	}
	for i := range p.Script.Up {
		s := &p.Script.Up[i]
		switch word := s.TransactionWord(); word {
		case "begin", "commit and chain", "rollback and chain":
			open, changes = s, false
		case "rollback":
			if open != nil && changes {
				report(s, lint.Finding{
					Severity: lint.Warning,
					Message:  fmt.Sprintf("ROLLBACK takes back all that the file has done since line %d", open.Start.Line),
					Why:      "nothing of it stays, though later migrations are read as if it did",
					Instead:  "end it by COMMIT; where it was a trial, take it out",
				})
			}
			open = nil
		case "commit":
			open = nil
		case "prepare transaction":
			open, prepared = nil, s
		case "commit prepared", "rollback prepared":
			prepared = nil
		case "":
			changes = takenBack(p, s, changes)
		}
	}
	if open != nil {
		report(open, lint.Finding{
			Message: fmt.Sprintf("the transaction that %s begins has no COMMIT", strings.ToUpper(open.TransactionWord())),
			Why:     "it is open when the session ends, and the server takes back what it holds",
			Instead: "put COMMIT behind its last statement",
		})
	}
	if prepared != nil {
		report(prepared, lint.Finding{
			Message: "the prepared transaction keeps its locks, and the file does not end it",
			Why:     "they outlast the session, and a restart of the server, until somebody says COMMIT PREPARED",
			Instead: "end it by COMMIT",
		})
	}
}

// takenBack reports whether a ROLLBACK behind a statement takes anything back. Where DDL commits it takes rows alone, and
// only those written since.
func takenBack(p *lint.Pass, s *dialects.ScriptStatement, before bool) bool {
	if !slices.ContainsFunc(s.Changes, changesAnything) {
		return before
	}
	return !hasMetadataLocks(p) || !slices.ContainsFunc(s.Changes, func(change dialects.Change) bool {
		_, writes := change.(dialects.WriteData)
		return !writes
	})
}
