package mysql

import (
	"context"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// The wrong copies, which the rules below were made against. They are what a test of ours has to
// catch.
const (
	// carriesValues takes the value from a read that holds no lock.
	carriesValues = `SELECT user_email INTO @read FROM users WHERE id = 1; UPDATE users SET email = @read WHERE id = 1`
	// waitsForRows takes each row's own value, and waits for a row while it holds others.
	waitsForRows = `UPDATE users SET email = user_email WHERE email IS NULL`
)

// A copy under test runs in a transaction.
type copyUnderTest struct {
	name string
	run  func(ctx context.Context, tx dialects.Tx) error
}

func wrongCopy(name, sql string) copyUnderTest {
	return copyUnderTest{name, func(ctx context.Context, tx dialects.Tx) error {
		return aside(ctx, tx, func() error {
			return tx.Script(ctx, sql)
		})
	}}
}

func ourCopy(t *testing.T, s *session) copyUnderTest {
	copier := s.conn.database.dialect()
	ranges, err := copier.Ranges(t.Context(), s, users, 1)
	if err != nil {
		t.Fatal(err)
	}
	return copyUnderTest{"ours", func(ctx context.Context, tx dialects.Tx) error {
		_, err := copier.CopyBatch(ctx, tx, users, ranges[0], "", 100)
		return err
	}}
}

// start runs the copy and commits it. It returns when that has ended or waits for a lock; its error
// comes when it has ended.
func (c copyUnderTest) start(t *testing.T, s, watcher *session) (ended chan error) {
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
		default: // innodb_trx is not read anew where it was within 0.1 s
			value(t, watcher, `SELECT SLEEP(0.12)`)
			return value(t, watcher, `SELECT COUNT(*) FROM information_schema.innodb_trx
WHERE trx_state = 'LOCK WAIT' AND trx_mysql_thread_id = $1`, s.conn.id) == "1"
		}
	})
	return ended
}

// A10: an app's write that commits while the copy runs is never undone. A copy that carries values
// over from an unlocked read writes the old one back.
func TestCopyKeepsWritesThatCommitBesideIt(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		for _, wrong := range []bool{true, false} {
			app, s, watcher := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
			runScript(t, s, "DROP TABLE IF EXISTS users")
			usersTable(t, s, 3)
			syncTriggers(t, s)
			c := ourCopy(t, s)
			if wrong {
				c = wrongCopy("carries values", carriesValues)
			}
			write := begin(t, app, dialects.TxOptions{})
			runScript(t, write, `UPDATE users SET user_email = 'NEW' WHERE id = 1`)
			ended := c.start(t, s, watcher)
			if err := write.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := <-ended; err != nil {
				t.Fatal(err)
			}
			if lost := value(t, s, `SELECT email FROM users WHERE id = 1`) != "NEW"; lost != wrong {
				t.Errorf("%s: the write was lost: %v, want %v", c.name, lost, wrong)
			}
			if !wrong {
				copyAll(t, s, users, 1, 100)
				wantIdentical(t, s, users)
			}
		}
	})
}

// A12: an app that locks rows in another order than the copy is never a deadlock's victim. A copy
// that waits for rows while it holds some makes it one: the servers end the smaller transaction.
func TestCopyNeverDeadlocksAnApp(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		for _, wrong := range []bool{true, false} {
			app, s, watcher := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
			runScript(t, s, "DROP TABLE IF EXISTS users")
			usersTable(t, s, 30)
			syncTriggers(t, s)
			c := ourCopy(t, s)
			if wrong {
				c = wrongCopy("waits for rows", waitsForRows)
			}
			write := begin(t, app, dialects.TxOptions{})
			runScript(t, write, `UPDATE users SET name = 'x' WHERE id = 30`)
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
	})
}

func TestLockedRowsAreSkippedAndCounted(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		app, s := sessionTest(t, d), sessionTest(t, d)
		usersTable(t, s, 10)
		locks := begin(t, app, dialects.TxOptions{})
		value(t, locks, `SELECT COUNT(*) FROM (SELECT id FROM users WHERE id IN (2, 3, 10) FOR UPDATE) locked`)
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
		runScript(t, s, `UPDATE users SET email = 'new' WHERE id = 4`)
		if !repair(t, s, users, differing(t, s, users)[0], dialects.New) || value(t, s, `SELECT user_email FROM users WHERE id = 4`) != "new" {
			t.Error("the new side was not taken")
		}
		// No gap is locked, nor a row that does not differ.
		runScript(t, s, `UPDATE users SET email = NULL WHERE id IN (3, 7)`)
		tx := begin(t, s, dialects.TxOptions{})
		ranges, err := d.dialect().Ranges(t.Context(), s, users, 1)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := d.dialect().CopyBatch(t.Context(), tx, users, ranges[0], "", 100); err != nil || b.Written != 2 {
			t.Fatalf("%+v, %v", b, err)
		}
		runScript(t, app, `SET innodb_lock_wait_timeout = 1; UPDATE users SET name = 'x' WHERE id NOT IN (3, 7);
			INSERT INTO users (id) VALUES (0), (11), (12); UPDATE users SET id = 13 WHERE id = 5`)
	})
}
