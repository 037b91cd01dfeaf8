package postgres

import (
	"context"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/dialecttest"
)

// The wrong copies, which the rules below were made against. They are what a test of ours has to
// catch.
const (
	// carriesValues takes the value from a sub-select that holds no lock.
	carriesValues = `WITH b AS (SELECT id, user_email FROM users WHERE pg_catalog.record_image_ne(ROW(user_email), ROW(email)))
		UPDATE users u SET email = b.user_email FROM b WHERE u.id = b.id`
	// waitsForRows takes each row's own value, and waits for a row while it holds others.
	waitsForRows = `UPDATE users SET email = user_email
		WHERE id IN (SELECT id FROM users ORDER BY id) AND pg_catalog.record_image_ne(ROW(user_email), ROW(email))`
)

// A copy under test runs in a transaction that has stepped aside for the sync trigger.
type copyUnderTest struct {
	name string
	run  func(ctx context.Context, tx dialects.Tx) error
}

func wrongCopy(name, sql string) copyUnderTest {
	return copyUnderTest{name, func(ctx context.Context, tx dialects.Tx) error {
		if err := prepareCopy(ctx, tx, copyTable{}); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sql)
		return err
	}}
}

func ourCopy(t *testing.T, s *session) copyUnderTest {
	ranges, err := Dialect{}.Ranges(t.Context(), s, users, 1)
	if err != nil {
		t.Fatal(err)
	}
	return copyUnderTest{"ours", func(ctx context.Context, tx dialects.Tx) error {
		_, err := Dialect{}.CopyBatch(ctx, tx, users, ranges[0], "", 100)
		return err
	}}
}

// start runs the copy and commits it. It returns when that has ended or waits for a lock; its error
// comes when it has ended.
func (c copyUnderTest) start(t *testing.T, s, watcher *session) (ended chan error) {
	pid := value(t, s, `SELECT pg_backend_pid()`)
	tx := begin(t, s, dialects.TxOptions{})
	ended = make(chan error, 1)
	done := make(chan struct{})
	ctx := t.Context()
	go func() {
		err := c.run(ctx, tx)
		if err == nil {
			err = tx.Commit(ctx)
		} else {
			tx.Rollback(ctx)
		}
		ended <- err
		close(done)
	}()
	await(t, "the copy has ended or waits for a lock", func() bool {
		select {
		case <-done:
			return true
		default:
			return value(t, watcher, `SELECT coalesce(wait_event_type, '') FROM pg_stat_activity WHERE pid = $1::text::int`, pid) == "Lock"
		}
	})
	return ended
}

// A10: an app's write that commits while the copy runs is never undone. A copy that carries values
// over from an unlocked read writes the old one back.
func TestCopyKeepsWritesThatCommitBesideIt(t *testing.T) {
	for _, wrong := range []bool{true, false} {
		d := openTest(t)
		app, s, watcher := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
		usersTable(t, s, 3)
		syncTrigger(t, s, users)
		c := ourCopy(t, s)
		if wrong {
			c = wrongCopy("carries values", carriesValues)
		}
		write := begin(t, app, dialects.TxOptions{})
		if _, err := write.Exec(t.Context(), `UPDATE users SET user_email = 'NEW' WHERE id = 1`); err != nil {
			t.Fatal(err)
		}
		ended := c.start(t, s, watcher)
		if err := write.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		lost := value(t, s, `SELECT email FROM users WHERE id = 1`) != "NEW"
		if lost != wrong {
			t.Errorf("%s: the write was lost: %v, want %v", c.name, lost, wrong)
		}
		if !wrong {
			copyAll(t, s, users, 1, 100)
			wantIdentical(t, s, users)
		}
	}
}

// A12: an app that locks rows in another order than the copy is never a deadlock's victim. A copy
// that waits for rows while it holds some makes it one.
func TestCopyNeverDeadlocksAnApp(t *testing.T) {
	for _, wrong := range []bool{true, false} {
		d := openTest(t)
		app, s, watcher := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
		usersTable(t, s, 3)
		syncTrigger(t, s, users)
		// The app looks for deadlocks long before the copy does, and so is the victim of one.
		runScript(t, app, `SET deadlock_timeout = '10ms'`)
		runScript(t, s, `SET deadlock_timeout = '1min'`)
		c := ourCopy(t, s)
		if wrong {
			c = wrongCopy("waits for rows", waitsForRows)
		}
		write := begin(t, app, dialects.TxOptions{})
		if _, err := write.Exec(t.Context(), `UPDATE users SET name = 'x' WHERE id = 3`); err != nil {
			t.Fatal(err)
		}
		ended := c.start(t, s, watcher)
		_, err := write.Exec(t.Context(), `UPDATE users SET name = 'x' WHERE id = 1`)
		if victim := d.Fault(err) == dialects.FaultDeadlock; victim != wrong {
			t.Errorf("%s: the app's error is %v; a deadlock's victim: want %v", c.name, err, wrong)
		}
		if err != nil {
			write.Rollback(t.Context())
		} else if err := write.Commit(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if !wrong {
			copyAll(t, s, users, 1, 100)
			wantIdentical(t, s, users)
		}
	}
}

func TestLockedRowsAreSkippedAndCounted(t *testing.T) {
	d := openTest(t)
	app, s := sessionTest(t, d), sessionTest(t, d)
	usersTable(t, s, 10)
	locks := begin(t, app, dialects.TxOptions{})
	if _, err := locks.Exec(t.Context(), `SELECT FROM users WHERE id IN (2, 3, 10) FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	sum, _ := copyAll(t, s, users, 1, 4)
	if sum.Seen != 10 || sum.Written != 7 || sum.Skipped != 3 {
		t.Errorf("%+v, want 10 seen, 7 written, 3 skipped", sum)
	}
	rows := differing(t, s, users)
	if len(rows) != 3 {
		t.Fatalf("%d rows differ, want 3", len(rows))
	}
	if repair(t, s, users, rows[0], dialects.Old) {
		t.Error("a locked row was repaired")
	}
	if err := locks.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if !repair(t, s, users, row, dialects.Old) {
			t.Errorf("%s was not repaired", row.Key)
		}
	}
	wantIdentical(t, s, users)
	if repair(t, s, users, rows[0], dialects.Old) {
		t.Error("an identical row was written again")
	}
}

// Once the new form has a unique index, writing it is writing a key: a foreign key's check, which
// holds the row FOR KEY SHARE, would make the update wait with the row locked.
func TestRowsUnderAForeignKeyCheckAreSkipped(t *testing.T) {
	d := openTest(t)
	app, s := sessionTest(t, d), sessionTest(t, d)
	usersTable(t, s, 3)
	check := begin(t, app, dialects.TxOptions{})
	if _, err := check.Exec(t.Context(), `SELECT FROM users WHERE id = 2 FOR KEY SHARE`); err != nil {
		t.Fatal(err)
	}
	if sum, _ := copyAll(t, s, users, 1, 10); sum.Written != 3 {
		t.Errorf("%+v, want all rows written while the new form is no key", sum)
	}
	runScript(t, s, `UPDATE users SET user_email = upper(user_email) WHERE id IN (1, 3); CREATE UNIQUE INDEX ON users (email)`)
	locks := begin(t, sessionTest(t, d), dialects.TxOptions{})
	if _, err := locks.Exec(t.Context(), `SELECT FROM users WHERE id = 3 FOR KEY SHARE`); err != nil {
		t.Fatal(err)
	}
	if sum, _ := copyAll(t, s, users, 1, 10); sum.Written != 1 || sum.Skipped != 1 {
		t.Errorf("%+v, want row 1 written and row 3 skipped", sum)
	}
}

func repair(t *testing.T, s *session, c dialects.CopySpec, row dialects.RowDiff, take dialects.Side) bool {
	t.Helper()
	return dialecttest.Repair(t, Dialect{}, s, c, row, take)
}
