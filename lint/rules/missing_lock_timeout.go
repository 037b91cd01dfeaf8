package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var missingLockTimeout = lint.Rule{
	ID: "missing-lock-timeout", Family: dialects.LockFamily, Severity: lint.Off,
	Peers: []string{"squawk/require-lock-timeout", "squawk/require-timeout-settings", "eugene/E9"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A lock that everybody queues behind is asked for without a lock_timeout",
		Condition: "A file's first statement that takes a lock which stops reads or writes of a table from an earlier migration, with no " +
			"lock_timeout set before it in the file; once a file. In a directory that segue runs segue sets it, and tries again. What the role, the " +
			"database or the runner's connection sets, lint cannot see, so it is off until it is asked for.",
		Effect: "The lock may be needed for a moment only. But if one long query, or a transaction that somebody left open, is in its way it " +
			"waits, and everybody who comes after queues behind it, SELECT included: the app stands still.",
		Workaround: "SET lock_timeout = '2s' at the top of the file (SET LOCAL where it runs in a transaction), and run the migration again " +
			"when it was in vain. Or set it for the role that migrates: ALTER ROLE ... SET lock_timeout.",
	}, {
		Servers: onMySQL,
		Title:   "A lock that everybody queues behind is asked for without a lock_wait_timeout",
		Condition: "A file's first statement that changes a table from an earlier migration, with no lock_wait_timeout set before it in the " +
			"file; once a file. In a directory that segue runs segue sets it, and tries again. What the server or the runner's " +
			"connection sets, lint cannot see, so it is off until it is asked for.",
		Effect: "Each DDL statement needs the table's metadata lock to itself for a moment, even where it is instant. If one long query, or a " +
			"transaction that somebody left open, is in its way it waits (for a year on MySQL, a day on MariaDB), and everybody who " +
			"comes after queues behind it, SELECT included: the app stands still.",
		Workaround: "SET SESSION lock_wait_timeout = 2 at the top of the file, and run the migration again when it was in vain. Or have " +
			"the runner's connection set it.",
	}},
	Check: func(p *lint.Pass) {
		if givesUp(p) || p.Reported() {
			return
		}
		for _, e := range p.Effects {
			if !queues(p, e) {
				continue
			}
			f := lint.Finding{
				Table:   e.Table.String(),
				Message: fmt.Sprintf("this waits for %s on %s as long as it takes, and everybody queues behind it", e.Lock, e.Table),
				Why:     "no lock_timeout is set in the file: one long query on the table, and the app stands still",
				Instead: "SET lock_timeout = '2s' at the top of the file, and run it again when it was in vain",
			}
			if hasMetadataLocks(p) {
				f.Message = fmt.Sprintf("this waits for the metadata lock of %s as long as it takes, and everybody queues behind it", e.Table)
				f.Why = "no lock_wait_timeout is set in the file: one long query on the table, and the app stands still"
				f.Instead = "SET SESSION lock_wait_timeout = 2 at the top of the file, and run it again when it was in vain"
			}
			p.Report(f)
			return
		}
	},
}

// queues reports whether others queue behind the effect's lock while it is waited for.
func queues(p *lint.Pass, e dialects.Effect) bool {
	if e.Table.Name == "" || p.Fresh[e.Table] {
		return false
	}
	if !hasMetadataLocks(p) {
		return e.Blocks != dialects.BlocksNothing
	}
	switch c := e.Change.(type) {
	case dialects.CreateTable, dialects.Setting, dialects.Transaction, dialects.Describe, dialects.LockTable, dialects.Opaque:
		return false
	case dialects.WriteData:
		return c.Kind == dialects.Truncate
	case dialects.CreateObject:
		return c.Kind == dialects.TriggerObject
	case dialects.DropObject:
		return c.Kind == dialects.TriggerObject
	case dialects.AlterObject:
		return c.Kind == dialects.IndexObject
	}
	return true
}
