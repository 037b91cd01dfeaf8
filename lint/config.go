package lint

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

// Runner says who carries a directory's migrations out.
type Runner string

// The runners. Segue's directories have segue.yaml and its own layout: there a hazard that a plan
// takes care of is only a warning.
const (
	SegueRuns Runner = "segue"
	OthersRun Runner = "others"
)

// Config is what Run goes by. Dialect and Rules are needed; the zero value of all else is sensible.
type Config struct {
	Dialect dialects.Dialect
	Server  dialects.Version
	Rules   []Rule
	// Planner says what segue would do with a statement; nil plans nothing.
	Planner Planner
	Runner  Runner
	// Severities are the configured ones, by rule. They go before a rule's own, and before a plan's.
	Severities map[string]Severity
	// After is a version: it and what is older is replayed and not reported. Empty reports all.
	After string
	// Branch is what a branch is compared with: then what it adds or edits is reported, and what it does to
	// migrations that the other branch has. Nil reports all.
	Branch *Branch
	// Late is what the runner is told to do with a migration whose version comes before one that has run;
	// empty where it does what its layout's does unasked.
	Late source.Handling
	// Reports chooses migrations to report on; nil for all.
	Reports func(source.Migration) bool
	Allow   []Allow
	// Down says whether what undoes migrations is reported on too.
	Down Down
	// Stats grade what depends on the size of a table; the zero value grades nothing.
	Stats Stats
	// Dir stands before the files' names in findings, as in "migrations".
	Dir string

	set    *source.Set
	active []*Rule
}

// Down says whether down sections are looked at.
type Down string

// The ways to look at down sections.
const (
	DownNot Down = ""
	DownToo Down = "too"
)

// Allow accepts a rule's findings in one migration.
type Allow struct {
	Rule      string
	Migration string // its version
	Reason    string
}

// UnknownRuleError is a rule's name that no rule has.
type UnknownRuleError struct {
	Name       string
	Suggestion string // empty where none is near
}

func (e *UnknownRuleError) Error() string {
	if e.Suggestion != "" {
		return fmt.Sprintf("finding rule %q: there is none; did you mean %s?", e.Name, e.Suggestion)
	}
	return fmt.Sprintf("finding rule %q: there is none; `segue rules` lists them", e.Name)
}

// FindRule finds a rule by its ID. Its error is an *UnknownRuleError.
func FindRule(suite []Rule, id string) (*Rule, error) {
	for i := range suite {
		if suite[i].ID == id {
			return &suite[i], nil
		}
	}
	return nil, &UnknownRuleError{Name: id, Suggestion: nearest(id, suite)}
}

// check finds what in a configuration names nothing.
func (c *Config) check() error {
	for id := range c.Severities {
		if _, err := FindRule(c.Rules, id); err != nil {
			return fmt.Errorf("reading lint.rules: %w", err)
		}
	}
	if c.After != "" && !c.set.Places(c.After) {
		_, err := c.set.Find(c.After)
		return fmt.Errorf("reading lint.after: %w", err)
	}
	for _, a := range c.Allow {
		if _, err := FindRule(c.Rules, a.Rule); err != nil {
			return fmt.Errorf("reading lint.allow: %w", err)
		}
		if _, err := c.set.Find(a.Migration); err != nil {
			return fmt.Errorf("reading lint.allow: %w", err)
		}
		if a.Reason == "" {
			return fmt.Errorf("reading lint.allow: %s of %s needs a reason", a.Rule, a.Migration)
		}
	}
	return nil
}

// severity is the rule's configured severity; configured says whether there is one.
func (c *Config) severity(r *Rule) (s Severity, configured bool) {
	if s, ok := c.Severities[r.ID]; ok {
		return s, true
	}
	return r.Severity, false
}

// activeRules are the rules that are for the server and not off, in the suite's order.
func (c *Config) activeRules() []*Rule {
	var active []*Rule
	for i := range c.Rules {
		r := &c.Rules[i]
		if s, _ := c.severity(r); s != Off && r.Doc(c.Dialect.Kind()) != nil {
			active = append(active, r)
		}
	}
	return active
}

// reports reports whether the findings of a migration that the branch does such work on are wanted.
func (c *Config) reports(m source.Migration, work Work) bool {
	if c.After != "" && c.set.Compare(m.Version, c.After) <= 0 {
		return false
	}
	if c.Branch != nil && work == Keeps {
		return false
	}
	return c.Reports == nil || c.Reports(m)
}

// path is a migration's name in findings.
func (c *Config) path(m source.Migration) string {
	if c.Dir == "" || c.Dir == "." || m.Path == source.Stdin {
		return m.Path
	}
	return c.Dir + "/" + m.Path
}
