package backfill

import (
	"context"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

const (
	// scanLimit is how many differing rows a scan returns. They are written one by one, which
	// costs far more a row than a walk, so where there are more the ranges are walked again.
	scanLimit = 250
	// repairBatch is how many of them share a transaction.
	repairBatch = 100
)

// finish brings the copy to its end: every range, then all that still differs, until a scan of the
// whole table finds nothing.
//
// A row may be left because another session had it locked while its batch passed, or moved it under
// the walk by changing its key, or because something that fires no trigger wrote to one side. While
// the triggers only fill, the old side is right in each case.
func (e *engine) finish(ctx context.Context, ranges []RangeState) error {
	for wait := firstWait; ; {
		if err := e.copyRanges(ctx, ranges); err != nil {
			return err
		}
		if err := e.mayGo(ctx, e.Session); err != nil {
			return err
		}
		began := e.Clock.Now()
		rows, err := e.Copier.Differing(ctx, e.Session, e.Spec, scanLimit)
		if err != nil {
			return err
		}
		scan := e.Clock.Now().Sub(began)
		e.count(func(sum *Result) { sum.Scans++ })
		e.Logger.Info("table scanned", "table", e.Spec.Table.String(), "differing", len(rows), "took", scan)
		if len(rows) == 0 {
			return nil
		}
		left, err := e.repair(ctx, rows)
		if err != nil {
			return err
		}
		if len(rows) == scanLimit {
			if err := e.startOver(ctx, ranges); err != nil {
				return err
			}
		}
		if len(left) == 0 {
			wait = firstWait
			continue
		}
		// Not more than half of the time is spent on scans. The second attempt saves one where
		// the rows are free by then.
		if err := e.wait(ctx, e.Session, max(wait, scan), lockedRows(len(left))); err != nil {
			return err
		}
		wait = min(2*wait, lastWait)
		if _, err := e.repair(ctx, left); err != nil {
			return err
		}
	}
}

func lockedRows(n int) string {
	if n == 1 {
		return "1 row locked by another session"
	}
	return fmt.Sprintf("%d rows locked by other sessions", n)
}

// repair writes rows and returns those that it could not: locked by others, or changed since.
func (e *engine) repair(ctx context.Context, rows []dialects.RowDiff) (left []dialects.RowDiff, err error) {
	for len(rows) > 0 {
		if err := e.mayGo(ctx, e.Session); err != nil {
			return nil, err
		}
		part := rows[:min(repairBatch, len(rows))]
		rows = rows[len(part):]
		var skipped []dialects.RowDiff
		err := e.try(ctx, e.Session, func(ctx context.Context, tx dialects.Tx) error {
			skipped = nil
			for _, row := range part {
				written, err := e.Copier.Repair(ctx, tx, e.Spec, row, dialects.Old)
				if e.Database.Fault(err) == dialects.FaultConstraint {
					return &BadRowError{Table: row.Table, Key: row.Key, Cause: err}
				}
				if err != nil {
					return err
				}
				if !written {
					skipped = append(skipped, row)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		e.count(func(sum *Result) { sum.Repaired += int64(len(part) - len(skipped)) })
		left = append(left, skipped...)
	}
	return left, nil
}

// startOver puts every range back to its beginning.
func (e *engine) startOver(ctx context.Context, ranges []RangeState) error {
	again := make([]RangeState, len(ranges))
	var done int64
	for i, r := range ranges {
		done += r.RowsDone
		r.Cursor, r.RowsDone, r.State = "", 0, Copying
		again[i] = r
	}
	err := e.try(ctx, e.Session, func(ctx context.Context, tx dialects.Tx) error {
		for _, r := range again {
			if err := e.Store.Save(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	copy(ranges, again)
	e.meter.passed(-done)
	return nil
}
