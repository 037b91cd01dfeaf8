package lint

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/segue-db/segue/dialects"
)

// The families beside those of hazards.
const (
	// SourceFamily is for what is wrong with a file itself: it cannot be read as its author meant it.
	SourceFamily dialects.Family = "source"
	// StyleFamily is for taste: types, names, idempotence. Its rules are off until they are asked for.
	StyleFamily dialects.Family = "style"
)

// Rule is one thing that lint knows. At least one of its checks is set.
type Rule struct {
	ID       string // also its file, its testdata directory, and the hazard that it explains
	Family   dialects.Family
	Severity Severity
	// Peers are the rules of other tools that this one covers, each as TOOL/RULE in the tool's own
	// spelling: "squawk/ban-drop-column".
	Peers []string
	// Docs explain the rule, each in the words of some servers. On a server that none speaks of the
	// rule finds nothing.
	Docs []Doc
	// Check looks at one statement.
	Check func(*Pass)
	// CheckFile looks at a file once, behind its last statement. Pass.Statement is nil then.
	CheckFile func(*Pass)
	// CheckBranch looks at a file that the branch adds, edits or deletes, before CheckFile; of one that is
	// deleted there is no script. Pass.Statement is nil and Pass.Branch is not.
	CheckBranch func(*Pass)
}

// Doc explains a rule in the words of the servers that it names, or of every server where it names
// none. All parts are plain text; Before and After are SQL.
type Doc struct {
	Servers    []dialects.Kind
	Title      string // one line: what is not safe
	Condition  string // when the rule reports
	Effect     string // what would happen
	Workaround string // the way out
	Before     string // an example that it reports
	After      string // the example made safe
}

// Speaks reports whether the words are a server's.
func (d *Doc) Speaks(k dialects.Kind) bool {
	return len(d.Servers) == 0 || slices.Contains(d.Servers, k)
}

// Doc is the rule in a server's words; nil where the rule is not for that server.
func (r *Rule) Doc(k dialects.Kind) *Doc {
	for i := range r.Docs {
		if r.Docs[i].Speaks(k) {
			return &r.Docs[i]
		}
	}
	return nil
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
		case StyleFamily:
			if r.Severity != Off {
				wrong("style is off until it is asked for")
			}
		default:
			wrong("there is no family %q", r.Family)
		}
		if _, err := ParseSeverity(string(r.Severity)); err != nil {
			wrong("%w", err)
		}
		if r.Check == nil && r.CheckFile == nil && r.CheckBranch == nil {
			wrong("it checks nothing")
		}
		if len(r.Docs) == 0 {
			wrong("it has no doc")
		}
		for _, d := range r.Docs {
			for _, part := range []struct{ name, text string }{
				{"Title", d.Title}, {"Condition", d.Condition}, {"Effect", d.Effect},
				{"Workaround", d.Workaround}, {"Before", d.Before}, {"After", d.After},
			} {
				if part.text == "" {
					wrong("its doc for %v has no %s", d.Servers, part.name)
				}
			}
		}
	}
	return errors.Join(problems...)
}
