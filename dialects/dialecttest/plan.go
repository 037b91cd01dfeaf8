package dialecttest

import (
	"fmt"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// plan is a dual write on a live table.
type plan struct {
	*live
	copier dialects.Copier
	before *dialects.Catalog
	spec   dialects.DualWriteSpec
	dw     *dialects.DualWrite
}

// users is a plain table of n rows, with all that a plan has to carry over but what servers see
// differently.
func users(n int) string {
	sql := `CREATE TABLE users (id int NOT NULL PRIMARY KEY, user_email varchar(60) NOT NULL DEFAULT 'none', name varchar(40));
		CREATE INDEX users_by_email ON users (user_email, name);
		CREATE UNIQUE INDEX users_once ON users (user_email, id);`
	if n > 0 {
		sql += inserts("users", "id, user_email, name", n, func(i int) string { return fmt.Sprintf("%d, 'user%[1]d@example.com', 'n'", i) })
	}
	return sql
}

// planUsers plans to rename users.user_email to email.
func planUsers(t *testing.T, f Fixture, setup string) *plan {
	t.Helper()
	return newPlan(t, f, setup, "users", "user_email", "email")
}

func newPlan(t *testing.T, f Fixture, setup, table, from, to string) *plan {
	t.Helper()
	p := &plan{live: open(t, f, setup)}
	makeLedger(t, p.live)
	writer := capability[dialects.DualWriter](t, p.d)
	p.copier = capability[dialects.Copier](t, p.d)
	p.before = p.inspect(t, p.s)
	p.spec = dialects.DualWriteSpec{Migration: "0002", Table: p.before.Resolve(dialects.Name{Name: table}), Old: from, New: to}
	dw, err := writer.DualWrite(p.before, p.spec)
	if err != nil {
		t.Fatal(err)
	}
	p.dw = dw
	if err := p.Preflight(t.Context(), p.s, p.before, dw.Copy); err != nil {
		t.Fatal(err)
	}
	return p
}

// send runs one text as its action says.
func (p *plan) send(t *testing.T, a dialects.Action, sql string) {
	t.Helper()
	if sql == "" {
		return
	}
	if !a.Transactional && len(a.Hold) == 0 {
		Script(t, p.s, sql)
		return
	}
	tx := Begin(t, p.s, dialects.TxOptions{Hold: a.Hold})
	Script(t, tx, sql)
	commit(t, tx)
}

// state is what an action's probe says.
func (p *plan) state(t *testing.T, a dialects.Action) string {
	t.Helper()
	return Value(t, p.s, a.Probe)
}

// do carries actions out, and asks their probes before and after.
func (p *plan) do(t *testing.T, actions ...dialects.Action) {
	t.Helper()
	for _, a := range actions {
		if !a.Transactional && a.Probe == "" {
			t.Errorf("%s commits by itself and has no probe", a.SQL)
		}
		if a.Why == "" || a.Blocks == "" {
			t.Errorf("%s: why %q, blocks %q", a.SQL, a.Why, a.Blocks)
		}
		if a.Probe == "" {
			p.send(t, a, a.SQL)
			continue
		}
		if got := p.state(t, a); got != "absent" {
			t.Errorf("before %s its probe says %s", a.SQL, got)
		}
		p.send(t, a, a.SQL)
		if got := p.state(t, a); got != "done" {
			t.Errorf("after %s its probe says %s", a.SQL, got)
		}
	}
}

// fill carries out expand and copies all rows.
func (p *plan) fill(t *testing.T) {
	t.Helper()
	p.do(t, p.dw.Expand...)
	p.copyAll(t, 2, 100)
}

// toDualWrite carries out all up to the phase in which every app version works.
func (p *plan) toDualWrite(t *testing.T) {
	t.Helper()
	p.fill(t)
	p.do(t, p.dw.Build...)
	p.do(t, p.dw.TwoWay...)
}

// contract asks for what nobody planned while the table is held, and takes the old form out.
func (p *plan) contract(t *testing.T) {
	t.Helper()
	tx := Begin(t, p.s, dialects.TxOptions{Hold: []dialects.Name{p.spec.Table}})
	p.wantNothingNew(t, tx)
	rollback(t, tx)
	p.do(t, p.dw.Contract...)
}

func (p *plan) wantNothingNew(t *testing.T, q dialects.Queryer) {
	t.Helper()
	found, err := p.Recheck(t.Context(), q, p.spec, p.dw.Recheck)
	if err != nil {
		t.Fatal(err)
	}
	for _, message := range found {
		t.Errorf("the plan does not know of: %s", message)
	}
}

// ranges are new ones over the whole table.
func (p *plan) ranges(t *testing.T, workers int) []dialects.CopyRange {
	t.Helper()
	ranges, err := p.copier.Ranges(t.Context(), p.s, p.dw.Copy, workers)
	if err != nil {
		t.Fatal(err)
	}
	return ranges
}

// batch is one batch, committed.
func (p *plan) batch(t *testing.T, s dialects.Session, r dialects.CopyRange, cursor string, size int) dialects.CopyBatch {
	t.Helper()
	return CopyOnce(t, p.copier, s, p.dw.Copy, r, cursor, size)
}

// copyRange goes on behind a cursor to the range's end.
func (p *plan) copyRange(t *testing.T, s dialects.Session, r dialects.CopyRange, cursor string, size int) dialects.CopyBatch {
	t.Helper()
	return CopyRange(t, p.copier, s, p.dw.Copy, r, cursor, size)
}

// copyAll walks new ranges to their ends.
func (p *plan) copyAll(t *testing.T, workers, size int) dialects.CopyBatch {
	t.Helper()
	sum, _ := CopyAll(t, p.copier, p.s, p.dw.Copy, workers, size)
	return sum
}

// differing are rows whose forms differ.
func (p *plan) differing(t *testing.T) []dialects.RowDiff {
	t.Helper()
	return Differing(t, p.copier, p.s, p.dw.Copy)
}

func (p *plan) wantIdentical(t *testing.T, when string) {
	t.Helper()
	for _, row := range p.differing(t) {
		t.Errorf("%s: %s %s differs", when, row.Table, row.Key)
	}
}
