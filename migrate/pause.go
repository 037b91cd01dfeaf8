package migrate

import (
	"context"
	"errors"
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
)

// Pause holds a backfill in flight, whoever carries it: its runner sees it after the batch that it
// is at, and ends. It takes no lock.
func (r *Runner) Pause(ctx context.Context, version string) error {
	c, err := r.write(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	rec, err := c.started(ctx, version)
	if err != nil {
		return err
	}
	switch {
	case rec.State == phases.Paused:
		return nil
	case rec.State == phases.Done || rec.State == phases.RolledBack || !rec.Plan.Phased() || rec.Direction == phases.Back,
		rec.Phase != phases.Expand && rec.Phase != phases.Backfill:
		return &ConfigError{Problem: fmt.Sprintf("migration %s has no backfill in flight: it is %s in phase %s", rec.Version, rec.State, rec.Phase)}
	}
	to := *rec
	to.State, to.Reason = phases.Paused, "paused by "+c.actor
	if err := c.ledger.move(ctx, c.session, rec, to); err != nil {
		return err
	}
	return c.event(ctx, c.session, "pause", rec.Version, nil)
}

// ResumeRequest names the migration to go on with. Take, if given, first makes differing rows
// identical by the value of that side.
type ResumeRequest struct {
	Version string
	Take    dialects.Side
}

// Resume takes a paused backfill up again, in this process, and repairs differing rows where asked.
func (r *Runner) Resume(ctx context.Context, request ResumeRequest) error {
	c, err := r.direct(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	rec, err := c.started(ctx, request.Version)
	if err != nil {
		return err
	}
	if rec.State == phases.Paused {
		to := c.mine(*rec)
		to.State, to.Reason = phases.Waiting, ""
		if err := c.ledger.move(ctx, c.session, rec, to); err != nil {
			return err
		}
		if err := c.event(ctx, c.session, "resume", rec.Version, nil); err != nil {
			return err
		}
	}
	if request.Take != "" {
		if err := c.repair(ctx, rec.Version, request.Take); err != nil {
			return err
		}
	}
	switch rec.Phase {
	case phases.Expand:
		if _, err := r.UpOnly(ctx, UpRequest{Version: rec.Version}); err != nil {
			return err
		}
		return r.WorkOn(ctx, rec.Version)
	case phases.Backfill:
		return r.WorkOn(ctx, rec.Version)
	}
	return nil
}

// repairBatch is how many differing rows are looked for at a time.
const repairBatch = 1000

// repair makes differing rows identical by the value of one side, under the migration's lock.
func (c *conn) repair(ctx context.Context, version string, take dialects.Side) error {
	copier, ok := c.db.Dialect().(dialects.Copier)
	if !ok {
		return &ConfigError{Problem: fmt.Sprintf("segue does not copy rows on %s", c.db.Dialect().Kind())}
	}
	w, err := c.take(ctx, version, c.options.Wait)
	if err != nil {
		return err
	}
	defer w.release(ctx)
	spec := w.copySpec()
	if spec == nil || w.rec.State == phases.Done || w.rec.Direction == phases.Back {
		return &ConfigError{Problem: fmt.Sprintf("migration %s has no two forms to repair", version)}
	}
	repaired := 0
	for {
		rows, err := copier.Differing(ctx, w.session, *spec, repairBatch)
		if err != nil || len(rows) == 0 {
			return errors.Join(err, w.event(ctx, w.session, "repair", version, detail{"take": take, "rows": repaired}))
		}
		changed := 0
		for _, row := range rows {
			err := w.together(ctx, func(tx dialects.Tx) error {
				ok, err := copier.Repair(ctx, tx, *spec, row, take)
				if ok {
					changed++
				}
				return err
			})
			if err != nil {
				return fmt.Errorf("repairing %s %s: %w", row.Table, row.Key, err)
			}
		}
		repaired += changed
		if changed == 0 {
			return &WaitingError{Migration: version, Reason: fmt.Sprintf("%d differing rows are locked by other sessions", len(rows)), Hint: "run the same command again"}
		}
	}
}

// copySpec is the plan's copy; nil if it has none.
func (w *carry) copySpec() *dialects.CopySpec {
	for _, p := range w.rec.Plan.Phases {
		for _, s := range p.Steps {
			if s.Copy != nil {
				return s.Copy
			}
		}
	}
	return nil
}
