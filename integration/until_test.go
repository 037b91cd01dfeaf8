package integration_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/segue-db/segue/migrate"
)

// patience is how long a test waits for what must come, on a machine that is busy with others.
const patience = 2 * time.Minute

// until polls a condition.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		select {
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// await receives from a channel.
func await[T any](t testing.TB, what string, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatalf("waited in vain for %s", what)
	}
	panic("unreachable")
}

// orEnded awaits what happens before a runner ends.
func orEnded(t testing.TB, what string, happens <-chan bool, ended <-chan error) {
	t.Helper()
	select {
	case <-happens:
	case err := <-ended:
		t.Fatalf("the runner ended before %s: %v", what, err)
	case <-time.After(patience):
		t.Fatalf("waited in vain for %s", what)
	}
}

// background runs f and hands its error over.
func background(f func() error) <-chan error {
	ended := make(chan error, 1)
	go func() { ended <- f() }()
	return ended
}

func statuses(t testing.TB, r *migrate.Runner) []migrate.MigrationStatus {
	t.Helper()
	list, err := r.Status(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// onLog is told of each line of a runner's log, while the runner stands there.
type onLog func(slog.Record)

// Enabled is true for all levels.
func (onLog) Enabled(context.Context, slog.Level) bool { return true }

// Handle calls the function.
func (f onLog) Handle(_ context.Context, r slog.Record) error {
	f(r)
	return nil
}

// WithAttrs leaves out what all lines share.
func (f onLog) WithAttrs([]slog.Attr) slog.Handler { return f }

// WithGroup leaves groups out.
func (f onLog) WithGroup(string) slog.Handler { return f }

// attr is one attribute of a log line, as text.
func attr(r slog.Record, key string) (text string) {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == key {
			text = a.Value.String()
		}
		return true
	})
	return text
}
