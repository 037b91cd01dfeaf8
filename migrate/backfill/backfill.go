package backfill

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/segue-db/segue/dialects"
)

// Options say what is copied and how. Session, Database, Copier, Spec and Store are required.
type Options struct {
	// Session is the caller's, which holds the lock on this copy. The first worker works on it, so
	// a runner that lost its session cannot go on.
	Session dialects.Session
	// Database opens a session for each further worker, and classifies errors.
	Database dialects.Database
	Copier   dialects.Copier
	Spec     dialects.CopySpec
	Store    Store

	// BatchTarget is the time that a batch should take. Default 250 ms.
	BatchTarget time.Duration
	// LockTimeout is how long a batch waits for a lock on the table. It waits for no row. The
	// default, 250 ms, is shorter than the time after which servers look for deadlocks, so that
	// it is always the copy that gives way.
	LockTimeout time.Duration
	// Workers copy disjoint ranges, each in a session of its own. Default 1.
	Workers   int
	Throttles []Throttle
	// Paused is asked between batches; nil means never. Several workers may ask at once.
	Paused func(ctx context.Context) (bool, error)
	// Progress is told of each batch and each wait, never twice at once; nil means nobody. It must
	// not block.
	Progress func(Progress)
	Logger   *slog.Logger // default: none
	Clock    Clock        // default: the system's
}

// Result is what a run did.
type Result struct {
	Seen    int64 // rows passed over
	Written int64
	// Repaired are rows that the ranges' passes had left, because others had them locked or wrote
	// to one side alone.
	Repaired int64
	Scans    int // of the whole table for rows that differ
}

// Run copies until no row differs. It ends early with [ErrPaused], [ErrInterrupted], a
// [*BadRowError], or the server's error; each time what was done is kept, and another Run goes on
// from there. The result counts this run alone, and is good beside an error too.
func Run(ctx context.Context, o Options) (Result, error) {
	o.BatchTarget = cmp.Or(o.BatchTarget, 250*time.Millisecond)
	o.LockTimeout = cmp.Or(o.LockTimeout, 250*time.Millisecond)
	o.Workers = max(1, o.Workers)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = SystemClock{}
	}
	e := &engine{Options: o}
	err := e.run(ctx)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) { // a statement was cancelled
		err = fmt.Errorf("%w: %w", ErrInterrupted, err)
	}
	return e.result, err
}
