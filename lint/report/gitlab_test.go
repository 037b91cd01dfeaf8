package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

type qualityIssue struct {
	CheckName   string `json:"check_name"`
	Description string
	Severity    string
	Fingerprint string
	Location    struct {
		Path  string
		Lines struct{ Begin, End int }
	}
}

func qualityIssues(t *testing.T, text string) []qualityIssue {
	t.Helper()
	var issues []qualityIssue
	if err := json.Unmarshal([]byte(text), &issues); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return issues
}

func readGitLab(t *testing.T, text string) (list []told) {
	t.Helper()
	severities := map[string]lint.Severity{"critical": lint.Error, "major": lint.Warning, "info": lint.Info}
	for _, i := range qualityIssues(t, text) {
		message, _, _ := strings.Cut(i.Description, "; instead: ")
		list = append(list, told{i.CheckName, string(severities[i.Severity]), i.Location.Path, i.Location.Lines.Begin, 0, message})
	}
	return list
}

func TestGitLabReadBack(t *testing.T) {
	for _, r := range []*lint.Result{mixed(), hostile()} {
		want := without(all(r), func(f *told) { f.column = 0 })
		same(t, readGitLab(t, written(t, report.GitLab, r)), want)
	}
}

func TestGitLabOfNothingIsAnEmptyList(t *testing.T) {
	if got := written(t, report.GitLab, nothing()); got != "[]\n" {
		t.Errorf("got %q", got)
	}
}

func TestGitLabPlacesAreWithinFiles(t *testing.T) {
	for _, i := range qualityIssues(t, written(t, report.GitLab, broken())) {
		if i.Location.Lines.Begin < 1 || i.Location.Lines.End < i.Location.Lines.Begin {
			t.Errorf("got lines %v", i.Location.Lines)
		}
	}
}
