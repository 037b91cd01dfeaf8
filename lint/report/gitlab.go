package report

import (
	"io"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// qualityIssue is one entry of GitLab's code quality report, which is a part of Code Climate's.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
type qualityIssue struct {
	Type        string          `json:"type"`
	CheckName   string          `json:"check_name"`
	Description string          `json:"description"`
	Content     qualityContent  `json:"content"`
	Categories  []string        `json:"categories"`
	Severity    string          `json:"severity"`
	Fingerprint string          `json:"fingerprint"`
	Location    qualityLocation `json:"location"`
}

type qualityContent struct {
	Body string `json:"body"`
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
	prints := fingerprints(r, about)
	for i, f := range r.Findings {
		issues = append(issues, qualityIssue{
			Type: "issue", CheckName: f.Rule, Description: f.Message, Content: qualityContent{words(f)},
			Categories: qualityCategories(f.Family), Severity: qualitySeverity(f.Severity), Fingerprint: prints[i],
			Location: qualityLocation{about.file(f.File), qualityLines{max(f.Line, 1), max(f.EndLine, f.Line, 1)}},
		})
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

func qualityCategories(f dialects.Family) []string {
	switch f {
	case dialects.LockFamily:
		return []string{"Performance"}
	case dialects.CompatibilityFamily:
		return []string{"Compatibility"}
	}
	return []string{"Bug Risk"}
}
