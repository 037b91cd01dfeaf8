package peers_test

import (
	"slices"
	"testing"

	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/lint/rules/peers"
)

// TestListsAreWhole holds that nothing stands in a list twice, and that
// every rule says what it is about.
func TestListsAreWhole(t *testing.T) {
	for _, tool := range peers.Tools() {
		seen := map[string]bool{}
		for _, r := range tool.Rules {
			if seen[r.Name] {
				t.Errorf("%s stands in the list twice", tool.Of(r))
			}
			seen[r.Name] = true
			if r.About == "" || len(r.On) == 0 && r.Without == "" {
				t.Errorf("%s does not say what it is about, or whom it is for", tool.Of(r))
			}
		}
	}
}

// TestPeersExist holds that the rules name rules that the other tools have.
func TestPeersExist(t *testing.T) {
	known := map[string]bool{}
	for _, tool := range peers.Tools() {
		for _, r := range tool.Rules {
			known[tool.Of(r)] = true
		}
	}
	for _, r := range rules.Suite() {
		for i, name := range r.Peers {
			if !known[name] {
				t.Errorf("%s names %s, which no list of package peers has", r.ID, name)
			}
			if slices.Contains(r.Peers[:i], name) {
				t.Errorf("%s names %s twice", r.ID, name)
			}
		}
	}
}

// TestNoPeerIsUncovered holds that on each server that a peer's rule is for a rule covers it, or a
// reason says why none does.
func TestNoPeerIsUncovered(t *testing.T) {
	suite := rules.Suite()
	for _, tool := range peers.Tools() {
		for _, r := range tool.Rules {
			covering := peers.Covering(suite, tool.Of(r))
			lacking := r.Lacking(covering)
			switch {
			case len(lacking) > 0 && r.Without == "":
				t.Errorf("%s (%s): no rule covers it on %v", tool.Of(r), r.About, lacking)
			case len(lacking) == 0 && len(r.On) > 0 && r.Without != "":
				t.Errorf("%s is covered, and there is a reason why it is not: %s", tool.Of(r), r.Without)
			}
		}
	}
}
