package lint_test

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules"
)

func TestValidateNamesWhatIsWrong(t *testing.T) {
	doc := lint.Doc{Title: "t", Condition: "c", Effect: "e", Workaround: "w", Before: "b", After: "a"}
	good := lint.Rule{ID: "a-rule", Family: dialects.LockFamily, Severity: lint.Error, Docs: []lint.Doc{doc}, Check: func(*lint.Pass) {}}
	if err := lint.Validate([]lint.Rule{good}); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*lint.Rule){
		"lower case":     func(r *lint.Rule) { r.ID = "A_Rule" },
		"two of this":    func(*lint.Rule) {},
		"no family":      func(r *lint.Rule) { r.Family = "odd" },
		"severity":       func(r *lint.Rule) { r.Severity = "" },
		"checks nothing": func(r *lint.Rule) { r.Check = nil },
		"no Before":      func(r *lint.Rule) { d := doc; d.Before = ""; r.Docs = []lint.Doc{d} },
		"no doc":         func(r *lint.Rule) { r.Docs = nil },
	} {
		bad := good
		spoil(&bad)
		err := lint.Validate([]lint.Rule{good, bad})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestExplain(t *testing.T) {
	r, err := lint.FindRule(rules.Illustrated(), "rename-column")
	if err != nil {
		t.Fatal(err)
	}
	text := r.Explain(dialects.Postgres)
	for _, want := range []string{
		"rename-column (compatibility, error)\n", "\nWhen\n  ", "\nWhat happens\n  ", "\nInstead\n  ",
		"\nBefore\n  ALTER TABLE users RENAME COLUMN user_email TO email;\n", "\nAfter\n  -- The first of three releases",
		"\nTo accept it\n  -- segue:allow rename-column REASON\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if len([]rune(line)) > 100 {
			t.Errorf("too long: %q", line)
		}
	}
	if strings.Contains(text, "-- want") {
		t.Error("the examples show what the tests expect of them")
	}
}
