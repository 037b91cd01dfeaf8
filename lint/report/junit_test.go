package report_test

import (
	"encoding/xml"
	"strconv"
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

type testSuites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Suites   []struct {
		Name  string     `xml:"name,attr"`
		Tests int        `xml:"tests,attr"`
		Cases []testCase `xml:"testcase"`
	} `xml:"testsuite"`
}

type testCase struct {
	Name    string `xml:"name,attr"`
	File    string `xml:"file,attr"`
	Line    int    `xml:"line,attr"`
	Failure *struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	} `xml:"failure"`
	Skipped *struct {
		Message string `xml:"message,attr"`
	} `xml:"skipped"`
	Output string `xml:"system-out"`
}

func readJUnit(t *testing.T, text string) (s testSuites) {
	t.Helper()
	if err := xml.Unmarshal([]byte(text), &s); err != nil {
		t.Fatalf("%v in\n%.2000s", err, text)
	}
	return s
}

// tell is what a test case tells of a finding. A note's words stand in its output.
func (c testCase) tell() told {
	rule, _, _ := strings.Cut(c.Name, ": ")
	f := told{rule: rule, severity: string(lint.Info), file: c.File, line: c.Line}
	text := c.Output
	if c.Failure != nil {
		f.severity, text = c.Failure.Type, c.Failure.Text
	}
	f.message, _, _ = strings.Cut(text, "\nwhy: ")
	f.message, _, _ = strings.Cut(f.message, "\ninstead: ")
	f.message, _, _ = strings.Cut(f.message, "\n\n"+c.File+":"+strconv.Itoa(c.Line))
	f.column, _ = strconv.Atoi(text[strings.LastIndex(text, ":")+1:])
	return f
}

func TestJUnitReadBack(t *testing.T) {
	for _, r := range []*lint.Result{mixed(), hostile()} {
		got, want := map[string]told{}, map[string]told{}
		suites := readJUnit(t, written(t, report.JUnit, r))
		failures, skipped := 0, 0
		for _, s := range suites.Suites {
			if s.Tests != len(s.Cases) || s.Tests == 0 {
				t.Errorf("%s has %d of %d tests", s.Name, s.Tests, len(s.Cases))
			}
			for _, c := range s.Cases {
				switch {
				case c.Skipped != nil:
					skipped++
				case c.Name != "no findings":
					f := c.tell()
					got[f.rule] = f
					if c.Failure != nil {
						failures++
					}
				}
			}
		}
		for _, f := range all(r) {
			f.message = strings.ReplaceAll(f.message, "\x1b", "\uFFFD") // no such character in XML
			want[f.rule] = f
		}
		if len(got) != len(want) {
			t.Errorf("got %d findings, want %d", len(got), len(want))
		}
		for rule, f := range want {
			same(t, []told{got[rule]}, []told{f})
		}
		s := r.Summary()
		if suites.Failures != s.Errors+s.Warnings || failures != suites.Failures || skipped != s.Suppressed || suites.Skipped != skipped {
			t.Errorf("%d and %d failures, %d and %d skipped of %+v", suites.Failures, failures, suites.Skipped, skipped, s)
		}
	}
}

func TestJUnitNamesAreUnique(t *testing.T) {
	r := mixed()
	r.Findings = append(r.Findings, r.Findings...)
	r.Suppressed = append(r.Suppressed, r.Suppressed...)
	seen := map[string]bool{}
	for _, s := range readJUnit(t, written(t, report.JUnit, r)).Suites {
		for _, c := range s.Cases {
			if name := s.Name + c.Name; seen[name] {
				t.Errorf("there are two %s", name)
			} else {
				seen[name] = true
			}
		}
	}
}

func TestJUnitOfNothingHasATestThatPassed(t *testing.T) {
	for _, r := range []*lint.Result{nothing(), {}} {
		s := readJUnit(t, written(t, report.JUnit, r))
		if s.Tests != 1 || s.Failures != 0 || len(s.Suites) != 1 || len(s.Suites[0].Cases) != 1 {
			t.Errorf("got %+v", s)
		}
	}
}
