package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
)

// carry is one migration being carried by this process, on a session that holds the migration's
// lock: a runner that lost the session has lost the lock, and cannot go on.
type carry struct {
	*conn
	rec     *record
	session dialects.Session
	held    dialects.LockName
	// force is what the user opened contract's gate with.
	force *phases.Force
}

// take takes a migration's lock on a session of its own and reads its record under it.
func (c *conn) take(ctx context.Context, version string, wait time.Duration) (*carry, error) {
	session, err := c.db.Session(ctx)
	if err != nil {
		return nil, err
	}
	w := &carry{conn: c, session: session}
	if err := w.takeLock(ctx, version, wait); err != nil {
		session.Close()
		return nil, err
	}
	return w, nil
}

func (w *carry) takeLock(ctx context.Context, version string, wait time.Duration) (err error) {
	if w.rec, err = w.ledger.record(ctx, w.conn.session, version); err != nil {
		return err
	}
	holder := ""
	if w.rec != nil {
		holder = w.rec.runner()
	}
	w.held = w.lockName(dialects.MigrationLock, version)
	if err := w.lock(ctx, w.session, w.held, wait, holder); err != nil {
		return err
	}
	w.rec, err = w.ledger.record(ctx, w.conn.session, version) // it may have been moved while the lock was waited for
	return err
}

// releaseWait is the longest that a lock's giving back may take; the session's end gives it back too.
const releaseWait = 5 * time.Second

// release gives the lock back and ends the session. The server takes its time to end one: whoever comes right behind,
// as Work comes behind Up, would take what is still locked for another runner's.
func (w *carry) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseWait)
	defer cancel()
	w.session.Unlock(ctx, w.held)
	w.session.Close()
}

// move moves the migration with an event beside it.
func (w *carry) move(ctx context.Context, q dialects.Queryer, change func(*record)) error {
	to := w.mine(*w.rec)
	change(&to)
	return w.ledger.move(ctx, q, w.rec, to)
}

// phase runs what is left of a phase's steps, in order.
func (w *carry) phase(ctx context.Context, name phases.PhaseName) error {
	p := w.rec.Plan.Phase(name)
	if p == nil {
		return nil
	}
	states, err := w.ledger.steps(ctx, w.session, w.rec.Version)
	if err != nil {
		return err
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		if states[s.ID] == stepDone {
			continue
		}
		if err := w.step(ctx, s, states[s.ID]); err != nil {
			return w.stopped(ctx, s, err)
		}
		w.log.Info("step done", "migration", w.rec.Version, "step", s.ID)
	}
	return nil
}

// step runs one step, whose intent may stand from a runner that is gone.
func (w *carry) step(ctx context.Context, s *phases.Step, was stepState) error {
	if was == stepIntent && !s.Transactional {
		done, err := w.probe(ctx, s)
		if err != nil {
			return err
		}
		if done {
			return w.found(ctx, s)
		}
	}
	if s.Final == phases.Irreversible {
		return w.contract(ctx, s)
	}
	if err := w.ledger.intend(ctx, w.session, w.rec.Version, s.ID); err != nil {
		return err
	}
	switch s.Kind {
	case phases.CopyRow:
		return w.copyRows(ctx, s)
	case phases.Verify:
		return w.verify(ctx, s)
	case phases.Settle:
		return w.settleTransactions(ctx, s)
	}
	return w.ddl(ctx, s, nil)
}

// found writes the result of a step that a runner who is gone had carried out.
func (w *carry) found(ctx context.Context, s *phases.Step) error {
	var to record
	err := w.together(ctx, func(tx dialects.Tx) (err error) {
		to, err = w.conclude(ctx, tx, s, 0)
		return err
	})
	if err == nil {
		*w.rec = to
	}
	return err
}

// probe asks the catalog whether a step that has intent and no result was carried out. What was
// carried out in part is undone, so that the step may be run again.
func (w *carry) probe(ctx context.Context, s *phases.Step) (done bool, err error) {
	if s.Probe == "" {
		return false, nil
	}
	rows, err := w.session.Query(ctx, s.Probe)
	if err != nil {
		return false, fmt.Errorf("asking whether step %s of %s was done: %w", s.ID, w.rec.Version, err)
	}
	var answer string
	if rows.Next() {
		err = rows.Scan(&answer)
	}
	rows.Close()
	if err := errors.Join(err, rows.Err()); err != nil {
		return false, fmt.Errorf("asking whether step %s of %s was done: %w", s.ID, w.rec.Version, err)
	}
	switch answer {
	case "done":
		return true, nil
	case "absent":
		return false, nil
	case "partial":
		w.log.Info("undoing what a broken-off step left", "migration", w.rec.Version, "step", s.ID)
		return false, w.undo(ctx, s)
	}
	return false, &UnknownStepError{Migration: w.rec.Version, Step: s.ID, SQL: s.SQL}
}

// stopped writes why a step did not end, as far as the database can still be told, and says what
// it means for the migration: waiting where the same command may go on later, failed otherwise. It
// writes on the command's own session, since a cancelled statement may have cost the carry its.
func (w *carry) stopped(ctx context.Context, s *phases.Step, cause error) error {
	ctx = context.WithoutCancel(ctx)
	if w.db.Fault(cause) == dialects.FaultConnection {
		return fmt.Errorf("%w\n  the connection was lost, and step %s may or may not have been carried out; run the same command again: it looks first",
			cause, s.ID)
	}
	state := phases.Failed
	if errors.Is(cause, ErrNotYet) || errors.Is(cause, ErrGateClosed) || errors.Is(cause, ErrGateUnknown) ||
		errors.Is(cause, ErrDiffers) || errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		state = phases.Waiting
	}
	current, err := w.ledger.record(ctx, w.conn.session, w.rec.Version)
	if err != nil || current == nil {
		return errors.Join(cause, err)
	}
	w.rec = current // a pause or a rollback may have been asked for meanwhile
	if current.State != phases.Running || current.Direction != phases.Forward {
		return cause
	}
	reason := cause.Error()
	if errors.Is(cause, context.Canceled) {
		reason = "it was interrupted"
	}
	err = w.ledger.settle(ctx, w.conn.session, w.rec.Version, s.ID, left(s, cause), 0, reason)
	if merr := w.move(ctx, w.conn.session, func(r *record) { r.State, r.Reason = state, reason }); merr != nil {
		err = errors.Join(err, merr)
	}
	return errors.Join(cause, err)
}

// left is the state that a step is in when it did not end. What commits by itself may have been carried
// out, and is probed by the next run, but for what its author wrote and the server refused.
func left(s *phases.Step, cause error) stepState {
	var refused *refusedError
	var blocked *BlockedError
	if s.Transactional || errors.As(cause, &refused) || s.AsWritten() && errors.As(cause, &blocked) {
		return stepFailed
	}
	return stepIntent
}
