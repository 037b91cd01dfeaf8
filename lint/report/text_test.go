package report_test

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

// TestTextObeysNoName holds that a name can neither begin a line nor talk to a terminal.
func TestTextObeysNoName(t *testing.T) {
	const file = "0001_a\x1b[31m.sql"
	result := &lint.Result{
		Findings: []lint.Finding{{
			Rule: "rename-table", Severity: lint.Error, File: file, Line: 1, Column: 1, EndLine: 1, EndColumn: 8, End: 7,
			Message: "x\n::error::y is renamed", Why: "\x1b[2J gone", Instead: "keep \u009b1m",
		}},
		Suppressed: []lint.Suppressed{{File: file, Line: 3, Rule: "drop-table", Reason: "\x07 bell"}},
		Sources:    map[string]string{file: "ALTER \x1b[8m\tTABLE"},
	}
	var b strings.Builder
	if err := report.Text(&b, result, report.Plain); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\x07\u009b") || strings.Contains(b.String(), "\n::") {
		t.Errorf("got %q", b.String())
	}
	for _, want := range []string{"x\uFFFD::error::y is renamed [rename-table]", "ALTER \uFFFD[8m\tTABLE"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("got %q, without %q", b.String(), want)
		}
	}
}
