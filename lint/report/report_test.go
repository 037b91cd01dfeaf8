package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

func sample() *lint.Result {
	return &lint.Result{
		Server: dialects.Version{Kind: dialects.Postgres, Major: 16}, Files: 2,
		Findings: []lint.Finding{{
			Rule: "rename-column", Family: dialects.CompatibilityFamily, Severity: lint.Error,
			File: "migrations/0002_rename.sql", Line: 2, Column: 2, EndLine: 2, EndColumn: 13, Start: 10, End: 22,
			Table: "public.users", Statement: "ALTER <t> ...", Message: "users.ä is renamed", Why: "old versions fail",
			Instead: "segue plan 0002", Plan: "rename-column",
		}, {
			Rule: "unused-allow", Family: lint.SourceFamily, Severity: lint.Warning,
			File: "migrations/0002_rename.sql", Line: 3, Column: 1, EndLine: 10, EndColumn: 2, Start: 23, End: 40,
			Message: "long", Instead: strings.Repeat("word ", 40),
		}},
		Suppressed: []lint.Suppressed{{
			Rule: "drop-table", File: "migrations/0003_x.sql", Line: 4, Reason: "unused since May", Configured: true,
			Finding: lint.Finding{
				Rule: "drop-table", Family: dialects.CompatibilityFamily, Severity: lint.Error, File: "migrations/0003_x.sql",
				Line: 4, Column: 1, EndLine: 4, EndColumn: 13, Start: 12, End: 24, Message: "x is dropped",
			},
		}},
		Sources: map[string]string{"migrations/0002_rename.sql": "-- ünü\n\tALTER <t> ä;\r\nSELECT\n1,\n2,\n3,\n4,\n5,\n6,\n7;\n"},
	}
}

func TestText(t *testing.T) {
	var b strings.Builder
	if err := report.Text(&b, sample(), report.Plain); err != nil {
		t.Fatal(err)
	}
	want := `migrations/0002_rename.sql:2:2: error: users.ä is renamed [rename-column]
  2 | 	ALTER <t> ä;
    | 	^^^^^^^^^^^
  why:     old versions fail
  instead: segue plan 0002

migrations/0002_rename.sql:3:1: warning: long [unused-allow]
  3 | SELECT
    | ^^^^^^
  4 | 1,
  5 | 2,
  6 | 3,
  7 | 4,
  8 | 5,
    | and 2 more lines
  instead: word word word word word word word word word word word word word word word word word word
           word word word word word word word word word word word word word word word word word word
           word word word word

migrations/0003_x.sql:4: allowed drop-table: unused since May

2 migrations: 1 error, 1 warning, 1 allowed
segue rules RULE explains one; -- segue:allow RULE REASON above a statement accepts it.
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestTextOfNothing(t *testing.T) {
	var b strings.Builder
	if err := report.Text(&b, &lint.Result{Files: 1}, report.Plain); err != nil {
		t.Fatal(err)
	}
	if b.String() != "1 migration: no findings\n" {
		t.Errorf("got %q", b.String())
	}
}

func TestColorsAreAllThatDiffers(t *testing.T) {
	var plain, colored strings.Builder
	if err := report.Text(&plain, sample(), report.Plain); err != nil {
		t.Fatal(err)
	}
	if err := report.Text(&colored, sample(), report.Colored); err != nil {
		t.Fatal(err)
	}
	stripped := colored.String()
	for _, escape := range []string{"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m"} {
		if !strings.Contains(stripped, escape) {
			t.Errorf("%q is not used", escape)
		}
		stripped = strings.ReplaceAll(stripped, escape, "")
	}
	if stripped != plain.String() {
		t.Errorf("without escapes the text is\n%s\nwant\n%s", stripped, plain.String())
	}
}

func TestJSON(t *testing.T) {
	var b strings.Builder
	if err := report.JSON(&b, sample()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "ALTER <t> ...") {
		t.Error("characters of HTML are escaped")
	}
	var got any
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(b.String()), "", "  "); err != nil || indented.String() != b.String() {
		t.Errorf("%v, or it is not indented as a whole:\n%s", err, b.String())
	}
	document := got.(map[string]any)
	sameKeys(t, "document", document, "version server files findings suppressed summary")
	sameKeys(t, "finding", document["findings"].([]any)[0].(map[string]any),
		"rule family severity file line column end_line end_column table statement message why instead plan")
	sameKeys(t, "suppressed", document["suppressed"].([]any)[0].(map[string]any), "rule file line reason")
	sameKeys(t, "summary", document["summary"].(map[string]any), "errors warnings infos suppressed")
	if document["server"] != "postgres:16" || document["version"] != 1.0 || document["files"] != 2.0 {
		t.Errorf("got %v", document)
	}
}

func TestJSONOfNothingHasEmptyLists(t *testing.T) {
	var b strings.Builder
	result, err := lint.Run(t.Context(), lint.Config{Dialect: none{}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := report.JSON(&b, result); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"findings": []`, `"suppressed": []`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s lacks %s", b.String(), want)
		}
	}
}

// none is a dialect that an empty directory never asks for more than a catalog.
type none struct{ dialects.Dialect }

func (none) NewCatalog(v dialects.Version) *dialects.Catalog { return dialects.NewCatalog(v, "public") }

func sameKeys(t *testing.T, what string, got map[string]any, want string) {
	t.Helper()
	keys := strings.Fields(want)
	for _, k := range keys {
		if _, ok := got[k]; !ok {
			t.Errorf("%s lacks %q", what, k)
		}
	}
	if len(got) != len(keys) {
		t.Errorf("%s has %d keys, want %d: %v", what, len(got), len(keys), got)
	}
}
