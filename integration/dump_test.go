package integration_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

// dump is the schema as pg_dump prints it, without segue's own and without what differs between
// two dumps of the same schema.
func dump(t *testing.T, s *scratch.Server, url string) string {
	t.Helper()
	program, ok := s.Bin("pg_dump")
	if !ok {
		scratch.Lacks(t, dialects.Postgres, "there is no pg_dump of the server's version")
	}
	out, err := exec.CommandContext(t.Context(), program, "--schema-only", "--exclude-schema=segue", url).Output()
	if err != nil {
		t.Fatalf("pg_dump: %v", err)
	}
	var lines []string
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, `\restrict`) && !strings.HasPrefix(line, `\unrestrict`) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// unordered sorts the lines within each CREATE TABLE, so that the order of columns does not count.
func unordered(dump string) string {
	var out, columns []string
	in := false
	for line := range strings.Lines(dump) {
		switch {
		case strings.HasPrefix(line, "CREATE TABLE"):
			in = true
			out = append(out, line)
		case in && strings.HasPrefix(line, ")"):
			slices.Sort(columns)
			out, columns, in = append(append(out, columns...), line), nil, false
		case in:
			columns = append(columns, strings.TrimSuffix(strings.TrimSpace(line), ",")+"\n")
		default:
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}
