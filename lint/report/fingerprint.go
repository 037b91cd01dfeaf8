package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/segue-db/segue/lint"
)

// fingerprints are names for findings, in their order, by which a CI system knows a
// finding again in the next run. No two are equal. They go by the rule, the file and the SQL that
// the finding is about, so they bear that it moves within its file or that its words change.
func fingerprints(findings []lint.Finding, sources map[string]string, about About) []string {
	seen := map[string]int{}
	list := make([]string, 0, len(findings))
	for _, f := range findings {
		key := strings.Join([]string{f.Rule, about.file(f.File), spanned(f, sources[f.File])}, "\x00")
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
		seen[key]++
		list = append(list, hex.EncodeToString(sum[:16]))
	}
	return list
}

// spanned is the SQL that a finding is about, with all white space alike.
func spanned(f lint.Finding, source string) string {
	sql := f.Statement
	if 0 <= f.Start && f.Start < f.End && f.End <= len(source) {
		sql = source[f.Start:f.End]
	}
	return strings.Join(strings.Fields(sql), " ")
}
