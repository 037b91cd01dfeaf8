package report_test

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// format is a writer as the CI formats are.
type format func(io.Writer, *lint.Result, report.About) error

func about() report.About {
	return report.About{Version: "v1.2.3", Root: "/src/shop", Dir: "/src/shop/services/billing", Rules: []lint.Rule{{
		ID: "rename-column", Family: dialects.CompatibilityFamily, Severity: lint.Error,
		Docs: []lint.Doc{{
			Servers: []dialects.Kind{dialects.MySQL}, Title: "Not these words", Condition: "c", Effect: "e", Workaround: "w",
		}, {
			Title: "Renaming a column breaks every app version", Condition: "A column gets <another> name.", Effect: "Queries fail.",
			Workaround: "Add the new one first.", Before: "ALTER TABLE t RENAME a TO b;", After: "ALTER TABLE t ADD b text;",
		}},
	}, {
		ID: "table-scan", Family: dialects.LockFamily, Severity: lint.Info,
		Docs: []lint.Doc{{Title: "A scan", Condition: "c", Effect: "e", Workaround: "w"}},
	}, {
		ID: "on-mysql", Family: dialects.LockFamily, Severity: lint.Error,
		Docs: []lint.Doc{{Servers: []dialects.Kind{dialects.MySQL}, Title: "t", Condition: "c", Effect: "e", Workaround: "w"}},
	}}}
}

// mixed has a finding of each severity, one that is allowed, and a file without any.
func mixed() *lint.Result {
	r := sample()
	r.Files = 3
	r.Findings = append(r.Findings, lint.Finding{
		Rule: "table-scan", Family: dialects.LockFamily, Severity: lint.Info, File: "migrations/0003_x.sql", Line: 1, Column: 1,
		EndLine: 1, EndColumn: 9, Start: 0, End: 8, Message: "a scan", Why: "200 rows are read",
	})
	r.Sources["migrations/0003_x.sql"] = "SELECT 1;\n\n\nDROP TABLE x;\n"
	r.Sources["migrations/0004_clean.sql"] = "SELECT 1;\n"
	return r
}

func nothing() *lint.Result {
	return &lint.Result{
		Server: dialects.Version{Kind: dialects.Postgres, Major: 16}, Files: 1, Findings: []lint.Finding{}, Suppressed: []lint.Suppressed{},
		Sources: map[string]string{"migrations/0001_a.sql": "SELECT 1;\n"},
	}
}

// words that mean something to one of the formats, or to what shows it.
var hostileWords = []string{
	"a ]]> b ]] > <![CDATA[ x ]]>",
	`pipe | and \| backslash \ and \\| more`,
	"line one\nline two\r\nline three\r\n\r\n| a | b |",
	"%0A %25 100% %",
	`"quotes" 'single' <b>&amp;</b> </details></summary> <!-- -->`,
	"ünï ☃ 日本 😀 e\u0301",
	strings.Repeat("very long ünï ", 20_000),
	"::error file=x,line=1::y\n::set-env name=x::y",
	"a ##[add-mask]x ##[ ##[",
	"[click](https://example.com) int[](3) [[a]](b)",
	"@team #12 <!-- x --> `code` ```fence``` @",
	"escape \x1b[31m and tab\tend",
	"$x$ ~~s~~ _u_ *b* ![i](j) a_b_c",
	"{0} {{1}}, a:b",
	"",
}

var hostileFiles = []string{
	"migrations/0002, a:b|`c`.sql", "migrations/ü ñ.sql", "migrations/100%25 #1?.sql", "0001_[x](y)&<z>.sql", `migrations/"q" @me.sql`,
}

// hostile has a finding for each of the hostile words, in the hostile files, at places behind
// characters of several bytes.
func hostile() *lint.Result {
	r := nothing()
	r.Files = len(hostileFiles)
	r.Sources = map[string]string{}
	const source = "-- ünü 😀\r\n日本 SELECT 1;\n```\nx\n"
	start, end := strings.Index(source, "SELECT"), strings.Index(source, ";")
	severities := []lint.Severity{lint.Error, lint.Warning, lint.Info}
	for i, words := range hostileWords {
		file := hostileFiles[i%len(hostileFiles)]
		r.Sources[file] = source
		r.Findings = append(r.Findings, lint.Finding{
			Rule: "rule-" + string(rune('a'+i)), Family: dialects.LockFamily, Severity: severities[i%3], File: file,
			Line: 2, Column: 4, EndLine: 2, EndColumn: 12, Start: start, End: end,
			Table: words, Statement: source[start:end], Message: words, Why: words, Instead: words,
		})
		r.Suppressed = append(r.Suppressed, lint.Suppressed{
			Rule: "allowed", File: file, Line: 2, Reason: words, Finding: lint.Finding{Rule: "allowed", File: file, Line: 2, Message: words},
		})
	}
	return r
}

// broken has what cannot be: places outside of the file, no place, no file, text that is not UTF-8.
func broken() *lint.Result {
	r := nothing()
	r.Sources["b.sql"] = "\xff\xfe\n"
	r.Findings = append(r.Findings, []lint.Finding{
		{}, {Severity: lint.Error}, {Severity: lint.Warning, File: "/"}, {Severity: lint.Info, File: "none.sql", Line: 9, Column: 9},
		{Severity: lint.Error, File: "b.sql", Line: 7, Column: 70, EndLine: 2, EndColumn: 1, Start: 90, End: 3, Message: "\xff"},
		{Severity: lint.Error, File: "b.sql", Line: 1, Column: 99, EndLine: 900, EndColumn: 0, Start: -4, End: 99, Message: "\x00"},
		{Severity: "fatal", File: "b.sql", Line: -3, Column: -3, EndLine: -4, EndColumn: -5, Start: 0, End: 2},
	}...)
	r.Suppressed = append(r.Suppressed, lint.Suppressed{}, lint.Suppressed{File: "gone.sql", Line: -1})
	return r
}

// told is what a format carries of a finding. What one does not carry is left out of both sides.
type told struct {
	rule, severity, file string
	line, column         int
	message              string
}

func (f told) String() string {
	return fmt.Sprintf("%s %s %s:%d:%d %q", f.rule, f.severity, f.file, f.line, f.column, f.message)
}

// all is what a result's findings tell, in their order.
func all(r *lint.Result) []told {
	var list []told
	for _, f := range r.Findings {
		list = append(list, told{f.Rule, string(f.Severity), "services/billing/" + f.File, f.Line, f.Column, f.Message})
	}
	return list
}

// without is a list of what is told, changed.
func without(list []told, change func(*told)) []told {
	list = slices.Clone(list)
	for i := range list {
		change(&list[i])
	}
	return list
}

func same(t *testing.T, got, want []told) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d findings are told, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("finding %d\ngot  %.800s\nwant %.800s", i, got[i], want[i])
		}
	}
}

func written(t *testing.T, f format, r *lint.Result) string {
	t.Helper()
	var b strings.Builder
	if err := f(&b, r, about()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what is written; -update writes it anew. Got\n%s", path, got)
	}
}
