package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var severalTablesLocked = lint.Rule{
	ID: "several-tables-locked", Family: dialects.LockFamily, Severity: lint.Warning,
	Peers: []string{"online_migrations/multiple_foreign_keys"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "One transaction locks several tables, one after the other",
		Condition: "In one transaction several statements take locks on different tables from earlier migrations that stop reads, or add " +
			"foreign keys to different tables. For information where a lock_timeout is set before, or segue runs the file. One statement that " +
			"locks several tables, and new tables that refer to old ones, are left out.",
		Effect: "The first table stays locked while the transaction waits for the second. An app that holds the second and wants the " +
			"first is in a deadlock with it: the server ends one of the two with an error, perhaps the app's.",
		Workaround: "One table a migration. For foreign keys: each in a migration of its own, NOT VALID.",
	}},
	Check: func(p *lint.Pass) {
		var before []dialects.HeldLock
		for _, h := range p.Held {
			if locksWhole(h.Effect) {
				before = append(before, h)
			}
		}
		if len(before) == 0 || lockedMore(before) {
			return
		}
		for _, e := range p.Effects {
			if !locksWhole(e) || holds(before, e.Table) {
				continue
			}
			first := before[0]
			f := lint.Finding{
				Severity: moment(p), Table: e.Table.String(),
				Message: fmt.Sprintf("%s is locked in the transaction that holds a lock on %s", e.Table, first.Table),
				Why: fmt.Sprintf("%s stays locked (from line %d on) while this waits for %s: an app that holds %s and wants %s is in a deadlock with it",
					first.Table, first.Taken.Line, e.Table, e.Table, first.Table),
				Instead: "give each table a migration of its own",
			}
			if p.Catalog.Table(first.Table) == nil { // a view, which often has to go while its table is changed
				f.Instead = "where that cannot be two migrations, SET LOCAL lock_timeout = '2s' first, so that it gives way, and run it again"
			}
			p.Report(f)
			return
		}
	},
}

// locksWhole reports whether an effect is a lock that counts: one that stops reads, or a foreign key's.
func locksWhole(e dialects.Effect) bool {
	_, refers := e.Change.(dialects.AddForeignKey)
	return e.Table.Name != "" && (e.Blocks == dialects.BlocksAll || refers && e.Blocks != dialects.BlocksNothing)
}

func holds(locks []dialects.HeldLock, table dialects.Name) bool {
	return slices.ContainsFunc(locks, func(h dialects.HeldLock) bool { return h.Table == table })
}

// lockedMore reports whether a statement behind the first that locks has locked another table already.
func lockedMore(locks []dialects.HeldLock) bool {
	taken := locks[0].Taken
	behind := slices.IndexFunc(locks, func(h dialects.HeldLock) bool { return h.Taken != taken })
	return behind >= 0 && slices.ContainsFunc(locks[behind:], func(h dialects.HeldLock) bool { return !holds(locks[:behind], h.Table) })
}
