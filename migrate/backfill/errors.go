package backfill

import (
	"errors"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// Conditions under which [Run] ends early. All that was copied has been committed, and running the
// same copy again goes on from there.
var (
	// ErrPaused: Options.Paused said so.
	ErrPaused = errors.New("the backfill is paused")
	// ErrInterrupted: the context ended. The batch in flight was finished.
	ErrInterrupted = errors.New("the backfill was interrupted")
)

// BadRowError says which row cannot be written: its values break a constraint of the table.
type BadRowError struct {
	Table dialects.Name
	Key   string // id=42
	Cause error
}

func (e *BadRowError) Error() string {
	return fmt.Sprintf("copying the row %s of %s: %v; correct or delete the row, and run the same command again", e.Key, e.Table, e.Cause)
}

func (e *BadRowError) Unwrap() error { return e.Cause }
