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
