package report_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

var formats = []struct {
	name, extension string
	write           format
}{
	{"sarif", "sarif", report.SARIF},
	{"github", "github.txt", report.GitHub},
	{"gitlab", "gitlab.json", report.GitLab},
	{"junit", "junit.xml", report.JUnit},
	{"rdjson", "rdjson.json", report.RDJSON},
	{"markdown", "md", report.Markdown},
	{"summary", "summary.md", report.StepSummary},
}

func TestGolden(t *testing.T) {
	for _, f := range formats {
		t.Run(f.name, func(t *testing.T) {
			golden(t, "mixed."+f.extension, written(t, f.write, mixed()))
			golden(t, "nothing."+f.extension, written(t, f.write, nothing()))
		})
	}
}

func TestNoFormatFailsOnWhatCannotBe(t *testing.T) {
	for _, f := range formats {
		for _, r := range []*lint.Result{broken(), {}} {
			if err := f.write(io.Discard, r, report.About{}); err != nil {
				t.Errorf("%s: %v", f.name, err)
			}
			written(t, f.write, r)
		}
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWritersTellOfErrors(t *testing.T) {
	for _, f := range formats {
		err := f.write(full{}, mixed(), about())
		if !errors.Is(err, errFull) || !strings.HasPrefix(err.Error(), "writing findings ") {
			t.Errorf("%s: %v", f.name, err)
		}
	}
}

func TestFilesAreNamedFromTheRoot(t *testing.T) {
	const root, dir = "/src/shop", "/src/shop/services/billing"
	for _, c := range []struct{ root, dir, file, want string }{
		{root, dir, "migrations/1.sql", "services/billing/migrations/1.sql"},
		{root, dir, "./migrations/1.sql", "services/billing/migrations/1.sql"},
		{root, dir, "../../db/1.sql", "db/1.sql"},
		{root, root, "db/1.sql", "db/1.sql"},
		{root, dir, "/src/shop/db/1.sql", "db/1.sql"},
		{root, dir, "/src/shopping/1.sql", "/src/shopping/1.sql"},
		{root, dir, "../../../other/1.sql", "../../../other/1.sql"},
		{"C:/shop", "C:/shop/db", "migrations/1.sql", "db/migrations/1.sql"},
		{"C:/shop", "C:/shop/db", "C:/shop/db/1.sql", "db/1.sql"},
		{"/", "/srv", "db/1.sql", "srv/db/1.sql"},
		{"", "", "./db//1.sql", "db/1.sql"},
		{"", "", "../1.sql", "../1.sql"},
	} {
		r := nothing()
		r.Findings = []lint.Finding{{Severity: lint.Error, File: c.file, Line: 1}}
		var b strings.Builder
		if err := report.GitLab(&b, r, report.About{Root: c.root, Dir: c.dir}); err != nil {
			t.Fatal(err)
		}
		if got := readGitLab(t, b.String())[0].file; got != c.want {
			t.Errorf("%s in %s of %q is named %s, not %s", c.file, c.dir, c.root, got, c.want)
		}
	}
}

// fingerprintsOf are what two formats tell findings apart by.
func fingerprintsOf(t *testing.T, r *lint.Result) (gitlab, sarif []string) {
	for _, i := range qualityIssues(t, written(t, report.GitLab, r)) {
		gitlab = append(gitlab, i.Fingerprint)
	}
	for _, i := range readRun(t, written(t, report.SARIF, r)).Results {
		if i.Suppressions == nil {
			sarif = append(sarif, i.PartialFingerprints["segueFinding/v1"])
		}
	}
	return gitlab, sarif
}

func TestFingerprintsBearThatLinesShift(t *testing.T) {
	before, after := mixed(), mixed()
	const above = "-- a note\n-- of two lines\n"
	for name, source := range after.Sources {
		after.Sources[name] = above + source
	}
	for i := range after.Findings {
		f := &after.Findings[i]
		f.Line, f.EndLine, f.Start, f.End = f.Line+2, f.EndLine+2, f.Start+len(above), f.End+len(above)
		f.Message, f.Severity = "in other words", lint.Info
	}
	for _, r := range []*lint.Result{before, after} { // twice of the same
		r.Findings = append(r.Findings, r.Findings...)
	}
	gitlab, sarif := fingerprintsOf(t, before)
	gitlabAfter, sarifAfter := fingerprintsOf(t, after)
	if !slices.Equal(gitlab, gitlabAfter) || !slices.Equal(sarif, sarifAfter) || !slices.Equal(gitlab, sarif) {
		t.Errorf("fingerprints changed:\n%v\n%v\n%v\n%v", gitlab, gitlabAfter, sarif, sarifAfter)
	}
	slices.Sort(gitlab)
	if unique := slices.Compact(slices.Clone(gitlab)); len(unique) != 6 || len(gitlab) != 6 {
		t.Errorf("some of %v are equal", gitlab)
	}
}
