package migrate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
)

// ddl runs a step's SQL, trying again while locks on its tables cannot be had (design section 6).
// Between attempts nothing is held, so traffic never queues behind segue for longer than one lock
// timeout. inside, if given, runs before the SQL in the transaction that the step has, if it has one.
func (w *carry) ddl(ctx context.Context, s *phases.Step, inside func(context.Context, dialects.Tx) error) error {
	return w.retry(ctx, s, func(timeout time.Duration) error {
		if s.Transactional || len(s.Hold) > 0 {
			return w.transaction(ctx, s, timeout, inside)
		}
		return w.alone(ctx, s, timeout)
	})
}

// firstTimeout is that of the first attempt at a lock. Most locks are had at once, and where one is
// not, writers queue behind the attempt: so attempts begin short, and grow to Locks.Timeout.
const firstTimeout = 100 * time.Millisecond

// retry runs attempts with the lock timeout that each is to have; 0 is none, for a patient step.
func (w *carry) retry(ctx context.Context, s *phases.Step, attempt func(timeout time.Duration) error) error {
	limits := w.options.Locks
	deadline := w.clock.Now().Add(limits.Within)
	pause := 100 * time.Millisecond
	timeout := min(firstTimeout, limits.Timeout)
	switch {
	case s.Patient:
		timeout = 0
	case s.Blocks == dialects.BlocksNothing:
		timeout = limits.Timeout // it works beside others, and may need the lock again at its end
	}
	for n := 1; ; n++ {
		blockers := w.hopeless(ctx, s)
		if len(blockers) == 0 {
			err := attempt(timeout)
			timeout = min(2*timeout, limits.Timeout)
			fault := w.db.Fault(err)
			if err == nil || !fault.Passing() || s.Compound {
				return err
			}
			blockers = w.blockers(ctx, s)
		}
		w.log.Warn("lock not had", "migration", w.rec.Version, "step", s.ID, "attempt", n, "blockers", strings.TrimPrefix(describeBlockers(blockers), "; "))
		if n >= limits.Attempts || w.clock.Now().Add(pause).After(deadline) {
			return &BlockedError{Step: s.ID, Tables: s.Tables, Attempts: n, Blockers: blockers}
		}
		if err := w.terminate(ctx, blockers); err != nil {
			return err
		}
		wait := pause + rand.N(pause)
		pause = min(2*pause, 30*time.Second)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.clock.After(wait):
		}
	}
}

// hopeless are the sessions for which an attempt would only make traffic queue: transactions that
// have been open on the table for longer than the attempt would wait. Sessions of no user, such as
// autovacuum's, give way to whoever waits, and are no reason not to try.
func (w *carry) hopeless(ctx context.Context, s *phases.Step) []dialects.Blocker {
	if s.Blocks != dialects.BlocksAll || s.Patient {
		return nil
	}
	var long []dialects.Blocker
	for _, b := range w.blockers(ctx, s) {
		if b.User != "" && !b.Suspected && b.Age > w.options.Locks.Timeout {
			long = append(long, b)
		}
	}
	return long
}

// blockers are who is in the way of a step. Not being able to tell is no reason to stop.
func (w *carry) blockers(ctx context.Context, s *phases.Step) []dialects.Blocker {
	if len(s.Tables) == 0 {
		return nil
	}
	blockers, err := w.db.Blockers(ctx, w.session, s.Tables)
	if err != nil {
		w.log.Warn("blockers not read", "step", s.ID, "error", err)
		return nil
	}
	return blockers
}

// terminate ends the sessions that have been in the way for longer than the user allows.
func (w *carry) terminate(ctx context.Context, blockers []dialects.Blocker) error {
	after := w.options.Locks.TerminateBlockersAfter
	if after == 0 {
		return nil
	}
	for _, b := range blockers {
		if b.Age < after || b.Suspected {
			continue
		}
		if err := w.event(ctx, w.session, "terminate-blocker", w.rec.Version, detail{"pid": b.PID, "app": b.App, "query": b.Query}); err != nil {
			return err
		}
		if err := w.db.TerminateBlocker(ctx, w.session, b.PID); err != nil {
			return fmt.Errorf("terminating session %s, which is in the way: %w", b.PID, err)
		}
	}
	return nil
}

// transaction runs a step and writes its result in one transaction. A step that is not transactional
// has one for the tables that it holds: they are let go only when the result is written.
func (w *carry) transaction(ctx context.Context, s *phases.Step, timeout time.Duration, inside func(context.Context, dialects.Tx) error) error {
	tx, err := w.session.Begin(ctx, dialects.TxOptions{LockTimeout: timeout, Hold: s.Hold})
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if inside != nil {
		if err := inside(ctx, tx); err != nil {
			return err
		}
	}
	started := w.clock.Now()
	if err := tx.Script(ctx, w.tag(s, s.SQL)); err != nil {
		return fmt.Errorf("running step %s of %s: %w", s.ID, w.rec.Version, err)
	}
	to, err := w.conclude(ctx, tx, s, w.clock.Now().Sub(started).Milliseconds())
	if err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	*w.rec = to
	return nil
}

// alone runs a step that cannot run in a transaction. What a broken attempt left, an invalid index
// say, is undone.
func (w *carry) alone(ctx context.Context, s *phases.Step, timeout time.Duration) error {
	if err := w.session.Timeout(ctx, timeout); err != nil {
		return err
	}
	if err := w.session.Script(ctx, w.tag(s, s.SQL)); err != nil {
		err = fmt.Errorf("running step %s of %s: %w", s.ID, w.rec.Version, err)
		if w.db.Fault(err) == dialects.FaultConnection || ctx.Err() != nil {
			return err
		}
		if s.AsWritten() && !s.Compound {
			return &refusedError{err} // what it would have made may be there, and is another's
		}
		done, perr := w.probe(ctx, s)
		if !done {
			return errors.Join(err, perr)
		}
		if !w.rec.Plan.Phased() {
			return &refusedError{err}
		}
		// There is nothing left to do: its partition was dropped, say.
	}
	if err := w.session.Timeout(ctx, 0); err != nil {
		return err
	}
	return w.found(ctx, s)
}

// undo takes a step back. It bears being run for a step that was not, or only in part, run.
func (w *carry) undo(ctx context.Context, s *phases.Step) error {
	if s.Undo == "" {
		return nil
	}
	back := *s
	back.SQL = s.Undo
	return w.retry(ctx, &back, func(timeout time.Duration) error {
		if !s.Transactional {
			if err := w.session.Timeout(ctx, timeout); err != nil {
				return err
			}
			if err := w.session.Script(ctx, w.tag(s, s.Undo)); err != nil {
				return fmt.Errorf("undoing step %s of %s: %w", s.ID, w.rec.Version, err)
			}
			return w.session.Timeout(ctx, 0)
		}
		tx, err := w.session.Begin(ctx, dialects.TxOptions{LockTimeout: timeout})
		if err != nil {
			return err
		}
		defer tx.Rollback(context.WithoutCancel(ctx))
		if err := tx.Script(ctx, w.tag(s, s.Undo)); err != nil {
			return fmt.Errorf("undoing step %s of %s: %w", s.ID, w.rec.Version, err)
		}
		if err := w.ledger.settle(ctx, tx, w.rec.Version, s.ID, stepUndone, 0, ""); err != nil {
			return err
		}
		return tx.Commit(ctx)
	})
}

// tag marks SQL for whoever looks at the server: /* segue:0002/expand/1 */.
func (w *carry) tag(s *phases.Step, sql string) string {
	return fmt.Sprintf("/* segue:%s/%s */ %s", w.rec.Version, s.ID, sql)
}
