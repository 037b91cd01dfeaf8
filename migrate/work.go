package migrate

import (
	"context"
	"errors"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
	"github.com/segue-db/segue/phases"
)

// Work backfills what is expanded, and brings it to dual-write. Of many callers one works on each
// migration, and the others return at once. Errors: ErrNotYet where something was interrupted,
// paused or blocked.
func (r *Runner) Work(ctx context.Context) error { return r.WorkOn(ctx, "") }

// WorkOn is Work on one migration; empty is all.
func (r *Runner) WorkOn(ctx context.Context, version string) error {
	c, err := r.direct(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	if !c.hasLedger {
		return nil
	}
	if version != "" {
		if version, err = c.known(ctx, version); err != nil {
			return err
		}
	}
	records, err := c.ledger.records(ctx, c.session)
	if err != nil {
		return err
	}
	var problems []error
	for _, v := range inOrder(records) {
		if version != "" && v != version || !workable(records[v]) {
			continue
		}
		err := c.backfillOne(ctx, v)
		if errors.Is(err, ErrLocked) {
			r.log.Info("left to another runner", "migration", v, "runner", records[v].runner())
			continue
		}
		problems = append(problems, err)
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(problems...)
}

func inOrder(records map[string]*record) []string {
	var versions []string
	for v := range records {
		versions = append(versions, v)
	}
	slices.SortFunc(versions, source.Compare)
	return versions
}

// workable reports whether a migration is expanded and not yet in dual-write.
func workable(r *record) bool {
	if !r.Plan.Phased() || r.Direction == phases.Back {
		return false
	}
	switch r.State {
	case phases.Running, phases.Waiting, phases.Failed:
		return r.Phase == phases.Backfill
	}
	return false
}

func (c *conn) backfillOne(ctx context.Context, version string) error {
	w, err := c.take(ctx, version, 0)
	if err != nil {
		return err
	}
	defer w.release(ctx)
	if !workable(w.rec) {
		return nil // another runner was here meanwhile
	}
	err = w.move(ctx, w.session, func(r *record) { r.State, r.Phase, r.Reason = phases.Running, phases.Backfill, "" })
	if err != nil {
		return err
	}
	if err := w.phase(ctx, phases.Backfill); err != nil {
		return err
	}
	return w.together(ctx, func(tx dialects.Tx) error {
		if err := w.move(ctx, tx, func(r *record) { r.State, r.Phase, r.Reason = phases.Waiting, phases.DualWrite, "" }); err != nil {
			return err
		}
		return w.event(ctx, tx, "dual-write", version, nil)
	})
}

// together runs f in a transaction.
func (w *carry) together(ctx context.Context, f func(dialects.Tx) error) error {
	tx, err := w.session.Begin(ctx, dialects.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
