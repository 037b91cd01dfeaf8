package integration_test

import (
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

func mustStatus(t *testing.T, r *migrate.Runner) []migrate.MigrationStatus {
	t.Helper()
	list, err := r.Status(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return list
}
