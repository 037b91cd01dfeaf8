package report_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

const (
	fixedFile   = "migrations/0002_index.sql"
	beforeFix   = "-- größe\n-- +goose Up\n/* 日本 */ CREATE INDEX i\n  ON t (a);\r\nSELECT 1;\n"
	afterFix    = "-- größe\n-- +goose NO TRANSACTION\n-- +goose Up\n/* 日本 */ CREATE INDEX CONCURRENTLY i\n  ON t (a);\r\nSELECT 1;\n"
	fixIsWhole  = "whole"
	fixHasParts = "with a migration behind"
)

// fixable is a result with a fix.
func fixable(kind string) *lint.Result {
	r := nothing()
	up, index := strings.Index(beforeFix, "-- +goose"), strings.Index(beforeFix, " i\n")
	fix := &lint.Fix{Title: "build the index CONCURRENTLY", Edits: []lint.Edit{
		{Start: up, End: up, Text: "-- +goose NO TRANSACTION\n"}, {Start: index, End: index, Text: " CONCURRENTLY"},
	}}
	if kind == fixHasParts {
		fix.Follow = []lint.Follow{{Name: "validate_c", SQL: "ALTER TABLE t VALIDATE CONSTRAINT c;"}}
	}
	start := strings.Index(beforeFix, "CREATE")
	r.Findings = append(r.Findings, lint.Finding{
		Rule: "table-scan", Severity: lint.Error, File: fixedFile, Line: 3, Column: 10, EndLine: 4, EndColumn: 11, Start: start,
		End: strings.Index(beforeFix, ";\r"), Message: "m", Fix: fix,
	})
	r.Sources[fixedFile] = beforeFix
	return r
}

func writtenAs(t *testing.T, write format, r *lint.Result) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, r, report.About{Version: "v1.2.3"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSARIFFixes applies the replacements of a report, as its reader would, and finds the fixed file.
func TestSARIFFixes(t *testing.T) {
	type region struct{ StartLine, StartColumn, EndLine, EndColumn int }
	var log struct {
		Runs []struct {
			Results []struct {
				Fixes []struct {
					ArtifactChanges []struct {
						ArtifactLocation struct{ URI string }
						Replacements     []struct {
							DeletedRegion   region
							InsertedContent struct{ Text string }
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal(writtenAs(t, report.SARIF, fixable(fixIsWhole)), &log); err != nil {
		t.Fatal(err)
	}
	change := log.Runs[0].Results[0].Fixes[0].ArtifactChanges[0]
	at := func(line, column int) int {
		lines := strings.SplitAfter(beforeFix, "\n")
		return len(strings.Join(lines[:line-1], "")) + len(string([]rune(lines[line-1])[:column-1]))
	}
	text := beforeFix
	for _, r := range slices.Backward(change.Replacements) {
		d := r.DeletedRegion
		text = text[:at(d.StartLine, d.StartColumn)] + r.InsertedContent.Text + text[at(d.EndLine, d.EndColumn):]
	}
	if text != afterFix || change.ArtifactLocation.URI != fixedFile {
		t.Errorf("%s becomes %q", change.ArtifactLocation.URI, text)
	}
}

func TestRDJSONSuggestions(t *testing.T) {
	type position struct{ Line, Column int }
	var d struct {
		Diagnostics []struct {
			Suggestions []struct {
				Range struct{ Start, End position }
				Text  string
			}
		}
	}
	if err := json.Unmarshal(writtenAs(t, report.RDJSON, fixable(fixIsWhole)), &d); err != nil {
		t.Fatal(err)
	}
	s := d.Diagnostics[0].Suggestions[0]
	at := func(p position) int {
		return len(strings.Join(strings.SplitAfter(beforeFix, "\n")[:p.Line-1], "")) + p.Column - 1
	}
	if text := beforeFix[:at(s.Range.Start)] + s.Text + beforeFix[at(s.Range.End):]; text != afterFix {
		t.Errorf("it becomes %q", text)
	}
}

// TestFixesThatAddMigrationsAreNotSuggested: whoever took over their edits alone would lose what is moved.
func TestFixesThatAddMigrationsAreNotSuggested(t *testing.T) {
	r := fixable(fixHasParts)
	for _, write := range []format{report.SARIF, report.RDJSON} {
		if text := string(writtenAs(t, write, r)); strings.Contains(text, `"suggestions"`) || strings.Contains(text, `"fixes"`) {
			t.Errorf("there is a fix in\n%s", text)
		}
	}
	text := string(writtenAs(t, report.Markdown, r))
	for _, want := range []string{"segue lint --fix", "```diff\n", "+-- +goose NO TRANSACTION\n", "VALIDATE CONSTRAINT c;\n```", "validate\\_c"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestJSONHasFixes(t *testing.T) {
	text := string(writtenAs(t, func(w io.Writer, r *lint.Result, _ report.About) error { return report.JSON(w, r) }, fixable(fixHasParts)))
	for _, want := range []string{`"title": "build the index CONCURRENTLY"`, `"text": " CONCURRENTLY"`, `"name": "validate_c"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
}

// TestDiff has git apply carry diffs out.
func TestDiff(t *testing.T) {
	many := strings.Repeat("SELECT 1;\n", 40)
	for _, change := range []lint.Change{
		{Path: "a.sql", Before: beforeFix, After: afterFix},
		{Path: "b.sql", Before: "", After: "new\n", New: lint.IsNew},
		{Path: "c.sql", Before: "a\nb", After: "a\nc\nb"},
		{Path: "d.sql", Before: "a\nb\n", After: "a\nb"},
		{Path: "e.sql", Before: many + "x\n" + many + "y\n" + many, After: "z\n" + many + many + "y\nz\n" + many + "end"},
		{Path: "f.sql", Before: "one\n", After: "two"},
		{Path: "g.sql", Before: "x\n", After: ""},
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, "m", change.Path)
		if err := os.Mkdir(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if change.New != lint.IsNew {
			if err := os.WriteFile(file, []byte(change.Before), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := report.Diff(&b, []lint.Change{change}, "m", report.About{}); err != nil {
			t.Fatal(err)
		}
		apply := exec.CommandContext(t.Context(), "git", "apply", "--whitespace=nowarn", "-")
		apply.Dir, apply.Stdin = dir, &b
		diff := b.String()
		if out, err := apply.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s\n%s", change.Path, err, out, diff)
			continue
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != change.After {
			t.Errorf("%s becomes %q, %v; want %q\n%s", change.Path, got, err, change.After, diff)
		}
	}
}
