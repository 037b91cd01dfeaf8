package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/segue-db/segue/lint"
)

// The elements and attributes that Jenkins and GitLab both read. JUnit itself has no schema.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	File      string        `xml:"file,attr,omitempty"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *junitFailure `xml:"failure"`
	Skipped   *junitSkipped `xml:"skipped"`
	Output    string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

// JUnit writes a result as a test report: a suite for each file, in it a failed test for each error
// and warning, a passed one for each note, and a skipped one for what was allowed. A file without any
// of them has one test that passed, since a report without tests counts as broken.
func JUnit(w io.Writer, r *lint.Result, about About) error {
	all := junitSuites{Name: "segue lint"}
	for _, file := range reported(r) {
		all.add(suiteOf(r, file, about.file(file)))
	}
	if len(all.Suites) == 0 {
		all.add(junitSuite{Name: all.Name, Cases: []junitCase{{Name: headline(r), ClassName: all.Name}}})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("writing findings as JUnit: %w", err)
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return fmt.Errorf("writing findings as JUnit: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("writing findings as JUnit: %w", err)
	}
	return nil
}

// reported are the names of the files that a result is about, in order.
func reported(r *lint.Result) []string {
	names := map[string]bool{}
	for name := range r.Sources {
		names[name] = true
	}
	for _, f := range r.Findings {
		names[f.File] = true
	}
	for _, s := range r.Suppressed {
		names[s.File] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func suiteOf(r *lint.Result, file, name string) junitSuite {
	suite := junitSuite{Name: name}
	for _, f := range r.Findings {
		if f.File != file {
			continue
		}
		c := junitCase{Name: caseName(f.Rule, f.Line), ClassName: name, File: name, Line: max(f.Line, 0)}
		if said := fmt.Sprintf("%s\n\n%s:%d", words(f), place(name, f.Line), f.Column); f.Severity == lint.Info {
			c.Output = said
		} else {
			c.Failure = &junitFailure{Message: f.Message, Type: string(f.Severity), Text: said}
		}
		suite.Cases = append(suite.Cases, c)
	}
	for _, s := range r.Suppressed {
		if s.File == file {
			suite.Cases = append(suite.Cases, junitCase{
				Name: caseName(s.Rule, s.Line), ClassName: name, File: name, Line: max(s.Line, 0),
				Skipped: &junitSkipped{Message: "allowed: " + s.Reason},
			})
		}
	}
	if len(suite.Cases) == 0 {
		suite.Cases = []junitCase{{Name: "no findings", ClassName: name, File: name}}
	}
	return suite
}

func caseName(rule string, line int) string {
	if line < 1 {
		return rule
	}
	return fmt.Sprintf("%s, line %d", rule, line)
}

// add adds a suite and counts its tests.
func (all *junitSuites) add(s junitSuite) {
	for _, c := range s.Cases {
		s.Tests++
		if c.Failure != nil {
			s.Failures++
		}
		if c.Skipped != nil {
			s.Skipped++
		}
	}
	all.Tests += s.Tests
	all.Failures += s.Failures
	all.Skipped += s.Skipped
	all.Suites = append(all.Suites, s)
}
