package linttest

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/example"
	"github.com/segue-db/segue/migrate/source"
)

// Now is when fixes are made in tests: the versions of migrations that they add go by it.
var Now = time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)

// testFixes applies what fixes an example's findings have: nothing that is fixed is found again, nothing new is, the
// migrations end in the same schema, and a second time there is nothing to fix.
func (s Suite) testFixes(t *testing.T, e *example.Example, result *lint.Result) {
	files, set, config := Directory(e.Files), read(t, e.Files, e.Layout), s.Config(t, e)
	fixed, err := lint.Apply(t.Context(), config, files, set, result, Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range fixed.Result.Findings {
		if left.Misfit() {
			t.Errorf("%s:%d: %s: %s", left.File, left.Line, left.Rule, left.Unfixed)
		}
	}
	for _, f := range result.Findings {
		if f.Fix == nil {
			continue
		}
		if f.Fix.Title == "" || len(f.Fix.Edits)+len(f.Fix.Files)+len(f.Fix.Follow) == 0 {
			t.Errorf("the fix of %s is empty: %+v", f.Rule, f.Fix)
		}
	}
	for _, c := range fixed.Changes {
		files[c.Path] = &fstest.MapFile{Data: []byte(c.After)}
	}
	again, err := source.Read(files, set.Layout)
	if err != nil {
		t.Fatal(err)
	}
	if len(fixed.Changes) > 0 {
		twice, err := lint.Apply(t.Context(), config, files, again, fixed.Result, Now)
		if err != nil {
			t.Fatal(err)
		}
		if len(twice.Changes) > 0 {
			t.Errorf("fixed twice:\n%s", written(twice.Changes))
		}
	}
	if len(e.Fixed) == 0 {
		return
	}
	var want []lint.Change
	for _, f := range e.Fixed {
		want = append(want, lint.Change{Path: f.Path, After: f.SQL})
	}
	if got, want := written(fixed.Changes), written(want); got != want {
		t.Errorf("fixed, the files are\n%s\nwant\n%s", got, want)
	}
}

// written are the files of changes as an archive has them.
func written(changes []lint.Change) string {
	var b strings.Builder
	for _, c := range changes {
		b.WriteString("-- fixed/" + c.Path + " --\n" + c.After)
		if !strings.HasSuffix(c.After, "\n") {
			b.WriteString("\n")
		}
	}
	return b.String()
}
