// Package linttest holds rules against their testdata.
package linttest

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/example"
	"github.com/segue-db/segue/migrate/source"
)

// Suite is the rules under test and what they need. Dialect is a server's. Data has a directory for each rule with its
// examples; see package example for how they are written.
type Suite struct {
	Rules   []lint.Rule
	Dialect func(dialects.Version) dialects.Dialect
	Planner lint.Planner
	Data    fs.FS
}

// Test runs every example of every rule. Missing and surplus findings both fail. An example named
// before... or bad... must find its rule at least once, one named after... or good... never. Each doc of a
// rule needs two of both on servers whose words it speaks.
func (s Suite) Test(t *testing.T) {
	if err := lint.Validate(s.Rules); err != nil {
		t.Error(err)
	}
	for _, r := range s.Rules {
		cases, err := fs.Glob(s.Data, r.ID+"/*.txtar")
		if err != nil {
			t.Fatal(err)
		}
		bad, good := map[dialects.Kind]int{}, map[dialects.Kind]int{}
		for _, name := range cases {
			e := s.read(t, name)
			stem := strings.TrimSuffix(path.Base(name), ".txtar")
			word, _, _ := strings.Cut(stem, "_")
			switch word {
			case "before", "bad":
				bad[e.Server.Kind]++
				t.Run(r.ID+"/"+stem, func(t *testing.T) { s.run(t, e, func(n int) bool { return n > 0 }, r.ID) })
			case "after", "good":
				good[e.Server.Kind]++
				t.Run(r.ID+"/"+stem, func(t *testing.T) { s.run(t, e, func(n int) bool { return n == 0 }, r.ID) })
			default:
				t.Errorf("%s: the name must be before, after, bad_... or good_...", name)
			}
		}
		for _, d := range r.Docs {
			if b, g := spoken(d, bad), spoken(d, good); b < 2 || g < 2 {
				t.Errorf("rule %s has %d bad and %d good examples for %v; it needs two of each", r.ID, b, g, d.Servers)
			}
		}
	}
	s.testStrays(t)
}

// testStrays finds testdata that belongs to no rule.
func (s Suite) testStrays(t *testing.T) {
	directories, err := fs.ReadDir(s.Data, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range directories {
		if _, err := lint.FindRule(s.Rules, d.Name()); err != nil {
			t.Errorf("testdata/%s: %v", d.Name(), err)
		}
	}
}

// spoken counts the examples on servers whose words a doc speaks.
func spoken(d lint.Doc, examples map[dialects.Kind]int) (n int) {
	for kind, count := range examples {
		if d.Speaks(kind) {
			n += count
		}
	}
	return n
}

func (s Suite) read(t *testing.T, name string) *example.Example {
	t.Helper()
	data, err := fs.ReadFile(s.Data, name)
	if err != nil {
		t.Fatal(err)
	}
	e, err := example.Read(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return e
}

func (s Suite) run(t *testing.T, e *example.Example, fits func(found int) bool, rule string) {
	result := s.Lint(t, e)
	s.testFixes(t, e, result)
	problems, found := compare(e, result)
	for _, p := range problems {
		t.Error(p)
	}
	if !fits(found[rule]) {
		t.Errorf("the example's name does not fit: %d findings of %s", found[rule], rule)
	}
}

// Lint runs the rules over an example.
func (s Suite) Lint(t *testing.T, e *example.Example) *lint.Result {
	t.Helper()
	result, err := lint.Run(t.Context(), s.Config(t, e), read(t, e.Files, e.Layout).Migrations)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// Config is what an example is linted by.
func (s Suite) Config(t *testing.T, e *example.Example) lint.Config {
	t.Helper()
	var branch *lint.Branch
	if b := e.Branch; b.Into != "" {
		branch = &lint.Branch{Into: b.Into, Start: read(t, b.Start, e.Layout), Tip: read(t, b.Tip, e.Layout), Beside: b.Beside}
	}
	return lint.Config{
		Dialect: s.Dialect(e.Server), Server: e.Server, Rules: s.Rules, Planner: s.Planner,
		Runner: e.Runner, Severities: e.Severities, After: e.After, Stats: lint.Stats{Sizes: e.Rows}, Branch: branch, Late: e.Late,
	}
}

func read(t *testing.T, files []example.File, layout string) *source.Set {
	t.Helper()
	set, err := source.Read(Directory(files), source.Layout(layout))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// Directory are files as a directory has them.
func Directory(files []example.File) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, f := range files {
		fsys[f.Path] = &fstest.MapFile{Data: []byte(f.SQL)}
	}
	return fsys
}

// outcome is one finding, or one that was allowed, as expectations are matched against it.
type outcome struct {
	what    example.Outcome
	file    string
	line    int
	rule    string
	text    string
	matched bool
}

// compare matches outcomes with expectations, says what is missing and what is surplus, and counts
// the findings of each rule.
func compare(e *example.Example, result *lint.Result) (problems []string, found map[string]int) {
	var outcomes []*outcome
	found = map[string]int{}
	for _, f := range result.Findings {
		found[f.Rule]++
		outcomes = append(outcomes, &outcome{what: example.Want, file: f.File, line: f.Line, rule: f.Rule,
			text: fmt.Sprintf("%s: %s\nwhy: %s\ninstead: %s\nplan: %s", f.Severity, f.Message, f.Why, f.Instead, f.Plan)})
	}
	for _, p := range result.Suppressed {
		outcomes = append(outcomes, &outcome{what: example.Allowed, file: p.File, line: p.Line, rule: p.Rule, text: p.Reason})
	}
	for _, f := range slices.Concat(e.Files, e.Deleted()) {
		for _, x := range f.Expect {
			if !match(outcomes, f.Path, x) {
				problems = append(problems, fmt.Sprintf("%s:%d: missing: %s %s %q", f.Path, x.Line, x.Outcome, x.Rule, x.Pattern))
			}
		}
	}
	for _, o := range outcomes {
		if !o.matched {
			problems = append(problems, fmt.Sprintf("%s:%d: surplus: %s %s\n%s", o.file, o.line, o.what, o.rule, o.text))
		}
	}
	return problems, found
}

func match(outcomes []*outcome, file string, x example.Expectation) bool {
	for _, o := range outcomes {
		if !o.matched && o.what == x.Outcome && o.file == file && o.line == x.Line && o.rule == x.Rule &&
			x.Pattern.MatchString(o.text) {
			o.matched = true
			return true
		}
	}
	return false
}
