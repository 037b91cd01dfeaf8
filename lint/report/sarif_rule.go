package report

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/lint"
)

// descriptionLength is the longest short or full description that GitHub takes, in characters.
const descriptionLength = 1024

// rule adds a rule in the words of the result's server; one that is for other servers is left out.
func (s *sarif) rule(r *lint.Rule) {
	doc := r.Doc(s.result.Server.Kind)
	if doc == nil {
		return
	}
	s.add(sarifRule{
		ID: r.ID, HelpURI: rulePage(r.ID), Configuration: sarifConfiguration{Level: sarifLevel(r.Severity)},
		Short: sarifText{Text: cut(doc.Title, descriptionLength)},
		Full:  sarifText{Text: cut(doc.Condition+" "+doc.Effect, descriptionLength)},
		Help:  sarifText{Text: helpText(r, doc), Markdown: helpMarkdown(r, doc)},
		Properties: map[string]any{
			"tags": []string{"database", "migration", string(r.Family)}, "precision": "high", "problem.severity": problemSeverity(r.Severity),
		},
	})
}

func (s *sarif) add(r sarifRule) {
	s.index[r.ID] = len(s.run.Tool.Driver.Rules)
	s.run.Tool.Driver.Rules = append(s.run.Tool.Driver.Rules, r)
}

// indexOf is where a rule stands. One that is not in the suite is added by its name; GitHub takes no
// rule without texts.
func (s *sarif) indexOf(id string) int {
	if _, known := s.index[id]; !known {
		name := sarifText{Text: id}
		s.add(sarifRule{
			ID: id, HelpURI: rulePage(id), Configuration: sarifConfiguration{Level: "warning"},
			Short: name, Full: name, Help: sarifText{Text: "See " + rulePage(id)},
		})
	}
	return s.index[id]
}

func problemSeverity(s lint.Severity) string {
	switch s {
	case lint.Error, lint.Warning:
		return string(s)
	}
	return "recommendation"
}

func helpText(r *lint.Rule, doc *lint.Doc) string {
	return fmt.Sprintf("When: %s\nWhat happens: %s\nInstead: %s\nTo accept it: -- segue:allow %s REASON",
		doc.Condition, doc.Effect, doc.Workaround, r.ID)
}

func helpMarkdown(r *lint.Rule, doc *lint.Doc) string {
	var b strings.Builder
	for _, part := range []struct{ head, text string }{
		{"When", escaped(doc.Condition)},
		{"What happens", escaped(doc.Effect)},
		{"Instead", escaped(doc.Workaround)},
		{"Before", fenced(doc.Before)},
		{"After", fenced(doc.After)},
		{"To accept it", fenced(fmt.Sprintf("-- segue:allow %s REASON", r.ID))},
	} {
		if part.text != "" {
			fmt.Fprintf(&b, "## %s\n\n%s\n\n", part.head, part.text)
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}
