package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/backfill"
	"github.com/segue-db/segue/phases"
)

// copyRows is a backfill step. Each batch commits with its checkpoint, so a broken-off copy goes on
// where it was.
func (w *carry) copyRows(ctx context.Context, s *phases.Step) error {
	copier, ok := w.db.Dialect().(dialects.Copier)
	if !ok {
		return &ConfigError{Problem: fmt.Sprintf("segue does not copy rows on %s", w.db.Dialect().Kind())}
	}
	o := backfill.Options{
		Session: w.session, Database: w.db, Copier: copier, Spec: *s.Copy,
		Store:       copyStore{ledger: w.ledger, migration: w.rec.Version, step: s.ID},
		BatchTarget: w.options.Backfill.BatchTarget, Workers: w.options.Backfill.Workers,
		Throttles: w.options.Backfill.Throttles, Paused: w.paused(),
		Logger: w.log.With("migration", w.rec.Version, "step", s.ID), Clock: w.clock,
	}
	if report := w.options.Backfill.Progress; report != nil {
		version := w.rec.Version
		o.Progress = func(p backfill.Progress) { report(version, p) }
	}
	result, err := backfill.Run(ctx, o)
	w.log.Info("copied", "migration", w.rec.Version, "rows_seen", result.Seen, "rows_written", result.Written, "rows_repaired", result.Repaired)
	switch {
	case errors.Is(err, backfill.ErrPaused):
		return &WaitingError{Migration: w.rec.Version, Reason: "its backfill was paused, or is being rolled back", Hint: "segue status " + w.rec.Version}
	case errors.Is(err, backfill.ErrInterrupted):
		return errors.Join(&WaitingError{Migration: w.rec.Version, Reason: "its backfill was interrupted; what is copied is kept", Hint: "run the same command again"}, err)
	case err != nil:
		return err
	}
	return w.ledger.settle(ctx, w.session, w.rec.Version, s.ID, stepDone, 0, "")
}

// paused asks the ledger whether the copy is to end: it was paused, or is being rolled back. The
// command's own session is free meanwhile, and is asked by one worker at a time.
func (w *carry) paused() func(context.Context) (bool, error) {
	var one sync.Mutex
	return func(ctx context.Context) (bool, error) {
		one.Lock()
		defer one.Unlock()
		r, err := w.ledger.record(ctx, w.conn.session, w.rec.Version)
		if err != nil || r == nil {
			return false, err
		}
		return r.State == phases.Paused || r.Direction == phases.Back, nil
	}
}

// verify reads every row, and stops at those whose two forms are not identical.
func (w *carry) verify(ctx context.Context, s *phases.Step) error {
	copier, ok := w.db.Dialect().(dialects.Copier)
	if !ok {
		return &ConfigError{Problem: fmt.Sprintf("segue does not compare rows on %s", w.db.Dialect().Kind())}
	}
	rows, err := copier.Differing(ctx, w.session, *s.Copy, shownRows)
	if err != nil {
		return fmt.Errorf("comparing rows for step %s of %s: %w", s.ID, w.rec.Version, err)
	}
	if len(rows) > 0 {
		return &DiffersError{Migration: w.rec.Version, Old: s.Copy.From, New: s.Copy.To, Rows: rows}
	}
	return w.ledger.settle(ctx, w.session, w.rec.Version, s.ID, stepDone, 0, "")
}

// shownRows is how many differing rows a message lists.
const shownRows = 20

// copyStore keeps a copy's checkpoints in the ledger.
type copyStore struct {
	ledger    ledger
	migration string
	step      string
}

func (s copyStore) Load(ctx context.Context, q dialects.Queryer) ([]backfill.RangeState, error) {
	rows, err := q.Query(ctx, "SELECT spec, copy_cursor, rows_done, batch_size, state FROM "+s.ledger.table("backfills")+
		" WHERE project = $1 AND migration = $2 AND step = $3 ORDER BY copy_range", s.ledger.project, s.migration, s.step)
	if err != nil {
		return nil, fmt.Errorf("reading checkpoints: %w", err)
	}
	defer rows.Close()
	var list []backfill.RangeState
	for rows.Next() {
		var r backfill.RangeState
		var spec, state string
		if err := rows.Scan(&spec, &r.Cursor, &r.RowsDone, &r.BatchSize, &state); err != nil {
			return nil, fmt.Errorf("reading checkpoints: %w", err)
		}
		if err := json.Unmarshal([]byte(spec), &r.Range); err != nil {
			return nil, fmt.Errorf("reading checkpoints: %w", err)
		}
		r.State = backfill.State(state)
		list = append(list, r)
	}
	return list, rows.Err()
}

func (s copyStore) Create(ctx context.Context, tx dialects.Queryer, ranges []backfill.RangeState) error {
	for _, r := range ranges {
		spec, err := json.Marshal(r.Range)
		if err != nil {
			return fmt.Errorf("writing checkpoints: %w", err)
		}
		_, err = tx.Exec(ctx, "INSERT INTO "+s.ledger.table("backfills")+
			" (project, migration, step, copy_range, spec, copy_cursor, rows_done, rows_total, batch_size, state, updated_at)"+
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
			s.ledger.project, s.migration, s.step, r.Range.ID, string(spec), r.Cursor, r.RowsDone, r.Range.Rows, r.BatchSize, string(r.State), s.ledger.clock.Now())
		if err != nil {
			return fmt.Errorf("writing checkpoints: %w", err)
		}
	}
	return nil
}

func (s copyStore) Save(ctx context.Context, tx dialects.Queryer, r backfill.RangeState) error {
	spec, err := json.Marshal(r.Range)
	if err != nil {
		return fmt.Errorf("writing a checkpoint: %w", err)
	}
	n, err := tx.Exec(ctx, "UPDATE "+s.ledger.table("backfills")+
		" SET spec = $1, copy_cursor = $2, rows_done = $3, rows_total = $4, batch_size = $5, state = $6, updated_at = $7"+
		" WHERE project = $8 AND migration = $9 AND step = $10 AND copy_range = $11",
		string(spec), r.Cursor, r.RowsDone, max(r.Range.Rows, r.RowsDone), r.BatchSize, string(r.State), s.ledger.clock.Now(),
		s.ledger.project, s.migration, s.step, r.Range.ID)
	if err != nil {
		return fmt.Errorf("writing a checkpoint: %w", err)
	}
	if n != 1 {
		return fmt.Errorf("writing a checkpoint: range %s of migration %s is gone from the ledger; it may have been rolled back", r.Range.ID, s.migration)
	}
	return nil
}

func (s copyStore) Waiting(ctx context.Context, q dialects.Queryer, reason string) error {
	_, err := q.Exec(ctx, "UPDATE "+s.ledger.table("backfills")+" SET waiting_for = $1 WHERE project = $2 AND migration = $3 AND step = $4",
		reason, s.ledger.project, s.migration, s.step)
	if err != nil {
		return fmt.Errorf("writing why the backfill waits: %w", err)
	}
	return nil
}
