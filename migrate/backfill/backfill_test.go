package backfill_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/backfill"
)

// Writers of both names hammer a few rows while the copy runs: none of them sees an error, none of
// their writes is lost, and every row ends identical.
func TestCopyBesideWriters(t *testing.T) {
	const rows, writers, hot = 20_000, 6, 60
	u := newTable(t, rows)
	stop := make(chan struct{})
	last := make([]string, hot+1)
	var written atomic.Int64
	var wg sync.WaitGroup
	for w := range writers {
		s := u.session(t)
		wg.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				// Each writer has rows of its own among the hot ones, so that the last value is known.
				id := w + 1 + n%(hot/writers)*writers
				column := []string{"user_email", "email"}[n/7%2]
				value := fmt.Sprintf("writer %d, %d", w, n)
				row := id * (rows / hot)
				if _, err := s.Exec(context.Background(), `UPDATE users SET `+column+` = $1 WHERE id = $2`, value, row); err != nil {
					t.Errorf("writer %d: %v", w, err)
					return
				}
				last[id] = value
				written.Add(1)
			}
		})
	}
	o := u.options(t)
	o.Workers = 2
	o.BatchTarget = 1 // the smallest batches
	res, err := backfill.Run(t.Context(), o)
	close(stop)
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if res.Seen < rows || res.Written < rows-hot {
		t.Errorf("%+v, want all of %d rows seen and all but the hot ones written", res, rows)
	}
	t.Logf("%+v beside %d writes", res, written.Load())
	u.wantIdentical(t)
	for id := 1; id <= hot; id++ {
		if last[id] == "" {
			continue
		}
		kept := u.number(t, fmt.Sprintf(`SELECT count(*) FROM users WHERE id = %d AND email = '%s'`, id*(rows/hot), last[id]))
		if kept != 1 {
			t.Errorf("row %d has lost %q", id*(rows/hot), last[id])
		}
	}
}

// The batch in flight is finished, with its checkpoint; the next run goes on behind it.
func TestInterruptedRunIsResumed(t *testing.T) {
	const rows = 10_000
	u := newTable(t, rows)
	ctx, cancel := context.WithCancel(t.Context())
	o := u.options(t)
	o.BatchTarget = 1
	o.Progress = func(p backfill.Progress) {
		if p.RowsDone >= rows/3 {
			cancel()
		}
	}
	first, err := backfill.Run(ctx, o)
	if !errors.Is(err, backfill.ErrInterrupted) {
		t.Fatalf("error %v, want ErrInterrupted", err)
	}
	if n := u.number(t, `SELECT count(*) FROM users WHERE email IS NOT NULL`); n != first.Written || n == 0 || n == rows {
		t.Errorf("%d rows are filled, %d were reported", n, first.Written)
	}
	done := u.number(t, `SELECT sum((state->>'RowsDone')::bigint)::bigint FROM checkpoints`)
	if done != first.Seen {
		t.Errorf("the checkpoint says %d rows, %d were passed", done, first.Seen)
	}
	var begun backfill.Progress
	o = u.options(t)
	o.Progress = func(p backfill.Progress) {
		if begun.RowsDone == 0 {
			begun = p
		}
	}
	second, err := backfill.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if first.Seen+second.Seen != rows || first.Written+second.Written != rows {
		t.Errorf("%+v and %+v, want each of %d rows once", first, second, rows)
	}
	if begun.RowsDone <= first.Seen {
		t.Errorf("the second run's progress begins at %d rows, the first ended at %d", begun.RowsDone, first.Seen)
	}
	u.wantIdentical(t)
	if third, err := backfill.Run(t.Context(), u.options(t)); err != nil || third != (backfill.Result{Scans: 1}) {
		t.Errorf("a run with nothing to do did %+v, error %v", third, err)
	}
}

func TestPauseEndsBetweenBatches(t *testing.T) {
	u := newTable(t, 5_000)
	asked := 0
	o := u.options(t)
	o.BatchTarget = 1
	o.Paused = func(context.Context) (bool, error) { asked++; return asked > 3, nil }
	res, err := backfill.Run(t.Context(), o)
	if !errors.Is(err, backfill.ErrPaused) {
		t.Fatalf("error %v, want ErrPaused", err)
	}
	if n := u.number(t, `SELECT count(*) FROM users WHERE email IS NOT NULL`); n != res.Written || n == 0 || n == 5_000 {
		t.Errorf("%d rows are filled, %d were reported", n, res.Written)
	}
	broken := errors.New("no ledger")
	o = u.options(t)
	o.Paused = func(context.Context) (bool, error) { return false, broken }
	if _, err := backfill.Run(t.Context(), o); !errors.Is(err, broken) {
		t.Errorf("error %v, want that of asking", err)
	}
}

