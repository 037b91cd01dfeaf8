package compat

import (
	"slices"
	"strconv"
	"strings"
)

// suggestion is "; did you mean NAME?" for a name that is close to what was written, or empty. Of
// numbers, one that differs in leading zeros alone is the closest.
func suggestion(written string, names []string) string {
	bare := strings.TrimLeft(strings.ToLower(written), "0")
	best, distance := "", max(1, len(bare)/3)+1
	for _, name := range slices.Sorted(slices.Values(names)) {
		if d := editDistance(bare, strings.TrimLeft(strings.ToLower(name), "0")); d < distance {
			best, distance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + strconv.Quote(best) + "?"
}

// editDistance counts insertions, deletions, replacements and swaps of neighbours.
func editDistance(a, b string) int {
	s, t := []rune(a), []rune(b)
	var before []int
	last := make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := range s {
		row := make([]int, len(t)+1)
		row[0] = i + 1
		for j := range t {
			replaced := last[j]
			if s[i] != t[j] {
				replaced++
			}
			row[j+1] = min(replaced, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(t)]
}
