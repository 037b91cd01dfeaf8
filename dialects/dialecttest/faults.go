package dialecttest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

// Each kind of trouble is known for what it is, and whether to try again.
func testFaults(t *testing.T, f Fixture) {
	l := open(t, f, `CREATE TABLE parent (id int NOT NULL PRIMARY KEY, a int NOT NULL, CONSTRAINT positive CHECK (a > 0))`,
		`CREATE TABLE child (id int, CONSTRAINT child_parent FOREIGN KEY (id) REFERENCES parent (id))`, `INSERT INTO parent VALUES (1, 1), (2, 2), (3, 3)`)
	for sql, want := range map[string]dialects.Fault{
		`SELECT 1`:                               dialects.FaultNone,
		`SELECT * FROM nowhere`:                  dialects.FaultMissing,
		`SELECT nothing FROM parent`:             dialects.FaultMissing,
		`ALTER TABLE parent DROP COLUMN nothing`: dialects.FaultMissing,
		`INSERT INTO parent VALUES (1, 1)`:       dialects.FaultConstraint,
		`INSERT INTO parent VALUES (9, -1)`:      dialects.FaultConstraint,
		`INSERT INTO parent VALUES (9, NULL)`:    dialects.FaultConstraint,
		`INSERT INTO child VALUES (77)`:          dialects.FaultConstraint,
		`FROB THE KNOB`:                          dialects.FaultOther,
		`CREATE TABLE parent (id int)`:           dialects.FaultOther,
	} {
		wantFault(t, l, l.s.Script(t.Context(), sql), want, sql)
	}
	Script(t, l.s, `START TRANSACTION READ ONLY`)
	wantFault(t, l, l.s.Script(t.Context(), `DELETE FROM child`), dialects.FaultReadOnly, "writing in a read-only transaction")
	Script(t, l.s, `ROLLBACK`)
	wantFault(t, l, errors.New("of somebody else"), dialects.FaultOther, "an error from elsewhere")

	limited := openAt(t, f, f.Limited(t, l.url))
	wantFault(t, limited, limited.s.Script(t.Context(), `SELECT * FROM parent`), dialects.FaultPrivilege, "reading without a privilege")
	wantFault(t, limited, limited.s.Script(t.Context(), `CREATE TABLE mine (id int)`), dialects.FaultPrivilege, "making a table without a privilege")

	for _, passing := range []dialects.Fault{dialects.FaultLockTimeout, dialects.FaultDeadlock, dialects.FaultSerialization} {
		if !passing.Passing() {
			t.Errorf("%s may not be tried again", passing)
		}
	}
	testDeadlock(t, l)
}

// A deadlock has one victim, whose transaction is gone whole.
func testDeadlock(t *testing.T, l *live) {
	t.Helper()
	other, watch := l.session(t), l.session(t)
	pid := l.pid(t, other)
	first, second := Begin(t, l.s, dialects.TxOptions{}), Begin(t, other, dialects.TxOptions{})
	Script(t, first, `UPDATE parent SET a = 11 WHERE id = 1`)
	Script(t, second, `UPDATE parent SET a = 22 WHERE id = 2`)
	done := later(func(ctx context.Context) error { return second.Script(ctx, `UPDATE parent SET a = 22 WHERE id = 1`) })
	l.awaitWait(t, watch, pid)
	err := first.Script(t.Context(), `UPDATE parent SET a = 11 WHERE id = 2`)
	victim, survivor := first, second
	if err == nil {
		victim, survivor = second, first
		err = <-done
	} else if e := <-done; e != nil {
		t.Errorf("both are victims: %v and %v", err, e)
	}
	wantFault(t, l, err, dialects.FaultDeadlock, "a deadlock's victim")
	if err := victim.Commit(t.Context()); err == nil {
		t.Error("the victim was reported as committed")
	}
	rollback(t, victim)
	commit(t, survivor)
	if got := Value(t, watch, `SELECT COUNT(*) FROM parent WHERE a IN (11, 22)`); got != "2" {
		t.Errorf("%s rows are the survivor's, want 2", got)
	}
}

// A session that is ended under a statement has lost its connection: nobody can say what it did.
func testLostConnection(t *testing.T, f Fixture) {
	l := open(t, f)
	lost := l.session(t)
	pid := l.pid(t, lost)
	tx := Begin(t, lost, dialects.TxOptions{})
	registry := dialects.LockName{Kind: dialects.RegistryLock}
	if err := tx.LockRegistry(t.Context(), registry); err != nil {
		t.Fatal(err)
	}
	done := later(func(ctx context.Context) error { return tx.Script(ctx, f.SQL.Sleep) })
	if err := l.TerminateBlocker(t.Context(), l.s, pid); err != nil {
		t.Fatal(err)
	}
	wantFault(t, l, <-done, dialects.FaultConnection, "the statement that ran")
	_, err := lost.Exec(t.Context(), `SELECT 1`)
	wantFault(t, l, err, dialects.FaultConnection, "the next one")
	if err := tx.Commit(t.Context()); err == nil {
		t.Error("a lost transaction was reported as committed")
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Errorf("rolling back what is gone: %v", err)
	}
	Await(t, "its lock is free", func() bool { return !held(t, l.s, registry) })
	if err := l.TerminateBlocker(t.Context(), l.s, pid); err != nil {
		t.Errorf("ending a session that has ended: %v", err)
	}
	if err := l.TerminateBlocker(t.Context(), l.s, ""); err == nil {
		t.Error("no session was ended without an error")
	}
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	_, err = l.Session(ctx)
	wantFault(t, l, err, dialects.FaultConnection, "no answer in time")
}
