package backfill

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/segue-db/segue/dialects"
)

// keepalive is how often the first worker, when it has nothing left to copy, makes sure that its
// session, and with it the lock on this copy, is still there while others go on.
const keepalive = 5 * time.Second

// copyRanges brings every range to its end. The first error stops all workers; each finishes the
// batch that it is at.
func (e *engine) copyRanges(ctx context.Context, ranges []RangeState) error {
	queue := make(chan *RangeState, len(ranges))
	for i := range ranges {
		if ranges[i].State == Copying {
			queue <- &ranges[i]
		}
	}
	close(queue)

	work, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var others sync.WaitGroup
	for range min(e.Workers, len(queue)) - 1 {
		others.Go(func() {
			if err := e.furtherWorker(work, queue); err != nil {
				stop(err)
			}
		})
	}
	err := e.copyQueue(work, e.Session, queue)
	done := make(chan struct{})
	go func() {
		others.Wait()
		close(done)
	}()
	for err == nil {
		select {
		case <-done:
			return e.stopped(ctx, work)
		case <-e.Clock.After(keepalive):
			_, err = e.Session.Exec(context.WithoutCancel(ctx), "SELECT 1")
		}
	}
	stop(err)
	<-done
	return e.stopped(ctx, work)
}

// stopped is the first worker's error that ended the work; nil if it was not ended.
func (e *engine) stopped(ctx, work context.Context) error {
	if ctx.Err() != nil && errors.Is(context.Cause(work), context.Cause(ctx)) {
		return ErrInterrupted
	}
	return context.Cause(work)
}

func (e *engine) furtherWorker(ctx context.Context, queue <-chan *RangeState) error {
	s, err := e.Database.Session(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	return e.copyQueue(ctx, s, queue)
}

func (e *engine) copyQueue(ctx context.Context, s dialects.Session, queue <-chan *RangeState) error {
	for r := range queue {
		for r.State == Copying {
			if err := e.mayGo(ctx, s); err != nil {
				return err
			}
			if err := e.copyBatch(ctx, s, r); err != nil {
				return err
			}
		}
		e.Logger.Info("range copied", "range", r.Range.ID, "rows", r.RowsDone)
	}
	return nil
}

// copyBatch copies one batch and its checkpoint in one transaction, and moves r on.
func (e *engine) copyBatch(ctx context.Context, s dialects.Session, r *RangeState) error {
	const unexplained = 3 // times that a constraint may be broken by no row that can be found
	size := r.BatchSize
	for attempt := 1; ; attempt++ {
		var batch dialects.CopyBatch
		var next RangeState
		err := e.try(ctx, s, func(ctx context.Context, tx dialects.Tx) error {
			began := e.Clock.Now()
			var err error
			batch, err = e.Copier.CopyBatch(ctx, tx, e.Spec, r.Range, r.Cursor, size)
			if err != nil {
				size = max(minBatch, size/2) // a smaller one is in less trouble
				return err
			}
			next = *r
			next.Cursor = batch.Cursor
			next.RowsDone += batch.Seen
			next.BatchSize = nextSize(size, batch, e.Clock.Now().Sub(began), e.BatchTarget)
			if batch.Done {
				next.State = Copied
			}
			return e.Store.Save(ctx, tx, next)
		})
		switch {
		case err == nil:
			*r = next
			e.count(func(sum *Result) { sum.Seen += batch.Seen; sum.Written += batch.Written })
			e.Logger.Debug("batch copied", "range", r.Range.ID, "size", size,
				"seen", batch.Seen, "written", batch.Written, "skipped", batch.Skipped)
			e.meter.passed(batch.Seen)
			return nil
		case errors.Is(err, ErrInterrupted):
			return err
		case e.Database.Fault(err) != dialects.FaultConstraint:
			return fmt.Errorf("copying %s: %w", r.Range.Table, err)
		}
		if bad := e.badRow(ctx, s, *r); bad != nil {
			return bad
		}
		if attempt == unexplained {
			return fmt.Errorf("copying %s: %w", r.Range.Table, err)
		}
	}
}

// badRow looks for the row that failed a batch, in one of the size that r asks for. It is nil where
// no row can be found: an app may have corrected it meanwhile, or had it locked.
func (e *engine) badRow(ctx context.Context, s dialects.Session, r RangeState) error {
	ctx = context.WithoutCancel(ctx)
	tx, err := s.Begin(ctx, dialects.TxOptions{LockTimeout: e.LockTimeout})
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	key, cause, err := e.Copier.FindBadRow(ctx, tx, e.Spec, r.Range, r.Cursor, r.BatchSize)
	if e.Database.Fault(err).Passing() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for the row of %s that cannot be copied: %w", r.Range.Table, err)
	}
	if cause == nil {
		return nil
	}
	return &BadRowError{Table: r.Range.Table, Key: key, Cause: cause}
}
