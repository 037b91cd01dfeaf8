package mysql

import (
	"context"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

func TestTransaction(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s, other := sessionTest(t, d), sessionTest(t, d)
		runScript(t, s, `CREATE TABLE t (a int); SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE`)
		tx := begin(t, s, dialects.TxOptions{LockTimeout: 1500 * time.Millisecond})
		if got := value(t, tx, `SELECT CONCAT(@@lock_wait_timeout, ' ', @@innodb_lock_wait_timeout)`); got != "2 2" {
			t.Errorf("lock timeouts are %q", got)
		}
		runScript(t, tx, "INSERT INTO t VALUES (1)")
		if got := value(t, tx, "SELECT COUNT(*) FROM t"); got != "1" {
			t.Errorf("%s rows", got)
		}
		runScript(t, other, "INSERT INTO t VALUES (2)")
		if got := value(t, tx, "SELECT COUNT(*) FROM t"); got != "2" {
			t.Errorf("%s rows: each statement reads afresh", got)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Errorf("rolling back after a commit: %v", err)
		}
		if got := value(t, s, `SELECT CONCAT(@@lock_wait_timeout, ' ', COUNT(*)) FROM t`); got != "10 2" {
			t.Errorf("after the transaction: %q", got)
		}

		tx = begin(t, s, dialects.TxOptions{})
		if _, err := s.Begin(t.Context(), dialects.TxOptions{}); err == nil {
			t.Error("a second transaction was begun within the first")
		}
		runScript(t, tx, "INSERT INTO t VALUES (3)")
		if err := tx.Script(t.Context(), "SELECT * FROM nowhere"); err == nil {
			t.Fatal("no error")
		}
		if err := tx.Commit(t.Context()); err == nil {
			t.Error("a transaction with a failed statement was reported as committed")
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Error(err)
		}
		if got := value(t, s, `SELECT COUNT(*) FROM t`); got != "2" {
			t.Errorf("%s rows after a rollback", got)
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

// A deadlock's victim has lost its transaction; what follows must not be taken for a part of it.
func TestDeadlockVictim(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		a, b := sessionTest(t, d), sessionTest(t, d)
		runScript(t, a, `CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 0), (2, 0), (3, 0)`)
		first, second := begin(t, a, dialects.TxOptions{}), begin(t, b, dialects.TxOptions{})
		runScript(t, first, `UPDATE t SET v = 1 WHERE id IN (1, 3)`) // more rows, so the other is the victim
		runScript(t, second, `UPDATE t SET v = 2 WHERE id = 2`)
		done := make(chan error, 1)
		go func() { done <- first.Script(context.Background(), `UPDATE t SET v = 1 WHERE id = 2`) }()
		await(t, "the first waits", func() bool {
			return value(t, sessionTest(t, d), `SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'`) == "1"
		})
		err := second.Script(t.Context(), `UPDATE t SET v = 2 WHERE id = 1`)
		if f := d.Fault(err); f != dialects.FaultDeadlock {
			t.Fatalf("fault %q of %v", f, err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if err := second.Commit(t.Context()); err == nil {
			t.Error("the victim was reported as committed")
		}
		if err := first.Commit(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestLocks(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		a, b := sessionTest(t, d), sessionTest(t, d)
		ledger := dialects.LockName{Kind: dialects.LedgerLock, Project: "billing"}
		other := dialects.LockName{Kind: dialects.LedgerLock, Project: "search"}
		try := func(s *session, name dialects.LockName) bool {
			t.Helper()
			ok, err := s.TryLock(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if !try(a, ledger) || try(b, ledger) || !try(b, other) {
			t.Error("a lock is one session's, and one project's")
		}
		held := func() bool {
			t.Helper()
			held, err := b.Held(t.Context(), ledger)
			if err != nil {
				t.Fatal(err)
			}
			return held
		}
		if !held() {
			t.Error("the other session does not see who holds the lock")
		}
		if err := a.Unlock(t.Context(), ledger); err != nil {
			t.Error(err)
		}
		if held() {
			t.Error("a free lock is held")
		}
		for range 2 { // the second time nobody has it
			if err := a.Unlock(t.Context(), ledger); err == nil {
				t.Error("a lock that is not held was released")
			}
		}
		if !try(b, ledger) {
			t.Error("the lock was not released")
		}
		if err := a.Unlock(t.Context(), ledger); err == nil {
			t.Error("another session's lock was released")
		}
		b.Close()
		await(t, "the lock of a dead session is free", func() bool { return try(a, ledger) })
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

// What is read after the registry lock was waited for is fresh, and all projects meet at it.
func TestLockRegistry(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		a, b, watch := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
		runScript(t, a, "CREATE TABLE versions (v text)")
		first := begin(t, a, dialects.TxOptions{})
		name := dialects.LockName{Kind: dialects.RegistryLock, Project: "p"}
		if err := first.LockRegistry(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		seen := make(chan string)
		second := begin(t, b, dialects.TxOptions{})
		value(t, second, "SELECT COUNT(*) FROM versions") // a snapshot from before must not be kept
		go func() {
			defer close(seen)
			if err := second.LockRegistry(context.Background(), dialects.LockName{Kind: dialects.RegistryLock, Project: "q"}); err != nil {
				t.Error(err)
				return
			}
			var v string
			if err := one(context.Background(), second, "SELECT v FROM versions", nil, &v); err != nil {
				t.Error(err)
			}
			seen <- v
		}()
		await(t, "the second waits", func() bool {
			return value(t, watch, `SELECT COUNT(*) FROM information_schema.processlist WHERE state = 'User lock' AND db = DATABASE()`) == "1"
		})
		runScript(t, first, "INSERT INTO versions VALUES ('1.4.0')")
		if err := first.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v := <-seen; v != "1.4.0" {
			t.Errorf("saw %q", v)
		}
		held := func() bool {
			held, err := watch.Held(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			return held
		}
		if !held() {
			t.Error("the second does not hold the lock")
		}
		// A bounded wait ends as one for a table does.
		bounded := begin(t, a, dialects.TxOptions{LockTimeout: time.Millisecond})
		err := bounded.LockRegistry(t.Context(), name)
		if f := d.Fault(err); f != dialects.FaultLockTimeout {
			t.Errorf("fault %q of %v", f, err)
		}
		if err := bounded.Commit(t.Context()); err == nil {
			t.Error("a transaction without its lock was committed")
		}
		if err := bounded.Rollback(t.Context()); err != nil {
			t.Error(err)
		}
		if err := second.Rollback(t.Context()); err != nil {
			t.Error(err)
		}
		if held() {
			t.Error("the lock outlived its transaction")
		}
		// One that is cancelled while it waits.
		holder := begin(t, a, dialects.TxOptions{})
		if err := holder.LockRegistry(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := begin(t, b, dialects.TxOptions{}).LockRegistry(ctx, name); err == nil || ctx.Err() == nil {
			t.Errorf("a cancelled wait: %v", err)
		}
		a.Close()
		await(t, "the lock goes with its session", func() bool { return !held() })
	})
}
