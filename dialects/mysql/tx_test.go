package mysql

import (
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

func TestTransaction(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		runScript(t, s, `CREATE TABLE t (a int)`)
		tx := begin(t, s, dialects.TxOptions{LockTimeout: 1500 * time.Millisecond})
		if got := value(t, tx, `SELECT CONCAT(@@lock_wait_timeout, ' ', @@innodb_lock_wait_timeout)`); got != "2 2" {
			t.Errorf("lock timeouts are %q", got)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := value(t, s, `SELECT @@lock_wait_timeout`); got != "10" {
			t.Errorf("after the transaction: %q", got)
		}

		for _, sql := range []string{"COMMIT", "ROLLBACK", "ALTER TABLE t ADD b int", "COMMIT; START TRANSACTION"} {
			tx = begin(t, s, dialects.TxOptions{})
			runScript(t, tx, sql)
			if err := tx.Commit(t.Context()); err == nil {
				t.Errorf("a transaction that %s ended was reported as committed", sql)
			}
			if err := tx.Rollback(t.Context()); err != nil {
				t.Error(err)
			}
		}
		runScript(t, s, "SELECT 1")
	})
}

// User locks are the server's: another database must not meet ours (dual-write.md, B8).
func TestLocksAreTheDatabases(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		a := sessionTest(t, d)
		runScript(t, a, "CREATE DATABASE "+quote(a.conn.schema+"_twin"))
		defer runScript(t, a, "DROP DATABASE "+quote(a.conn.schema+"_twin"))
		config := d.config.Clone()
		config.DBName += "_twin"
		b := sessionTest(t, &Database{config: config})
		for _, name := range []dialects.LockName{
			{Kind: dialects.LedgerLock, Project: "p"}, {Kind: dialects.RegistryLock},
			{Kind: dialects.MigrationLock, Project: "a project with a name longer than the server takes", Migration: "0001"},
		} {
			if n := len(lockText(a.conn.schema, name)); n > 64 {
				t.Errorf("a lock's name of %d characters", n)
			}
			for _, s := range []*session{a, b} {
				if ok, err := s.TryLock(t.Context(), name); !ok || err != nil {
					t.Errorf("%s: %v %v", name.Kind, ok, err)
				}
			}
		}
	})
}
