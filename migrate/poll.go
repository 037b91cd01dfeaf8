package migrate

import (
	"context"
	"time"
)

// poll asks until the answer is final, or Options.Wait is over; the last error stands. Nothing is
// held between two asks.
func (c *conn) poll(ctx context.Context, ask func() (final bool, err error)) error {
	deadline := c.clock.Now().Add(c.options.Wait)
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		final, err := ask()
		if final || err == nil || !c.clock.Now().Before(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.clock.After(pause):
		}
	}
}
