package dialecttest

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// Rows that differ are named with both values, and made identical by either.
func testDiffering(t *testing.T, f Fixture) {
	p := planUsers(t, f, users(20))
	p.toDualWrite(t)
	p.wantIdentical(t, "in dual-write")
	p.bypassed(t, `UPDATE users SET email = 'other' WHERE id IN (3, 5, 7)`)
	p.bypassed(t, `UPDATE users SET user_email = 'OLD' WHERE id = 9`)
	rows := p.differing(t)
	if len(rows) != 4 {
		t.Fatalf("%d rows differ, want 4: %+v", len(rows), rows)
	}
	if some, err := p.copier.Differing(t.Context(), p.s, p.dw.Copy, 2); err != nil || len(some) != 2 {
		t.Errorf("up to 2 rows are %d (%v)", len(some), err)
	}
	byKey := map[string]dialects.RowDiff{}
	for _, row := range rows {
		byKey[row.Key] = row
	}
	three, nine := byKey["id=3"], byKey["id=9"]
	if three.Old == nil || *three.Old != "user3@example.com" || three.New == nil || *three.New != "other" || three.Table != p.spec.Table {
		t.Errorf("%+v among %+v", three, rows)
	}
	if nine.Old == nil || *nine.Old != "OLD" {
		t.Errorf("%+v among %+v", nine, rows)
	}
	app := p.app(t, "app")
	send(t, app, `BEGIN`)
	send(t, app, `UPDATE users SET name = 'x' WHERE id = 3`)
	if p.repair(t, three, dialects.Old) {
		t.Error("a locked row was repaired")
	}
	send(t, app, `COMMIT`)
	for key, take := range map[string]dialects.Side{"id=3": dialects.Old, "id=5": dialects.New, "id=7": dialects.Old, "id=9": dialects.New} {
		if !p.repair(t, byKey[key], take) {
			t.Errorf("%s was not repaired", key)
		}
		if p.repair(t, byKey[key], take) {
			t.Errorf("%s was identical and repaired again", key)
		}
	}
	p.wantIdentical(t, "after repair")
	for id, want := range map[string]string{"3": "user3@example.com", "5": "other", "7": "user7@example.com", "9": "user9@example.com"} {
		for _, column := range []string{"user_email", "email"} {
			if got := Value(t, p.s, `SELECT `+column+` FROM users WHERE id = `+id); got != want {
				t.Errorf("%s of row %s is %q, want %q", column, id, got, want)
			}
		}
	}
}

func (p *plan) repair(t *testing.T, row dialects.RowDiff, take dialects.Side) bool {
	t.Helper()
	return Repair(t, p.copier, p.s, p.dw.Copy, row, take)
}

// The row that keeps a batch from going on is named, with its own error.
func testBadRow(t *testing.T, f Fixture) {
	p := planUsers(t, f, users(12))
	p.do(t, p.dw.Expand...)
	Script(t, p.s, `ALTER TABLE users ADD CONSTRAINT not_seven CHECK (email <> 'user7@example.com')`)
	r := p.ranges(t, 1)[0]
	first := p.batch(t, p.s, r, "", 3)
	tx := Begin(t, p.s, dialects.TxOptions{})
	_, err := p.copier.CopyBatch(t.Context(), tx, p.dw.Copy, r, first.Cursor, 100)
	wantFault(t, p, err, dialects.FaultConstraint, "a batch with a bad row")
	rollback(t, tx)
	tx = Begin(t, p.s, dialects.TxOptions{})
	key, cause, err := p.copier.FindBadRow(t.Context(), tx, p.dw.Copy, r, first.Cursor, 100)
	if err != nil {
		t.Fatal(err)
	}
	rollback(t, tx)
	if key != "id=7" {
		t.Errorf("the bad row is %q, want id=7", key)
	}
	wantFault(t, p, cause, dialects.FaultConstraint, "the bad row's error")
	if cause != nil && !strings.Contains(cause.Error(), "not_seven") {
		t.Errorf("the error names no constraint: %v", cause)
	}
	Script(t, p.s, `UPDATE users SET user_email = 'good' WHERE id = 7`)
	p.copyRange(t, p.s, r, first.Cursor, 100)
	p.wantIdentical(t, "once the row was mended")
}
