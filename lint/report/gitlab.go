package report

import (
	"io"

	"github.com/segue-db/segue/lint"
)

// qualityIssue is one entry of GitLab's code quality report. GitLab shows no more of it than the
// description, so that has the way out too.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
type qualityIssue struct {
	Description string          `json:"description"`
	CheckName   string          `json:"check_name"`
	Fingerprint string          `json:"fingerprint"`
	Severity    string          `json:"severity"`
	Location    qualityLocation `json:"location"`
}

type qualityLocation struct {
	Path  string       `json:"path"`
	Lines qualityLines `json:"lines"`
}

type qualityLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

// GitLab writes a result as a code quality report: a list, and an empty one where nothing was found.
func GitLab(w io.Writer, r *lint.Result, about About) error {
	issues := []qualityIssue{}
	prints := fingerprints(r.Findings, r.Sources, about)
	for i, f := range r.Findings {
		issue := qualityIssue{
			Description: f.Message, CheckName: f.Rule, Fingerprint: prints[i], Severity: qualitySeverity(f.Severity),
			Location: qualityLocation{about.file(f.File), qualityLines{max(f.Line, 1), max(f.EndLine, f.Line, 1)}},
		}
		if f.Instead != "" {
			issue.Description += "; instead: " + f.Instead
		}
		issues = append(issues, issue)
	}
	return encode(w, "GitLab code quality", issues)
}

func qualitySeverity(s lint.Severity) string {
	switch s {
	case lint.Error:
		return "critical"
	case lint.Warning:
		return "major"
	}
	return "info"
}
