package backfill

import (
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

func TestNextSize(t *testing.T) {
	const target = 250 * time.Millisecond
	full := dialects.CopyBatch{Seen: 1000, Written: 1000}
	for _, test := range []struct {
		name  string
		size  int
		batch dialects.CopyBatch
		took  time.Duration
		want  int
	}{
		{"as it should be", 1000, full, target, 1000},
		{"a little fast", 1000, full, 200 * time.Millisecond, 1250},
		{"at most doubles", 1000, full, time.Millisecond, 2000},
		{"no time at all", 1000, full, 0, 2000},
		{"shrinks at once", 8000, full, 8 * target, 1000},
		{"lower bound", 1000, full, time.Hour, minBatch},
		{"upper bound", 40_000, full, time.Millisecond, maxBatch},
		{"little written, fast", 1000, dialects.CopyBatch{Seen: 1000, Written: 10}, time.Millisecond, 1000},
		{"little written, slow", 1000, dialects.CopyBatch{Seen: 1000, Written: 10}, 2 * target, 500},
	} {
		if got := nextSize(test.size, test.batch, test.took, target); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}
