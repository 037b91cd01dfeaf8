package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
)

// settleTransactions waits until every transaction that runs when it begins has ended. One of them
// may have read a NULL before its row was filled, and would write it back over a real value once
// the new form has a vote (dual-write.md, A2). Nothing is locked meanwhile.
func (w *carry) settleTransactions(ctx context.Context, s *phases.Step) error {
	left, err := w.db.Transactions(ctx, w.session)
	if err != nil {
		return fmt.Errorf("running step %s of %s: %w", s.ID, w.rec.Version, err)
	}
	deadline := w.clock.Now().Add(w.options.Locks.Within)
	for pause := 10 * time.Millisecond; len(left) > 0; pause = min(2*pause, time.Second) {
		if !w.clock.Now().Before(deadline) {
			return &WaitingError{Migration: w.rec.Version,
				Reason: "transactions from before the backfill's end are still open" + describeBlockers(left),
				Hint:   "end them, or wait; then run the same command again"}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.clock.After(pause):
		}
		running, err := w.db.Transactions(ctx, w.session)
		if err != nil {
			return fmt.Errorf("running step %s of %s: %w", s.ID, w.rec.Version, err)
		}
		left = still(left, running)
	}
	return w.ledger.settle(ctx, w.session, w.rec.Version, s.ID, stepDone, 0, "")
}

// still are those that are running yet.
func still(left, running []dialects.Blocker) []dialects.Blocker {
	ids := map[string]bool{}
	for _, r := range running {
		ids[r.ID] = true
	}
	var open []dialects.Blocker
	for _, l := range left {
		if ids[l.ID] {
			open = append(open, l)
		}
	}
	return open
}
