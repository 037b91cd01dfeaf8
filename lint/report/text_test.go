package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

// TestNoReportObeysAName holds that nothing of a name or of the SQL talks to a terminal, a log or who reads a comment.
func TestNoReportObeysAName(t *testing.T) {
	const source = "ALTER \x1b[8m\u009b8m TABLE\r\n\x1b"
	finding := lint.Finding{
		Rule: "rename-table", Severity: lint.Error, File: "0001_a\x1b[31m.sql", Line: 1, Column: 1, EndLine: 1, EndColumn: 8, End: len(source),
		Message: "x\u009b1m is\x1brenamed", Why: "\x1b[2J gone", Instead: "keep \u0085 it",
		Fix: &lint.Fix{Title: "\x1b", Edits: []lint.Edit{{Start: 0, End: 5, Text: "\x1b"}}, Follow: []lint.Follow{{Name: "\x1b", SQL: "\x1b"}}},
	}
	result := &lint.Result{
		Findings:   slices.Repeat([]lint.Finding{finding}, 20), // more than GitHub shows
		Suppressed: []lint.Suppressed{{File: finding.File, Rule: "drop-table", Reason: "\u009b bell\x07"}},
		Sources:    map[string]string{finding.File: source},
	}
	for name, write := range map[string]format{"github": report.GitHub, "markdown": report.Markdown, "summary": report.StepSummary} {
		if got := written(t, write, result); strings.ContainsAny(got, "\x1b\x07\r\u0085\u009b") || !strings.Contains(got, "x\uFFFD1m is") {
			t.Errorf("%s is %q", name, got)
		}
	}
}

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
