package report

import (
	"fmt"
	"unicode/utf16"
)

// lineHashes are, for each line of a text from the first on, what GitHub's upload-sarif action puts
// into primaryLocationLineHash where a report lacks it, and what it compares with otherwise: a
// polynomial hash, modulo 2^64, of the 100 UTF-16 units from the line's start, blind to spaces and
// tabs and to the kind of line ends, and then how many lines had the same hash so far. Who uploads
// through GitHub's API alone has nobody to fill it in, and would see each finding again at each run.
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
func lineHashes(text string) []string {
	units, starts := lineUnits(text)
	var hashes []string
	seen := map[uint64]int{}
	for _, start := range starts {
		var hash uint64
		for i := range hashedUnits {
			hash *= 37
			if start+i < len(units) {
				hash += uint64(units[start+i])
			}
		}
		seen[hash]++
		hashes = append(hashes, fmt.Sprintf("%x:%d", hash, seen[hash]))
	}
	return hashes
}

const (
	hashedUnits = 100
	endOfFile   = 0xffff // hashed like a character
)

// lineUnits are the units of a text that are hashed, and where among them each line starts.
func lineUnits(text string) (units []uint16, starts []int) {
	starts = []int{0}
	afterReturn := false
	for _, c := range utf16.Encode([]rune(text)) {
		paired := afterReturn && c == '\n'
		afterReturn = false
		switch {
		case paired, c == ' ', c == '\t':
			continue
		case c == '\r':
			afterReturn = true
			c = '\n'
		}
		units = append(units, c)
		if c == '\n' {
			starts = append(starts, len(units))
		}
	}
	return append(units, endOfFile), starts
}
