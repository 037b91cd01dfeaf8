package dialecttest

import (
	"slices"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// The same change costs the same kind of thing everywhere: what is safe has no hazard, what is not
// has the one that lint explains.
func testEffects(t *testing.T, f Fixture) {
	l := open(t, f)
	base := replayed(t, l.d, empty(l.d, l.inspect(t, l.s)), neighbours)
	before := facts(base, allFields)
	fresh := map[dialects.Name]bool{}
	for name := range base.Tables {
		fresh[name] = true
	}
	for _, s := range samples {
		stmt := statement(t, l.d, s.text(t, f))
		effects := l.d.Effects(base, stmt, nil)
		if len(effects) < len(stmt.Changes) {
			t.Errorf("%s: %d changes have %d effects", s.name, len(stmt.Changes), len(effects))
		}
		hazards := hazardsOf(t, effects)
		switch {
		case !s.judged:
		case s.hazard == safe && len(hazards) > 0:
			t.Errorf("%s: %s has hazards %v, want none", s.name, stmt.Text, hazards)
		case s.hazard != safe && !slices.Contains(hazards, s.hazard):
			t.Errorf("%s: %s has hazards %v, want %s", s.name, stmt.Text, hazards, s.hazard)
		}
		for _, e := range l.d.Effects(base, stmt, fresh) {
			if fresh[e.Table] && (len(e.Hazards) > 0 || e.Blocks != dialects.BlocksNothing && e.Blocks != "") {
				t.Errorf("%s: on a fresh table it has hazards %v and blocks %q", s.name, e.Hazards, e.Blocks)
			}
		}
	}
	sameFacts(t, "the catalog that was judged", facts(base, allFields), before)
}

// hazardsOf are the hazards' IDs.
func hazardsOf(t *testing.T, effects []dialects.Effect) []string {
	t.Helper()
	var ids []string
	for _, e := range effects {
		if e.Change == nil {
			t.Error("an effect of no change")
		}
		switch e.Blocks {
		case dialects.BlocksNothing, dialects.BlocksWrites, dialects.BlocksAll:
		default:
			t.Errorf("%T blocks %q", e.Change, e.Blocks)
		}
		for _, h := range e.Hazards {
			if h.ID == "" || h.Detail == "" || h.Family != dialects.LockFamily && h.Family != dialects.CompatibilityFamily {
				t.Errorf("%T has hazard %+v", e.Change, h)
			}
			ids = append(ids, h.ID)
		}
	}
	return ids
}
