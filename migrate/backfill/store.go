package backfill

import (
	"context"

	"github.com/segue-db/segue/dialects"
)

// State is where the copy of one range stands.
type State string

// The states of a range.
const (
	Copying State = "copying"
	Copied  State = "copied"
)

// RangeState is one range and its checkpoint.
type RangeState struct {
	Range     dialects.CopyRange
	Cursor    string // opaque; empty stands before the first row
	RowsDone  int64
	BatchSize int // rows; of the next batch
	State     State
}

// Store keeps the checkpoints of one copy. Its methods run on the queryer that they are given and
// make no transaction of their own. They may be called from several workers, each with a queryer of
// its own.
type Store interface {
	// Load is every range, in the order of Create; none before Create.
	Load(ctx context.Context, q dialects.Queryer) ([]RangeState, error)
	// Create keeps a new copy's ranges, in one transaction.
	Create(ctx context.Context, tx dialects.Queryer, ranges []RangeState) error
	// Save replaces the checkpoint of the range with this ID. It runs in the transaction of the
	// batch that it stands for.
	Save(ctx context.Context, tx dialects.Queryer, r RangeState) error
	// Waiting notes why the copy stands still, for those who look from elsewhere; empty once it
	// goes on.
	Waiting(ctx context.Context, q dialects.Queryer, reason string) error
}
