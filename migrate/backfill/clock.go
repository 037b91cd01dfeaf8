package backfill

import "time"

// Clock tells the time. Tests put their own in its place.
type Clock interface {
	Now() time.Time
	// After sends the time once the duration has passed.
	After(d time.Duration) <-chan time.Time
}

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now is time.Now.
func (SystemClock) Now() time.Time { return time.Now() }

// After is time.After.
func (SystemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }
