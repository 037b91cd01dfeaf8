package lint

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/segue-db/segue/dialects"
)

// SourceFamily is for what is wrong with a file itself: it cannot be read as its author meant it.
const SourceFamily dialects.Family = "source"

// Rule is one thing that lint knows. At least one of Check and CheckFile is set.
type Rule struct {
	ID       string // also its file, its testdata directory, and the hazard that it explains
	Family   dialects.Family
	Severity Severity
	Doc      Doc
	// Check looks at one statement.
	Check func(*Pass)
	// CheckFile looks at a file once, behind its last statement. Pass.Statement is nil then.
	CheckFile func(*Pass)
}

// Doc explains a rule. All parts are plain text; Before and After are SQL.
type Doc struct {
	Title      string // one line: what is not safe
	Condition  string // when the rule reports
	Effect     string // what would happen
	Workaround string // the way out
	Before     string // an example that it reports
	After      string // the example made safe
}

var ruleID = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// Validate checks that every rule of a suite can be shown, named and run.
func Validate(suite []Rule) error {
	var problems []error
	seen := map[string]bool{}
	for _, r := range suite {
		wrong := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("rule %q: "+format, append([]any{r.ID}, args...)...))
		}
		if !ruleID.MatchString(r.ID) {
			wrong("an ID is words in lower case with hyphens between them")
		}
		if seen[r.ID] {
			wrong("there are two of this name")
		}
		seen[r.ID] = true
		switch r.Family {
		case dialects.LockFamily, dialects.CompatibilityFamily, SourceFamily:
		default:
			wrong("there is no family %q", r.Family)
		}
		if _, err := ParseSeverity(string(r.Severity)); err != nil {
			wrong("%w", err)
		}
		if r.Check == nil && r.CheckFile == nil {
			wrong("it checks nothing")
		}
		for _, part := range []struct{ name, text string }{
			{"Title", r.Doc.Title}, {"Condition", r.Doc.Condition}, {"Effect", r.Doc.Effect},
			{"Workaround", r.Doc.Workaround}, {"Before", r.Doc.Before}, {"After", r.Doc.After},
		} {
			if part.text == "" {
				wrong("its doc has no %s", part.name)
			}
		}
	}
	return errors.Join(problems...)
}
