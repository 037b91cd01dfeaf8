package dialects

import "context"

// Copier is the capability to copy values from one column to another, batch by batch, without
// ever waiting for a row while holding one.
type Copier interface {
	// Ranges splits the rows that are there now, for a copy by the given number of workers.
	// Rows that come later are the triggers' business.
	Ranges(ctx context.Context, q Queryer, c CopySpec, workers int) ([]CopyRange, error)
	// CopyBatch locks up to size keys behind the cursor, skipping locked ones, and makes To
	// identical to From in exactly those that differ. The sync trigger steps aside for it.
	CopyBatch(ctx context.Context, tx Tx, c CopySpec, r CopyRange, cursor string, size int) (CopyBatch, error)
	// Differing finds rows of the whole table whose two columns are not identical, up to limit.
	Differing(ctx context.Context, q Queryer, c CopySpec, limit int) ([]RowDiff, error)
	// Repair makes one differing row's columns identical, taking the value of the given side.
	// It skips a row that is locked, and reports whether it changed it.
	Repair(ctx context.Context, tx Tx, c CopySpec, row RowDiff, take Side) (bool, error)
	// FindBadRow runs a failed batch again row by row, inside tx, and returns the key of the first
	// row that fails and its error. The transaction must be rolled back afterwards.
	FindBadRow(ctx context.Context, tx Tx, c CopySpec, r CopyRange, cursor string, size int) (key string, cause error, err error)
}

// CopyRange is a part of the rows. From and To are opaque to all but the Copier that made them; a
// cursor is too, and an empty one stands before the first row.
type CopyRange struct {
	ID    string `json:"id"`
	Table Name   `json:"table"`
	From  string `json:"from"`
	To    string `json:"to"`
	Rows  int64  `json:"rows"` // estimate
	// Storage identifies the physical storage that block cursors belong to; a cursor is void
	// when it changed.
	Storage string `json:"storage,omitempty"`
}

// CopyBatch is what a batch did.
type CopyBatch struct {
	Cursor  string
	Seen    int64 // keys passed over
	Written int64
	Skipped int64 // differing rows that somebody else had locked
	Done    bool  // the cursor is at the range's end
}

// RowDiff is a row whose forms differ. Values are as the server prints them; nil is NULL.
type RowDiff struct {
	Table Name
	Key   string // for people: id=42
	// Locator finds the row again; opaque.
	Locator string
	Old     *string
	New     *string
}

// Side is one of a column's two forms.
type Side string

// The sides.
const (
	Old Side = "old"
	New Side = "new"
)
