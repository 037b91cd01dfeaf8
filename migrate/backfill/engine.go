package backfill

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/segue-db/segue/dialects"
)

// engine is one run.
type engine struct {
	Options
	meter *meter

	mu     sync.Mutex
	result Result
}

func (e *engine) count(add func(*Result)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	add(&e.result)
}

func (e *engine) run(ctx context.Context) error {
	ranges, err := e.ranges(ctx)
	if err != nil {
		return err
	}
	e.meter = newMeter(e.Options, ranges)
	err = e.finish(ctx, ranges)
	// What it waited for is over, however the run ended; the session may be what was lost.
	if waiting := e.meter.waiting(context.WithoutCancel(ctx), e.Session, ""); err == nil {
		err = waiting
	}
	return err
}

// ranges are those of an earlier run, or new ones.
func (e *engine) ranges(ctx context.Context) ([]RangeState, error) {
	ranges, err := e.Store.Load(ctx, e.Session)
	if err != nil || len(ranges) > 0 {
		return ranges, err
	}
	found, err := e.Copier.Ranges(ctx, e.Session, e.Spec, e.Workers)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	for _, r := range found {
		ranges = append(ranges, RangeState{Range: r, BatchSize: firstBatch, State: Copying})
	}
	err = e.try(ctx, e.Session, func(ctx context.Context, tx dialects.Tx) error {
		return e.Store.Create(ctx, tx, ranges)
	})
	return ranges, err
}

// mayGo returns once nothing holds the next batch, or with the reason to end.
func (e *engine) mayGo(ctx context.Context, s dialects.Session) error {
	for {
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		if e.Paused != nil {
			paused, err := e.Paused(ctx)
			if err != nil {
				return fmt.Errorf("asking whether the backfill is paused: %w", err)
			}
			if paused {
				return ErrPaused
			}
		}
		reason := held(ctx, e.Throttles)
		if reason == "" {
			return e.meter.waiting(ctx, s, "")
		}
		if err := e.wait(ctx, s, time.Second, reason); err != nil {
			return err
		}
	}
}

// wait stands still, and says why.
func (e *engine) wait(ctx context.Context, s dialects.Session, d time.Duration, reason string) error {
	if e.meter != nil {
		if err := e.meter.waiting(ctx, s, reason); err != nil {
			return err
		}
	}
	select {
	case <-ctx.Done():
		return ErrInterrupted
	case <-e.Clock.After(d):
		return nil
	}
}

// Waits between attempts double from the first to the last.
const (
	firstWait = 50 * time.Millisecond
	lastWait  = 5 * time.Second
)

// try carries a transaction out, again and again while what fails it is passing. A transaction
// that has begun is not cancelled: the end of ctx is seen between attempts.
func (e *engine) try(ctx context.Context, s dialects.Session, run func(context.Context, dialects.Tx) error) error {
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		err := e.transact(context.WithoutCancel(ctx), s, run)
		fault := e.Database.Fault(err)
		if !fault.Passing() {
			return err
		}
		e.Logger.Info("trying again", "table", e.Spec.Table.String(), "fault", string(fault), "error", err)
		jittered := wait/2 + rand.N(wait/2)
		reason := fmt.Sprintf("another attempt on %s after a %s", e.Spec.Table, fault)
		if err := e.wait(ctx, s, jittered, reason); err != nil {
			return err
		}
	}
}

func (e *engine) transact(ctx context.Context, s dialects.Session, run func(context.Context, dialects.Tx) error) error {
	tx, err := s.Begin(ctx, dialects.TxOptions{LockTimeout: e.LockTimeout})
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := run(ctx, tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
