package backfill

import (
	"time"

	"github.com/segue-db/segue/dialects"
)

// Bounds of a batch, in rows. The first batch is small, since nothing is known of the table yet.
const (
	minBatch   = 100
	firstBatch = 1_000
	maxBatch   = 50_000
)

// nextSize fits the size to the target time: it shrinks at once and at most doubles.
//
// A batch that wrote less than half of what it passed over says nothing of what writing costs, so it
// does not make the next one grow: after a long stretch of rows that are identical already, one
// batch would hold tens of thousands of locks for a long time.
func nextSize(size int, b dialects.CopyBatch, took, target time.Duration) int {
	fit := 2 * size
	if took > 0 {
		fit = int(min(float64(fit), float64(size)*float64(target)/float64(took)))
	}
	if fit > size && 2*b.Written < b.Seen {
		fit = size
	}
	return max(minBatch, min(maxBatch, fit))
}
