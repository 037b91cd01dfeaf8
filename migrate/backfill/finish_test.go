package backfill_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/backfill"
)

// Rows that another session has locked are left, come back for, and named while they are waited for.
// Where there are more than a scan returns, the ranges are walked again.
func TestLockedRowsAreRevisited(t *testing.T) {
	for locked, reason := range map[int]string{
		1: "1 row locked by another session", 3: "3 rows locked by other sessions", 600: "250 rows locked by other sessions",
	} {
		u := newTable(t, 4_000)
		app := u.session(t)
		tx, err := app.Begin(t.Context(), dialects.TxOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), fmt.Sprintf(`SELECT FROM users WHERE id %% 2 = 1 AND id <= %d FOR UPDATE`, 2*locked)); err != nil {
			t.Fatal(err)
		}
		var said reports
		o := u.options(t)
		o.Progress = said.add
		ended := make(chan error, 1)
		var res backfill.Result
		go func() {
			var err error
			res, err = backfill.Run(t.Context(), o)
			ended <- err
		}()
		said.awaitReason(t, reason, ended)
		select {
		case err := <-ended:
			t.Fatalf("the run ended with %v while %d rows were locked", err, locked)
		default:
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if res.Written+res.Repaired != 4_000 {
			t.Errorf("%d locked: %+v, want 4000 rows written and repaired", locked, res)
		}
		u.wantIdentical(t)
		if last := said.said[len(said.said)-1].WaitingFor; last != "" {
			t.Errorf("%d locked: at the end it waits for %q", locked, last)
		}
	}
}

// The wait for rows that stay locked ends when it is asked to.
func TestWaitForLockedRowsIsInterrupted(t *testing.T) {
	u := newTable(t, 100)
	tx, err := u.session(t).Begin(t.Context(), dialects.TxOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `SELECT FROM users WHERE id = 7 FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	o := u.options(t)
	o.Progress = func(p backfill.Progress) {
		if p.WaitingFor != "" {
			cancel()
		}
	}
	if _, err := backfill.Run(ctx, o); !errors.Is(err, backfill.ErrInterrupted) {
		t.Errorf("error %v, want ErrInterrupted", err)
	}
	if n := u.number(t, `SELECT count(*) FROM users WHERE email IS NULL`); n != 1 {
		t.Errorf("%d rows are unfilled, want the locked one", n)
	}
}

// A row that differs although its range is done, and that nobody has locked, is copied: the key was
// moved under the walk, or something wrote past the triggers.
func TestRowsBehindTheCursorAreCopied(t *testing.T) {
	u := newTable(t, 3_000)
	o := u.options(t)
	o.BatchTarget = 1
	asked := 0
	o.Throttles = []backfill.Throttle{throttle(func(ctx context.Context) (string, error) {
		if asked++; asked == 3 {
			u.script(t, `SET session_replication_role = replica;
				UPDATE users SET id = -id WHERE id > 2900; UPDATE users SET user_email = 'past' WHERE id = 5;
				RESET session_replication_role`)
		}
		return "", nil
	})}
	res, err := backfill.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if res.Repaired != 101 {
		t.Errorf("%+v, want 101 rows repaired", res)
	}
	u.wantIdentical(t)
	if n := u.number(t, `SELECT count(*) FROM users WHERE id = 5 AND email = 'past'`); n != 1 {
		t.Error("row 5 does not have the old side's value")
	}
}

func TestEmptyTableIsComplete(t *testing.T) {
	u := newTable(t, 0)
	if res, err := backfill.Run(t.Context(), u.options(t)); err != nil || res != (backfill.Result{Scans: 1}) {
		t.Errorf("%+v, error %v", res, err)
	}
}
