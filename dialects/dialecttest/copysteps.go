package dialecttest

import (
	"testing"

	"github.com/segue-db/segue/dialects"
)

// CopyOnce is one batch, committed.
func CopyOnce(t testing.TB, copier dialects.Copier, s dialects.Session, c dialects.CopySpec, r dialects.CopyRange, cursor string, size int) dialects.CopyBatch {
	t.Helper()
	tx := Begin(t, s, dialects.TxOptions{})
	b, err := copier.CopyBatch(t.Context(), tx, c, r, cursor, size)
	if err != nil {
		t.Fatalf("the batch behind %q of range %s: %v", cursor, r.ID, err)
	}
	commit(t, tx)
	return b
}

// CopyRange goes on behind a cursor to the range's end, and adds the batches up.
func CopyRange(t testing.TB, copier dialects.Copier, s dialects.Session, c dialects.CopySpec, r dialects.CopyRange, cursor string, size int) (sum dialects.CopyBatch) {
	t.Helper()
	for !sum.Done {
		b := CopyOnce(t, copier, s, c, r, cursor, size)
		if !b.Done && b.Cursor == cursor {
			t.Fatalf("the cursor of range %s stands still at %q", r.ID, cursor)
		}
		cursor = b.Cursor
		sum = added(sum, b)
		sum.Cursor, sum.Done = b.Cursor, b.Done
	}
	return sum
}

// CopyAll walks new ranges to their ends, and adds the batches up.
func CopyAll(t testing.TB, copier dialects.Copier, s dialects.Session, c dialects.CopySpec, workers, size int) (sum dialects.CopyBatch, ranges []dialects.CopyRange) {
	t.Helper()
	ranges, err := copier.Ranges(t.Context(), s, c, workers)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range ranges {
		sum = added(sum, CopyRange(t, copier, s, c, r, "", size))
	}
	return sum, ranges
}

func added(sum, b dialects.CopyBatch) dialects.CopyBatch {
	sum.Seen, sum.Written, sum.Skipped = sum.Seen+b.Seen, sum.Written+b.Written, sum.Skipped+b.Skipped
	return sum
}

// Differing are rows whose forms differ, up to 100.
func Differing(t testing.TB, copier dialects.Copier, s dialects.Session, c dialects.CopySpec) []dialects.RowDiff {
	t.Helper()
	rows, err := copier.Differing(t.Context(), s, c, 100)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Repair makes a row identical, and commits that.
func Repair(t testing.TB, copier dialects.Copier, s dialects.Session, c dialects.CopySpec, row dialects.RowDiff, take dialects.Side) bool {
	t.Helper()
	tx := Begin(t, s, dialects.TxOptions{})
	done, err := copier.Repair(t.Context(), tx, c, row, take)
	if err != nil {
		t.Fatalf("%s: %v", row.Key, err)
	}
	commit(t, tx)
	return done
}
