package report_test

import (
	"encoding/json"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

type sarifRun struct {
	Tool struct {
		Driver struct {
			SemanticVersion string
			Rules           []struct {
				ID                   string
				ShortDescription     struct{ Text string }
				Help                 struct{ Text, Markdown string }
				DefaultConfiguration struct{ Level string }
			}
		}
	}
	Results []struct {
		RuleID    string
		RuleIndex int
		Level     string
		Message   struct{ Text string }
		Locations []struct {
			PhysicalLocation struct {
				ArtifactLocation struct{ URI, URIBaseID string }
				Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
			}
		}
		PartialFingerprints map[string]string
		Suppressions        []struct{ Kind, Justification string }
	}
}

func readRun(t *testing.T, text string) sarifRun {
	t.Helper()
	var log struct {
		Version string
		Runs    []sarifRun
	}
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatalf("%v in\n%.2000s", err, text)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 {
		t.Fatalf("version %s with %d runs", log.Version, len(log.Runs))
	}
	return log.Runs[0]
}

var sarifLink = regexp.MustCompile(`(^|[^\\])\[[^\]]*\]\(`)

func TestSARIFReadBack(t *testing.T) {
	for _, r := range []*lint.Result{mixed(), hostile()} {
		var got []told
		run := readRun(t, written(t, report.SARIF, r))
		suppressed := 0
		for _, result := range run.Results {
			if run.Tool.Driver.Rules[result.RuleIndex].ID != result.RuleID {
				t.Errorf("%s has the index of %s", result.RuleID, run.Tool.Driver.Rules[result.RuleIndex].ID)
			}
			at := result.Locations[0].PhysicalLocation
			if result.Suppressions != nil {
				want := r.Suppressed[suppressed]
				kind := "inSource"
				if want.Configured {
					kind = "external"
				}
				if got := result.Suppressions[0]; got.Justification != want.Reason || got.Kind != kind || at.Region.StartLine != want.Line {
					t.Errorf("got %+v, want %+v", result, want)
				}
				suppressed++
				continue
			}
			if strings.Contains(at.ArtifactLocation.URI, ":") || at.ArtifactLocation.URIBaseID != "%SRCROOT%" {
				t.Errorf("%+v is not relative", at.ArtifactLocation)
			}
			reference, err := url.Parse(at.ArtifactLocation.URI)
			if err != nil || reference.RawQuery != "" || reference.Fragment != "" {
				t.Fatalf("%s: %v", at.ArtifactLocation.URI, err)
			}
			severity := strings.Replace(result.Level, "note", "info", 1)
			message, _, _ := strings.Cut(result.Message.Text, "\nwhy: ")
			message, _, _ = strings.Cut(message, "\ninstead: ")
			if sarifLink.MatchString(message) {
				t.Errorf("there is a link in %s", message)
			}
			got = append(got, told{result.RuleID, severity, reference.Path, at.Region.StartLine, at.Region.StartColumn, message})
		}
		want := without(all(r), func(f *told) {
			f.message = strings.NewReplacer("[click](", `\[click\](`, "int[](", `int\[\](`, "[i](", `\[i\](`).Replace(f.message)
		})
		same(t, got, want)
		if suppressed != len(r.Suppressed) {
			t.Errorf("%d of %d are suppressed", suppressed, len(r.Suppressed))
		}
	}
}

func TestSARIFKnowsAFindingThatIsAllowedAsTheSame(t *testing.T) {
	before := mixed()
	before.Findings, before.Suppressed = append(before.Findings, before.Suppressed[0].Finding), nil
	last := len(before.Findings) - 1
	was, is := readRun(t, written(t, report.SARIF, before)).Results[last], readRun(t, written(t, report.SARIF, mixed())).Results[last]
	if is.Suppressions == nil || was.Suppressions != nil {
		t.Fatalf("got %+v and %+v", was, is)
	}
	if is.Suppressions = nil; !reflect.DeepEqual(was, is) {
		t.Errorf("got %+v and %+v", was, is)
	}
}

func TestSARIFExplainsRules(t *testing.T) {
	driver := readRun(t, written(t, report.SARIF, mixed())).Tool.Driver
	var ids []string
	for _, r := range driver.Rules {
		ids = append(ids, r.ID+"="+r.DefaultConfiguration.Level)
	}
	if got := strings.Join(ids, " "); got != "rename-column=error table-scan=note unused-allow=warning drop-table=warning" {
		t.Errorf("got %s", got)
	}
	r := driver.Rules[0]
	if r.ShortDescription.Text != "Renaming a column breaks every app version" || !strings.Contains(r.Help.Text, "Queries fail.") {
		t.Errorf("got %+v", r)
	}
	if !strings.Contains(r.Help.Markdown, "```sql\nALTER TABLE t RENAME a TO b;\n```") || !strings.Contains(r.Help.Markdown, "&lt;another&gt;") {
		t.Errorf("got %s", r.Help.Markdown)
	}
	if driver.SemanticVersion != "1.2.3" {
		t.Errorf("got version %s", driver.SemanticVersion)
	}
}

func TestSARIFNamesFilesOutsideOfTheRepositoryInFull(t *testing.T) {
	for file, want := range map[string]string{"/else where/a:b.sql": "file:///else%20where/a:b.sql", "D:/x/ü.sql": "file:///D:/x/%C3%BC.sql"} {
		r := nothing()
		r.Findings = []lint.Finding{{Severity: lint.Error, File: file, Line: 1}}
		at := readRun(t, written(t, report.SARIF, r)).Results[0].Locations[0].PhysicalLocation.ArtifactLocation
		if at.URI != want || at.URIBaseID != "" {
			t.Errorf("%s is %+v", file, at)
		}
	}
}

func TestSARIFHashesLinesAsGitHubDoes(t *testing.T) {
	r := mixed()
	r.Sources["migrations/0003_x.sql"] = " a\nb\n  \t\tc\n d"
	results := readRun(t, written(t, report.SARIF, r)).Results
	for i, want := range map[int]string{2: "271789c17abda88f:1", 3: "a23a3dc5e078b07b:1"} { // lines 1 and 4
		if got := results[i].PartialFingerprints["primaryLocationLineHash"]; got != want {
			t.Errorf("result %d has %s, not %s", i, got, want)
		}
	}
}

func TestSARIFOfNothingHasRulesAndNoResults(t *testing.T) {
	got := written(t, report.SARIF, nothing())
	if !strings.Contains(got, `"results": []`) || len(readRun(t, got).Tool.Driver.Rules) != 2 {
		t.Errorf("got %s", got)
	}
}

func TestSARIFLeavesNoBase(t *testing.T) {
	for _, c := range []struct{ root, dir, file, uri, base string }{
		{"/src/shop", "/src/shop", "db/1 a.sql", "db/1%20a.sql", "%SRCROOT%"},
		{"/src/shop", "/src/shop/db", "../m/1.sql", "m/1.sql", "%SRCROOT%"},
		{"/src/shop", "/src/shop", "../m/1 a.sql", "file:///src/m/1%20a.sql", ""},
		{"/src/shop", "/src/shop/db", "../../../m/1.sql", "file:///m/1.sql", ""},
		{"/src/shop", "/src/shop", "/m/1.sql", "file:///m/1.sql", ""},
		{"C:/shop", "C:/shop", "../m/1.sql", "file:///C:/m/1.sql", ""},
	} {
		r := nothing()
		r.Findings = []lint.Finding{{Severity: lint.Error, File: c.file, Line: 1}}
		var b strings.Builder
		if err := report.SARIF(&b, r, report.About{Root: c.root, Dir: c.dir}); err != nil {
			t.Fatal(err)
		}
		if at := readRun(t, b.String()).Results[0].Locations[0].PhysicalLocation.ArtifactLocation; at.URI != c.uri || at.URIBaseID != c.base {
			t.Errorf("%s in %s of %s is %+v, not %s of %q", c.file, c.dir, c.root, at, c.uri, c.base)
		}
	}
}
