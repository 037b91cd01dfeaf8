package dialecttest

import (
	"context"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

// attempt tries to take a session's lock.
func attempt(t *testing.T, s dialects.Session, name dialects.LockName) bool {
	t.Helper()
	ok, err := s.TryLock(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

// held asks whether anybody has a lock.
func held(t *testing.T, s dialects.Session, name dialects.LockName) bool {
	t.Helper()
	ok, err := s.Held(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

// A lock is one session's, of one project and migration, in one database.
func testLocks(t *testing.T, f Fixture) {
	l := open(t, f)
	other, elsewhere := l.session(t), open(t, f)
	name := dialects.LockName{Kind: dialects.MigrationLock, Project: "a project with a rather long name, ünï", Migration: "20260101000000"}
	strangers := []dialects.LockName{
		{Kind: dialects.LedgerLock, Project: name.Project}, {Kind: dialects.MigrationLock, Project: name.Project, Migration: "0001"},
		{Kind: dialects.MigrationLock, Project: "other", Migration: name.Migration}, {Kind: dialects.RegistryLock},
	}
	if held(t, other, name) || !attempt(t, l.s, name) || attempt(t, other, name) || !held(t, other, name) || !held(t, l.s, name) {
		t.Error("the lock is not the first session's alone")
	}
	for _, s := range strangers {
		if held(t, other, s) || !attempt(t, other, s) {
			t.Errorf("%+v is taken with %+v", s, name)
		}
		if err := other.Unlock(t.Context(), s); err != nil {
			t.Error(err)
		}
	}
	if held(t, elsewhere.s, name) || !attempt(t, elsewhere.s, name) {
		t.Error("another database's lock is in the way")
	}
	if err := other.Unlock(t.Context(), name); err == nil {
		t.Error("another session's lock was released")
	}
	// Transactions neither need nor release it.
	tx := Begin(t, l.s, dialects.TxOptions{})
	if attempt(t, other, name) {
		t.Error("the lock was lost")
	}
	commit(t, tx)
	if !held(t, other, name) {
		t.Error("the lock ended with a transaction")
	}
	if err := l.s.Unlock(t.Context(), name); err != nil {
		t.Error(err)
	}
	if err := l.s.Unlock(t.Context(), name); err == nil {
		t.Error("a lock that nobody has was released")
	}
	if held(t, other, name) || !attempt(t, other, name) {
		t.Error("the lock was not released")
	}
	if err := l.TerminateBlocker(t.Context(), l.s, l.pid(t, other)); err != nil {
		t.Fatal(err)
	}
	Await(t, "the lock of a session that died is free", func() bool { return !held(t, l.s, name) })
	if !attempt(t, l.s, name) {
		t.Error("a free lock cannot be taken")
	}
}

// The registry lock is waited for, and what is read after it is fresh (dual-write.md, C1).
func testRegistry(t *testing.T, f Fixture) {
	l := open(t, f, `CREATE TABLE versions (v int)`)
	name := dialects.LockName{Kind: dialects.RegistryLock}
	for _, ends := range []string{"commit", "rollback", "death"} {
		holder, waiter := l.session(t), l.session(t)
		Script(t, waiter, f.SQL.Serializable)
		holderPID, waiterPID := l.pid(t, holder), l.pid(t, waiter)
		first, second := Begin(t, holder, dialects.TxOptions{}), Begin(t, waiter, dialects.TxOptions{})
		before := Value(t, second, `SELECT COUNT(*) FROM versions`) // a snapshot from before must not be kept
		if err := first.LockRegistry(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		if !held(t, l.s, name) {
			t.Error("the registry lock is not seen")
		}
		// All projects meet at it.
		had := later(func(ctx context.Context) error {
			return second.LockRegistry(ctx, dialects.LockName{Kind: dialects.RegistryLock, Project: "another"})
		})
		l.awaitWait(t, l.s, waiterPID)
		Script(t, first, `INSERT INTO versions VALUES (1)`)
		want := before
		switch ends {
		case "commit":
			commit(t, first)
			want = "1"
		case "rollback":
			rollback(t, first)
		case "death":
			if err := l.TerminateBlocker(t.Context(), l.s, holderPID); err != nil {
				t.Fatal(err)
			}
		}
		if err := <-had; err != nil {
			t.Fatalf("%s: %v", ends, err)
		}
		if got := Value(t, second, `SELECT COUNT(*) FROM versions`); got != want {
			t.Errorf("%s: after the lock %s rows are read, want %s", ends, got, want)
		}
		commit(t, second)
		Await(t, "the lock is free after "+ends, func() bool { return !held(t, l.s, name) })
		Script(t, l.s, `DELETE FROM versions`)
	}
	holder := Begin(t, l.session(t), dialects.TxOptions{})
	if err := holder.LockRegistry(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	bounded := Begin(t, l.s, dialects.TxOptions{LockTimeout: 100 * time.Millisecond})
	wantFault(t, l, bounded.LockRegistry(t.Context(), name), dialects.FaultLockTimeout, "a bounded wait for the registry")
	if err := bounded.Commit(t.Context()); err == nil {
		t.Error("a transaction without its lock was reported as committed")
	}
	rollback(t, bounded)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	given := Begin(t, l.s, dialects.TxOptions{})
	if err := given.LockRegistry(ctx, name); err == nil || ctx.Err() == nil {
		t.Errorf("a wait that was given up: %v", err)
	}
	rollback(t, given)
}

// A lock timeout ends the wait for a table and for a row, and leaves the session as it was.
func testLockTimeouts(t *testing.T, f Fixture) {
	l := open(t, f, `CREATE TABLE busy (id int NOT NULL PRIMARY KEY, a int)`, `INSERT INTO busy VALUES (1, 1), (2, 2)`)
	app := l.app(t, "app")
	send(t, app, `BEGIN`)
	send(t, app, `UPDATE busy SET a = 3 WHERE id = 1`)
	const alter = `ALTER TABLE busy ADD COLUMN b int`
	if err := l.s.Timeout(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	_, err := l.s.Exec(t.Context(), alter)
	wantFault(t, l, err, dialects.FaultLockTimeout, "a table that is in use")
	_, err = l.s.Exec(t.Context(), `UPDATE busy SET a = 4 WHERE id = 1`)
	wantFault(t, l, err, dialects.FaultLockTimeout, "a row that is locked")
	if err := l.s.Timeout(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	tx := Begin(t, l.s, dialects.TxOptions{LockTimeout: time.Second})
	Script(t, tx, `UPDATE busy SET a = 5 WHERE id = 2`)
	_, err = tx.Exec(t.Context(), `UPDATE busy SET a = 5 WHERE id = 1`)
	wantFault(t, l, err, dialects.FaultLockTimeout, "a row, in a transaction")
	rollback(t, tx)
	watch, pid := l.session(t), l.pid(t, l.s)
	// The timeout was the transaction's: what follows waits as long as it takes.
	done := later(func(ctx context.Context) error {
		_, err := l.s.Exec(ctx, `UPDATE busy SET a = 6 WHERE id = 1`)
		return err
	})
	l.awaitWait(t, watch, pid)
	send(t, app, `COMMIT`)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := Value(t, l.s, `SELECT SUM(a) FROM busy`); got != "8" {
		t.Errorf("the rows add up to %s, want 6 and 2", got)
	}
}
