package source

import (
	"cmp"
	"strings"
)

// Compare orders versions: runs of digits by their value, all else by its bytes, so that 9 comes
// before 10 and 1.9 before 1.10. It is 0 for 7 and 0007, which are the same version.
func Compare(a, b string) int {
	for a != "" && b != "" {
		x, y := leadingRun(a), leadingRun(b)
		a, b = a[len(x):], b[len(y):]
		if c := compareRuns(x, y); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// leadingRun is the longest start of s, which is not empty, that is all digits or free of them.
func leadingRun(s string) string {
	digits := isDigit(s[0])
	for i := range len(s) {
		if isDigit(s[i]) != digits {
			return s[:i]
		}
	}
	return s
}

func compareRuns(a, b string) int {
	if !isDigit(a[0]) || !isDigit(b[0]) {
		return strings.Compare(a, b)
	}
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// versionKey is the same text for two spellings of a version, such as 7 and 0007.
func versionKey(version string) string { return cmp.Or(strings.TrimLeft(version, "0"), "0") }