// A throttle holds the copy with a reason, and one that cannot be read holds it too.
func TestThrottleHolds(t *testing.T) {
	u := newTable(t, 3_000)
	answers := []struct {
		reason string
		err    error
	}{{"replica a is 12s behind", nil}, {"replica a is 11s behind", nil}, {"", errors.New("no answer")}}
	var said reports
	o := u.options(t)
	o.Progress = said.add
	o.Throttles = []backfill.Throttle{throttle(func(context.Context) (string, error) {
		if len(answers) == 0 {
			return "", nil
		}
		a := answers[0]
		answers = answers[1:]
		if n := u.number(t, `SELECT count(*) FROM users WHERE email IS NOT NULL`); n != 0 {
			t.Errorf("%d rows were copied while it was held", n)
		}
		return a.reason, a.err
	})}
	if _, err := backfill.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	u.wantIdentical(t)
	want := []string{"replica a is 12s behind", "replica a is 11s behind", "the load cannot be read: no answer", ""}
	for i, reason := range want {
		if got := said.said[i].WaitingFor; got != reason {
			t.Errorf("report %d waits for %q, want %q", i, got, reason)
		}
	}
	if n := u.number(t, `SELECT count(*) FROM waiting`); n != int64(len(want)) {
		t.Errorf("the store was told of %d waits, want %d", n, len(want))
	}
}

func TestBadRowIsNamed(t *testing.T) {
	u := newTable(t, 3_000)
	u.script(t, `ALTER TABLE users ADD CONSTRAINT no_1234 CHECK (id <> 1234) NOT VALID`)
	_, err := backfill.Run(t.Context(), u.options(t))
	var bad *backfill.BadRowError
	if !errors.As(err, &bad) {
		t.Fatalf("error %v, want a BadRowError", err)
	}
	if bad.Key != "id=1234" || bad.Table != spec.Table || !strings.Contains(bad.Error(), "no_1234") {
		t.Errorf("the bad row is %+v", bad)
	}
	u.script(t, `ALTER TABLE users DROP CONSTRAINT no_1234`)
	if _, err := backfill.Run(t.Context(), u.options(t)); err != nil {
		t.Fatal(err)
	}
	u.wantIdentical(t)
}

// A lock on the table is waited for by trying again, with nothing held meanwhile.
func TestLockTimeoutIsTriedAgain(t *testing.T) {
	u := newTable(t, 3_000)
	ddl := u.session(t)
	var lock dialects.Tx
	var said reports
	o := u.options(t)
	o.Progress = said.add
	o.LockTimeout = 1
	asked := 0
	o.Throttles = []backfill.Throttle{throttle(func(ctx context.Context) (string, error) {
		if asked++; asked == 2 {
			var err error
			if lock, err = ddl.Begin(ctx, dialects.TxOptions{}); err != nil {
				return "", err
			}
			if err := lock.Script(ctx, `LOCK TABLE users IN ACCESS EXCLUSIVE MODE`); err != nil {
				return "", err
			}
		}
		return "", nil
	})}
	ended := make(chan error, 1)
	go func() {
		_, err := backfill.Run(t.Context(), o)
		ended <- err
	}()
	said.awaitReason(t, "another attempt on public.users after a lock-timeout", ended)
	if err := lock.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	u.wantIdentical(t)
}

// A run whose session is lost ends, whichever worker has it, and another goes on.
func TestLostSessionEndsTheRun(t *testing.T) {
	const rows = 20_000
	for _, workers := range []int{1, 2} {
		u := newTable(t, rows)
		o := u.options(t)
		o.Workers = workers
		o.BatchTarget = 1
		var asked atomic.Int64
		o.Throttles = []backfill.Throttle{throttle(func(ctx context.Context) (string, error) {
			if asked.Add(1) == 5 {
				_, err := u.s.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
				return "", err
			}
			return "", nil
		})}
		first, err := backfill.Run(t.Context(), o)
		if u.db.Fault(err) != dialects.FaultConnection {
			t.Fatalf("%d workers: error %v, want a lost connection", workers, err)
		}
		second, err := backfill.Run(t.Context(), u.options(t))
		if err != nil {
			t.Fatal(err)
		}
		if sum := first.Written + second.Written; sum < rows-100 || sum > rows {
			t.Errorf("%d workers: %+v and %+v, want %d rows written", workers, first, second, rows)
		}
		u.wantIdentical(t)
	}
}
