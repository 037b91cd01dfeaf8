package backfill

import (
	"context"
	"fmt"
)

// Throttle is asked between batches whether the server can bear more. It must be safe for several
// workers at once.
type Throttle interface {
	// Reason says why the copy has to stand still for now; empty where it may go on. An error says
	// that nobody can tell, and holds the copy like a reason: a signal that cannot be read may be
	// the one that would have said stop.
	Reason(ctx context.Context) (string, error)
}

// held is the first reason that a throttle has.
func held(ctx context.Context, throttles []Throttle) string {
	for _, t := range throttles {
		reason, err := t.Reason(ctx)
		if err != nil {
			return fmt.Sprintf("the load cannot be read: %v", err)
		}
		if reason != "" {
			return reason
		}
	}
	return ""
}
