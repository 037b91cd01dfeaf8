package report

import (
	"slices"
	"strings"
	"testing"
)

// The hashes are those of upload-sarif's own tests.
func TestLineHashesAreGitHubs(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{"c129715d7a2bc9a3:1"}},
		{" a\nb\n  \t\tc\n d", []string{"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"}},
		{" a\r\nb\r  \t\tc\r\n d", []string{"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"}},
	} {
		if got := lineHashes(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q has %v, not %v", c.text, got, c.want)
		}
	}
}

func TestLineHashesCountEqualLines(t *testing.T) {
	hashes := lineHashes(strings.Repeat(strings.Repeat("x", 200)+"\n", 2))
	first, _, _ := strings.Cut(hashes[0], ":")
	if len(hashes) != 3 || hashes[0] != first+":1" || hashes[1] != first+":2" {
		t.Errorf("got %v", hashes)
	}
}
