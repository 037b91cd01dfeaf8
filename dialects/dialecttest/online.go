package dialecttest

import (
	"slices"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// The online form of a statement ends in the same schema, and takes hazards away that the statement
// had.
func testOnline(t *testing.T, f Fixture) {
	l := open(t, f, neighbours)
	writer := capability[dialects.OnlineRewriter](t, l.d)
	before := l.inspect(t, l.s)
	rewritten := 0
	for _, s := range samples {
		stmt := statement(t, l.d, s.text(t, f))
		actions, cured, err := writer.Online(before, "0002", stmt)
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		if len(actions) == 0 {
			if len(cured) > 0 {
				t.Errorf("%s: no actions take %v away", s.name, cured)
			}
			continue
		}
		rewritten++
		hazards := hazardsOf(t, l.d.Effects(before, stmt, nil))
		for _, id := range cured {
			if !slices.Contains(hazards, id) {
				t.Errorf("%s: %s is taken away, and the statement has %v", s.name, id, hazards)
			}
		}
		Script(t, l.s, stmt.Text)
		plain := facts(l.inspect(t, l.s), allFields)
		fresh(t, l)
		p := &plan{live: l}
		p.do(t, actions...)
		sameFacts(t, s.name, facts(l.inspect(t, l.s), allFields), plain)
		undoable := actions[0].Undo != ""
		for _, a := range slices.Backward(actions) {
			p.undo(t, a)
		}
		if undoable {
			sameFacts(t, s.name+", undone", facts(l.inspect(t, l.s), allFields), facts(before, allFields))
		}
		fresh(t, l)
	}
	if rewritten == 0 {
		t.Error("no sample has an online form")
	}
}

// A probe tells whether a statement was carried out; what may be run again counts as absent.
func testProbe(t *testing.T, f Fixture) {
	l := open(t, f)
	prober, ok := l.d.(dialects.Prober)
	if !ok {
		return // where DDL is transactional, what commits by itself has an online form with a probe
	}
	done := 0
	for _, s := range samples {
		switch s.change.(type) {
		case dialects.WriteData, dialects.SetDefault, dialects.AlterColumnType, dialects.SetNotNull:
			continue
		}
		fresh(t, l)
		before := l.inspect(t, l.s)
		stmt := statement(t, l.d, s.text(t, f))
		probe := prober.Probe(before, stmt)
		if probe == "" {
			t.Errorf("%s: no probe", s.name)
			continue
		}
		ask := func() string { t.Helper(); return Value(t, l.s, probe) }
		first := ask()
		Script(t, l.s, stmt.Text)
		if first != "absent" || ask() != "done" {
			t.Errorf("%s: the probe says %s, and %s after %s", s.name, first, ask(), stmt.Text)
			continue
		}
		done++
	}
	if done == 0 {
		t.Error("no sample has a probe")
	}
}
