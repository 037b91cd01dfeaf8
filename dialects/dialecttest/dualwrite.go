package dialecttest

import (
	"fmt"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// renamed are tables whose column is renamed, by name.
func renamed(f Fixture) map[string]renaming {
	all := map[string]renaming{
		"plain":      {users(30), "users", "user_email", "email"},
		"wild names": wildTable,
		"nullable":   {`CREATE TABLE t (id int NOT NULL PRIMARY KEY, o int); INSERT INTO t VALUES (1, 1), (2, NULL)`, "t", "o", "n"},
		"default":    {`CREATE TABLE t (id int NOT NULL PRIMARY KEY, o decimal(8,2) NOT NULL DEFAULT 1.5, b int); INSERT INTO t (id) VALUES (1), (2)`, "t", "o", "n"},
		"not null":   {`CREATE TABLE t (id int NOT NULL PRIMARY KEY, b int, o varchar(20) NOT NULL); INSERT INTO t VALUES (1, 2, 'x'), (2, 3, '')`, "t", "o", "n"},
	}
	for name, setup := range f.Riches {
		all[name] = renaming{setup, "users", "user_email", "email"}
	}
	return all
}

type renaming struct{ setup, table, from, to string }

// wildTable is quoted in its setup as the dialect says: see planOf.
var wildTable = renaming{"CREATE TABLE %[1]s (id int NOT NULL PRIMARY KEY, %[2]s varchar(30)); INSERT INTO %[1]s VALUES (1, 'a'), (2, NULL)",
	`Us"er's $1`, "user`s E-Mäil", `"E" $$ \ ?`}

// planOf plans a renaming.
func planOf(t *testing.T, f Fixture, r renaming) *plan {
	t.Helper()
	return newPlan(t, f, r.text(t, f), r.table, r.from, r.to)
}

func (r renaming) text(t *testing.T, f Fixture) string {
	t.Helper()
	if r != wildTable {
		return r.setup
	}
	d := open(t, f).d
	return fmt.Sprintf(r.setup, d.Quote(r.table), d.Quote(r.from))
}

// A dual write ends in the schema that a plain rename leaves, but for the column's place.
func testDualWrite(t *testing.T, f Fixture) {
	for name, r := range renamed(f) {
		t.Run(name, func(t *testing.T) {
			plain := open(t, f, r.text(t, f))
			table, from, to := plain.d.Quote(r.table), plain.d.Quote(r.from), plain.d.Quote(r.to)
			p := planOf(t, f, r)
			Script(t, plain.s, fmt.Sprintf(`ALTER TABLE %s RENAME COLUMN %s TO %s`, table, from, to))
			p.toDualWrite(t)
			p.wantIdentical(t, "in dual-write")
			p.do(t, p.dw.Prove...)
			p.contract(t)
			view := allFields
			view.anyOrder = true
			sameFacts(t, "the schema", facts(p.inspect(t, p.s), view), facts(plain.inspect(t, plain.s), view))
			rows := fmt.Sprintf(`SELECT COUNT(*) FROM %s WHERE %s IS NOT NULL`, table, to)
			if got, want := Value(t, p.s, rows), Value(t, plain.s, rows); got != want {
				t.Errorf("%s values are there, want %s", got, want)
			}
		})
	}
}

// Until contract every action can be taken back, run or not, one after another, and nothing is left.
func testDualWriteUndo(t *testing.T, f Fixture) {
	for name, r := range renamed(f) {
		t.Run(name, func(t *testing.T) {
			p := planOf(t, f, r)
			before := facts(p.before, allFields)
			var actions []dialects.Action
			for _, list := range [][]dialects.Action{p.dw.Expand, p.dw.Build, p.dw.TwoWay, p.dw.Prove} {
				actions = append(actions, list...)
			}
			for done := len(actions); done > 0 && !t.Failed(); done-- {
				if name != "plain" && done != len(actions) && done != len(p.dw.Expand) {
					continue // each of them takes its time
				}
				for n, a := range actions[:done] {
					p.do(t, a)
					if n == len(p.dw.Expand)-1 {
						p.copyAll(t, 1, 100)
					}
				}
				// The undo of the one behind bears that it was never run.
				for n := min(done, len(actions)-1); n >= 0; n-- {
					p.undo(t, actions[n])
				}
				sameFacts(t, fmt.Sprintf("undone after %d actions", done), facts(p.inspect(t, p.s), allFields), before)
			}
		})
	}
}

// undo takes an action back. One that goes with another's undo has none of its own.
func (p *plan) undo(t *testing.T, a dialects.Action) {
	t.Helper()
	p.send(t, a, a.Undo)
	if a.Undo != "" && a.Probe != "" {
		if got := p.state(t, a); got != "absent" {
			t.Errorf("after %s the probe of %s says %s", a.Undo, a.SQL, got)
		}
	}
}
