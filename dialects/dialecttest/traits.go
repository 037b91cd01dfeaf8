package dialecttest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Traits are a statement's traits as one line of text, in the order of the alphabet.
func Traits(s dialects.Statement) string {
	var words []string
	for _, t := range s.Traits {
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s %s %d", t.Kind, t.Detail, t.Count)))
	}
	slices.Sort(words)
	return strings.ReplaceAll(strings.Join(words, "; "), " 0", "")
}
