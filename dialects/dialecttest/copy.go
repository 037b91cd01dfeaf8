package dialecttest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

// copyTables are keys that a copy walks: a table u with its key's columns and the column o.
var copyTables = []struct {
	name, key, columns string
	row                func(i int) string
}{
	{"integers", "id int NOT NULL PRIMARY KEY", "id", func(i int) string { return fmt.Sprint(i) }},
	{"big integers", "id bigint NOT NULL PRIMARY KEY", "id", func(i int) string { return fmt.Sprint(i*15_000_000_000_000_000 - 4_500_000_000_000_000_000) }},
	{"words", "id varchar(40) NOT NULL PRIMARY KEY", "id", func(i int) string { return fmt.Sprintf(`'%c'' "é$1?%d'`, 'a'+i%26, i) }},
	{"decimals", "id decimal(12,3) NOT NULL PRIMARY KEY", "id", func(i int) string { return fmt.Sprintf("%d.%03d", i-300, i) }},
	{"times", "id timestamp NOT NULL PRIMARY KEY", "id", func(i int) string { return fmt.Sprintf("'2026-01-%02d %02d:00:00'", i/24+1, i%24) }},
	{"two columns", "region varchar(10) NOT NULL, id int NOT NULL, PRIMARY KEY (region, id)", "region, id",
		func(i int) string { return fmt.Sprintf("'r%d', %d", i%5, i) }},
}

// A copy passes over every row once, in as many ranges as were asked for, and goes on where it was.
func testCopy(t *testing.T, f Fixture) {
	const rows = 600
	for _, table := range copyTables {
		t.Run(table.name, func(t *testing.T) {
			p := newPlan(t, f, `CREATE TABLE u (`+table.key+`, o varchar(40));`+
				inserts("u", table.columns+", o", rows, func(i int) string { return fmt.Sprintf("%s, 'v%d'", table.row(i), i) }), "u", "o", "n")
			p.do(t, p.dw.Expand...)
			ranges := p.ranges(t, 3)
			if len(ranges) == 0 || len(ranges) > 3 {
				t.Errorf("%d ranges for 3 workers", len(ranges))
			}
			var sum dialects.CopyBatch
			for i, r := range ranges {
				if r.ID == "" || r.Table != p.spec.Table {
					t.Errorf("range %+v", r)
				}
				// Another session goes on behind the first batch, as a runner that is started again.
				first := p.batch(t, p.s, r, "", 7)
				b := first
				if !first.Done {
					b = p.copyRange(t, p.session(t), r, first.Cursor, 50)
					b.Seen, b.Written = b.Seen+first.Seen, b.Written+first.Written
				}
				sum.Seen, sum.Written, sum.Skipped = sum.Seen+b.Seen, sum.Written+b.Written, sum.Skipped+b.Skipped
				if again := p.copyRange(t, p.s, ranges[i], "", 100); again.Written != 0 || again.Seen != b.Seen {
					t.Errorf("a second walk saw %d rows and wrote %d; the first saw %d", again.Seen, again.Written, b.Seen)
				}
			}
			if sum.Seen != rows || sum.Written != rows || sum.Skipped != 0 {
				t.Errorf("%+v, want each of %d rows once", sum, rows)
			}
			p.wantIdentical(t, "after the copy")
		})
	}
	t.Run("nothing", func(t *testing.T) {
		p := newPlan(t, f, `CREATE TABLE u (id int NOT NULL PRIMARY KEY, o varchar(40))`, "u", "o", "n")
		p.do(t, p.dw.Expand...)
		if sum := p.copyAll(t, 4, 10); sum.Seen != 0 || sum.Written != 0 {
			t.Errorf("of an empty table %+v", sum)
		}
	})
	t.Run("identity", func(t *testing.T) {
		// What a server takes for equal is not identical: case and trailing blanks.
		p := newPlan(t, f, `CREATE TABLE u (id int NOT NULL PRIMARY KEY, o varchar(40))`, "u", "o", "n")
		p.do(t, p.dw.Expand...)
		p.bypassed(t, `INSERT INTO u (id, o, n) VALUES (1, 'A', 'a'), (2, 'a', 'a '), (3, 'a', 'a'), (4, NULL, 'x'), (5, 'x', NULL), (6, NULL, NULL), (7, '', NULL)`)
		if got := len(p.differing(t)); got != 5 {
			t.Errorf("%d rows differ, want 5", got)
		}
		if sum := p.copyAll(t, 1, 10); sum.Written != 5 || sum.Seen != 7 {
			t.Errorf("%+v, want 5 of 7 rows written", sum)
		}
		p.wantIdentical(t, "after the copy")
		if got := Value(t, p.s, `SELECT COUNT(*) FROM u WHERE n IS NULL`); got != "2" {
			t.Errorf("%s rows are NULL, want 2", got)
		}
	})
}

// bypassed runs SQL that the sync triggers do not see.
func (p *plan) bypassed(t *testing.T, sql string) {
	t.Helper()
	s := p.session(t)
	Script(t, s, p.f.SQL.Bypass)
	Script(t, s, sql)
	Script(t, s, p.f.SQL.Restore)
}

// A copy never undoes a write beside it (A10), never waits for a row while it holds one (A12), skips
// and counts what is locked, and comes back for it.
func testCopyBesideWriters(t *testing.T, f Fixture) {
	p := planUsers(t, f, users(10))
	p.do(t, p.dw.Expand...)
	app, late := p.app(t, "app"), p.session(t)
	latePID := p.pid(t, late)
	send(t, app, `BEGIN`)
	send(t, app, `UPDATE users SET user_email = 'NEW' WHERE id = 3`)
	send(t, app, `SELECT * FROM users WHERE id IN (4, 10) FOR UPDATE`)
	r := p.ranges(t, 1)[0]
	tx := Begin(t, p.s, dialects.TxOptions{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // one that waits would do so for ever
	defer cancel()
	b, err := p.copier.CopyBatch(ctx, tx, p.dw.Copy, r, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	if b.Written != 7 || b.Skipped != 3 {
		t.Errorf("%+v, want 7 rows written and 3 skipped", b)
	}
	// A writer waits for the batch, and then writes on top of it.
	wrote := later(func(ctx context.Context) error {
		return late.Script(ctx, `UPDATE users SET user_email = 'LATE' WHERE id = 1`)
	})
	p.awaitWait(t, p.session(t), latePID)
	// Nor does one that holds what the batch skipped become a deadlock's victim.
	blocked := later(func(ctx context.Context) error { return app.Exec(ctx, `UPDATE users SET name = 'x' WHERE id = 2`) })
	commit(t, tx)
	if err := <-wrote; err != nil {
		t.Errorf("the app's write beside a batch: %v", err)
	}
	if err := <-blocked; err != nil {
		t.Errorf("the app that held rows which the batch skipped: %v", err)
	}
	send(t, app, `COMMIT`)
	p.copyAll(t, 1, 4)
	p.wantIdentical(t, "after both")
	for id, want := range map[string]string{"1": "LATE", "3": "NEW", "4": "user4@example.com"} {
		if got := Value(t, p.s, `SELECT email FROM users WHERE id = `+id); got != want {
			t.Errorf("row %s is %q, want %q", id, got, want)
		}
	}
}
