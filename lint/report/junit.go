package report

import (
	"bufio"
	"cmp"
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
	cases := map[string][]junitCase{} // by file
	for name := range r.Sources {
		cases[name] = nil
	}
	for _, f := range r.Findings {
		cases[f.File] = append(cases[f.File], findingCase(f, about.file(f.File)))
	}
	for _, s := range r.Suppressed {
		cases[s.File] = append(cases[s.File], junitCase{
			Name: s.Rule + " is allowed", File: about.file(s.File), Line: max(s.Line, 0), Skipped: &junitSkipped{Message: "allowed: " + s.Reason},
		})
	}
	all := junitSuites{Name: "segue lint"}
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		file := about.file(name)
		all.add(file, cases[name], junitCase{Name: "no findings", File: file})
	}
	if len(all.Suites) == 0 {
		all.add(all.Name, nil, junitCase{Name: headline(r)})
	}
	b := bufio.NewWriter(w)
	b.WriteString(xml.Header)
	encoder := xml.NewEncoder(b)
	encoder.Indent("", "  ")
	err := encoder.Encode(all)
	b.WriteString("\n")
	if err = cmp.Or(err, b.Flush()); err != nil {
		return fmt.Errorf("writing findings as JUnit: %w", err)
	}
	return nil
}

func findingCase(f lint.Finding, file string) junitCase {
	c := junitCase{Name: fmt.Sprintf("%s: %s", f.Rule, cut(oneLine(f.Message), caseLength)), File: file, Line: max(f.Line, 0)}
	if said := fmt.Sprintf("%s\n\n%s:%d", words(f), place(file, f.Line), f.Column); f.Severity == lint.Info {
		c.Output = said
	} else {
		c.Failure = &junitFailure{Message: f.Message, Type: string(f.Severity), Text: said}
	}
	return c
}

// caseLength is the longest that a message gets in a test's name, in characters.
const caseLength = 200

// add adds a suite and counts its tests. Where it has none it gets one that passed.
func (all *junitSuites) add(name string, cases []junitCase, passed junitCase) {
	if len(cases) == 0 {
		cases = []junitCase{passed}
	}
	s := junitSuite{Name: name, Tests: len(cases), Cases: cases}
	named := map[string]int{} // GitLab takes tests of one class and name for one test
	for i := range cases {
		c := &cases[i]
		c.ClassName = name
		if named[c.Name]++; named[c.Name] > 1 {
			c.Name = fmt.Sprintf("%s (%d)", c.Name, named[c.Name])
		}
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
