package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

// RollbackRequest names the migration to undo.
type RollbackRequest struct {
	Version string
	Force   *phases.Force
}

// rollbackWait is how long a rollback waits for the runner that carries the migration to see it
// and let go: at most a batch.
const rollbackWait = 30 * time.Second

// Rollback undoes a phased migration before contract, or runs the down section of a plain one. From
// dual-write on it asks a gate: an app version that uses the new form closes it. Errors:
// ErrGateClosed, ErrGateUnknown, ErrLocked, ErrConfig where there is nothing to undo.
func (r *Runner) Rollback(ctx context.Context, request RollbackRequest) error {
	c, err := r.direct(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	rec, err := c.started(ctx, request.Version)
	if err != nil {
		return err
	}
	switch {
	case rec.State == phases.RolledBack:
		return nil
	case !rec.Plan.Phased():
		return c.down(ctx, rec)
	case rec.State == phases.Done:
		return &ConfigError{fmt.Sprintf("migration %s is past contract: the old form is gone", rec.Version),
			"write the way back as a new migration"}
	}
	if rec.Direction != phases.Back {
		if err := c.turnBack(ctx, rec, request.Force); err != nil {
			return err
		}
	}
	return c.goBack(ctx, rec)
}

// turnBack decides, under the registry lock, that the migration goes back. From its commit on no
// version that uses the new form is admitted.
func (c *conn) turnBack(ctx context.Context, rec *record, force *phases.Force) error {
	return c.poll(ctx, func() (bool, error) {
		tx, err := c.session.Begin(ctx, dialects.TxOptions{})
		if err != nil {
			return true, err
		}
		defer tx.Rollback(context.WithoutCancel(ctx))
		if err := tx.LockRegistry(ctx, c.lockName(dialects.RegistryLock, "")); err != nil {
			return true, err
		}
		current, err := c.ledger.record(ctx, tx, rec.Version)
		if err != nil {
			return true, err
		}
		stage, err := c.ledger.stage(ctx, tx, current)
		if err != nil {
			return true, err
		}
		switch stage {
		case compat.Contracting, compat.Contracted:
			return true, &ConfigError{Problem: fmt.Sprintf("migration %s is past contract: the old form is going or gone", rec.Version)}
		case compat.Both:
			gate, err := c.gate(ctx, tx, current, rollbackGate, force)
			if err != nil {
				return true, err
			}
			if gate.State != phases.Open {
				return gate.State == phases.Closed, &GateError{Migration: rec.Version, Entering: "rollback", Gate: gate}
			}
		}
		to := c.mine(*current)
		to.State, to.Direction, to.Reason = phases.Running, phases.Back, "rolling back"
		if err := c.ledger.move(ctx, tx, current, to); err != nil {
			return true, err
		}
		d := detail{"from": rec.Phase}
		if force != nil {
			d["force"] = force
		}
		if err := c.event(ctx, tx, "rollback", rec.Version, d); err != nil {
			return true, err
		}
		*rec = *current
		return true, tx.Commit(ctx)
	})
}

// goBack undoes every step, the last first. It may be run again until it is through.
func (c *conn) goBack(ctx context.Context, rec *record) error {
	w, err := c.take(ctx, rec.Version, max(rollbackWait, c.options.Wait))
	if err != nil {
		return err
	}
	defer w.release(ctx)
	if w.rec.State == phases.RolledBack {
		return nil
	}
	for i := len(w.rec.Plan.Phases) - 1; i >= 0; i-- {
		if err := w.undoPhase(ctx, w.rec.Plan.Phases[i].Name); err != nil {
			return fmt.Errorf("%w\n  the rollback is not through: segue rollback %s goes on with it", err, rec.Version)
		}
	}
	return w.together(ctx, func(tx dialects.Tx) error {
		if err := w.move(ctx, tx, func(r *record) { r.State, r.Reason = phases.RolledBack, "" }); err != nil {
			return err
		}
		return w.event(ctx, tx, "rolled-back", rec.Version, nil)
	})
}

// down runs a plain migration's down section, under the ledger lock.
func (c *conn) down(ctx context.Context, rec *record) error {
	if rec.Plan.DownRefused != "" {
		return &ConfigError{fmt.Sprintf("the down section of migration %s cannot be run: %s", rec.Version, rec.Plan.DownRefused),
			"write the way back as a new migration"}
	}
	if len(rec.Plan.Down) == 0 {
		return &ConfigError{fmt.Sprintf("migration %s has no down section", rec.Version),
			"write the way back as a new migration, or add -- segue:down before migrations are applied"}
	}
	return c.withLedger(ctx, func() error {
		w := &carry{conn: c, session: c.session, rec: rec}
		if err := w.move(ctx, w.session, func(r *record) { r.State, r.Direction = phases.Running, phases.Back }); err != nil {
			return err
		}
		states, err := w.ledger.steps(ctx, w.session, rec.Version)
		if err != nil {
			return err
		}
		for i := range rec.Plan.Down {
			s := &rec.Plan.Down[i]
			if states[s.ID] == stepDone {
				continue
			}
			if err := w.step(ctx, s, states[s.ID]); err != nil {
				ctx = context.WithoutCancel(ctx)
				return errors.Join(err, w.ledger.settle(ctx, w.session, rec.Version, s.ID, left(s, err), 0, err.Error()),
					w.move(ctx, w.session, func(r *record) { r.State, r.Reason = phases.Failed, err.Error() }))
			}
		}
		if err := w.move(ctx, w.session, func(r *record) { r.State, r.Reason = phases.RolledBack, "" }); err != nil {
			return err
		}
		return w.event(ctx, w.session, "rolled-back", rec.Version, detail{"down": true})
	})
}
