package linttest

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/example"
)

func TestMissingAndSurplusFindingsAreProblems(t *testing.T) {
	e, err := example.Read([]byte(`-- 0001_x.sql --
SELECT 1; -- want a-rule "one" -- want a-rule "two"
SELECT 2; -- allowed b-rule "because"
SELECT 3; -- want a-rule "other line"
`))
	if err != nil {
		t.Fatal(err)
	}
	finding := func(line int, rule, message string) lint.Finding {
		return lint.Finding{File: "0001_x.sql", Line: line, Rule: rule, Message: message}
	}
	result := &lint.Result{
		Findings: []lint.Finding{
			finding(1, "a-rule", "one"), finding(1, "a-rule", "one"), finding(1, "c-rule", "two"), finding(4, "a-rule", "other line"),
		},
		Suppressed: []lint.Suppressed{{File: "0001_x.sql", Line: 2, Rule: "b-rule", Reason: "because it is"}},
	}
	problems, found := compare(e, result)
	want := []string{
		`:1: missing: want a-rule "(?s)two"`, `:3: missing: want a-rule "(?s)other line"`,
		":1: surplus: want a-rule\n: one", ":1: surplus: want c-rule\n: two", ":4: surplus: want a-rule\n: other line",
	}
	if len(problems) != len(want) {
		t.Errorf("got %q", problems)
	}
	for i := range min(len(problems), len(want)) {
		if !strings.HasPrefix(problems[i], "0001_x.sql"+want[i]) {
			t.Errorf("problem %d is %q, want %q", i, problems[i], want[i])
		}
	}
	if found["a-rule"] != 3 || found["c-rule"] != 1 {
		t.Errorf("counted %v", found)
	}
}
