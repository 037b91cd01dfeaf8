package report

import (
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/segue-db/segue/lint"
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// sourceRoot stands for the repository's root, in the name that GitHub knows.
const sourceRoot = "%SRCROOT%"

// SARIF writes a result as SARIF 2.1.0, with what its rules mean. What is allowed is in it too, as
// suppressed.
func SARIF(w io.Writer, r *lint.Result, about About) error {
	s := sarif{result: r, about: about, index: map[string]int{}, hashes: map[string][]string{}}
	s.run = sarifRun{
		OriginalURIBaseIDs: map[string]sarifBase{sourceRoot: {Description: sarifText{Text: "The root of the repository."}}},
		ColumnKind:         "unicodeCodePoints",
		Results:            []sarifResult{},
	}
	s.run.Tool.Driver = sarifDriver{
		Name: "segue", InformationURI: homepage, Version: strings.TrimPrefix(about.Version, "v"), SemanticVersion: semantic(about.Version), Rules: []sarifRule{},
	}
	found := slices.Clone(r.Findings)
	for _, f := range r.Suppressed {
		found = append(found, f.Finding) // what is allowed stays the same finding
	}
	for i := range about.Rules {
		of := func(f lint.Finding) bool { return f.Rule == about.Rules[i].ID }
		if about.Rules[i].Severity != lint.Off || slices.ContainsFunc(found, of) {
			s.rule(&about.Rules[i])
		}
	}
	for i, print := range fingerprints(found, r.Sources, about) {
		result := s.finding(found[i], print)
		if n := i - len(r.Findings); n >= 0 {
			result.Suppressions = []sarifSuppression{suppression(r.Suppressed[n])}
		}
		s.run.Results = append(s.run.Results, result)
	}
	return encode(w, "SARIF", sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{s.run}})
}

// sarif is a report that is being written.
type sarif struct {
	result *lint.Result
	about  About
	run    sarifRun
	index  map[string]int      // rules by ID
	hashes map[string][]string // of the files' lines
}

func (s *sarif) finding(f lint.Finding, print string) sarifResult {
	return sarifResult{
		RuleID: f.Rule, RuleIndex: s.indexOf(f.Rule), Level: sarifLevel(f.Severity), Message: sarifText{Text: sarifMessage(words(f))},
		Locations:    []sarifLocation{s.location(f.File, regionOf(f))},
		Fingerprints: s.fingerprints(f.File, f.Line, print),
		Fixes:        s.sarifFixes(f),
		Properties:   &sarifAbout{string(f.Family), f.Table, f.Plan},
	}
}

// suppression is how a finding is allowed: in the file, or outside of it.
func suppression(s lint.Suppressed) sarifSuppression {
	if s.Configured {
		return sarifSuppression{Kind: "external", Justification: s.Reason}
	}
	return sarifSuppression{Kind: "inSource", Justification: s.Reason}
}

// fingerprints are segue's own, and the one that GitHub goes by.
func (s *sarif) fingerprints(file string, line int, print string) map[string]string {
	prints := map[string]string{"segueFinding/v1": print}
	source, known := s.result.Sources[file]
	if !known {
		return prints
	}
	hashes, hashed := s.hashes[file]
	if !hashed {
		hashes = lineHashes(source)
		s.hashes[file] = hashes
	}
	if line := max(line, 1); line <= len(hashes) {
		prints["primaryLocationLineHash"] = hashes[line-1]
	}
	return prints
}

// location is a place in a file: seen from the repository's root, or absolute where the file is outside of it: readers
// know the root as the checkout's, and nothing above it.
func (s *sarif) location(file string, region *sarifRegion) sarifLocation {
	name := s.about.file(file)
	if strings.HasPrefix(name, "../") && s.about.Dir != "" {
		name = path.Join(s.about.Dir, name)
	}
	at := sarifArtifact{URI: uri(name)}
	if !absolute(name) {
		at.BaseID = sourceRoot
	}
	return sarifLocation{Physical: sarifPhysical{Artifact: at, Region: region}}
}

// uri is a file's name as a URI reference: relative, or a file: URI where the name is absolute.
func uri(name string) string {
	segments := strings.Split(name, "/")
	for i, segment := range segments {
		segments[i] = strings.ReplaceAll(url.PathEscape(segment), ":", "%3A") // no scheme
	}
	if reference := strings.Join(segments, "/"); !absolute(name) {
		return reference
	}
	return "file:///" + strings.TrimPrefix((&url.URL{Path: name}).EscapedPath(), "/")
}

// regionOf is a finding's place; nil where it has none.
func regionOf(f lint.Finding) *sarifRegion {
	if f.Line < 1 {
		return nil
	}
	region := sarifRegion{StartLine: f.Line, StartColumn: max(f.Column, 0)}
	if f.EndLine > f.Line || f.EndLine == f.Line && f.EndColumn >= f.Column {
		region.EndLine, region.EndColumn = f.EndLine, max(f.EndColumn, 0)
	}
	return &region
}

func sarifLevel(s lint.Severity) string {
	switch s {
	case lint.Error, lint.Warning:
		return string(s)
	case lint.Off:
		return "none"
	}
	return "note"
}

// link is what a reader of SARIF takes for a link in a plain text: [words](target).
var link = regexp.MustCompile(`\[[^\[\]]*\]\(`)

// sarifMessage is a text in which nothing is taken for a link.
func sarifMessage(text string) string {
	return link.ReplaceAllStringFunc(text, func(found string) string {
		return `\[` + strings.TrimSuffix(found[1:], "](") + `\](`
	})
}

var semver = regexp.MustCompile(`^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$`)

// semantic is a version without its v; empty where it is not a semantic one.
func semantic(version string) string {
	if found := semver.FindStringSubmatch(version); found != nil {
		return found[1]
	}
	return ""
}
