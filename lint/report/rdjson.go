package report

import (
	"io"
	"strings"

	"github.com/segue-db/segue/lint"
)

// diagnostics is reviewdog's RDFormat.
// https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
type diagnostics struct {
	Source      diagnosticSource `json:"source"`
	Diagnostics []diagnostic     `json:"diagnostics"`
}

type diagnosticSource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type diagnostic struct {
	Message  string             `json:"message"`
	Location diagnosticLocation `json:"location"`
	Severity string             `json:"severity"`
	Code     diagnosticCode     `json:"code"`
	// Suggestions are texts to put in the place of stretches of the file.
	Suggestions []diagnosticSuggestion `json:"suggestions,omitempty"`
}

type diagnosticSuggestion struct {
	Range diagnosticRange `json:"range"`
	Text  string          `json:"text"`
}

type diagnosticCode struct {
	Value string `json:"value"`
	URL   string `json:"url"`
}

type diagnosticLocation struct {
	Path  string           `json:"path"`
	Range *diagnosticRange `json:"range,omitempty"`
}

type diagnosticRange struct {
	Start diagnosticPosition `json:"start"`
	End   diagnosticPosition `json:"end"`
}

// diagnosticPosition counts columns in bytes of UTF-8, from 1; an end is behind the last byte.
type diagnosticPosition struct {
	Line   int `json:"line"`
	Column int `json:"column,omitempty"`
}

// RDJSON writes a result for reviewdog -f=rdjson.
func RDJSON(w io.Writer, r *lint.Result, about About) error {
	d := diagnostics{Source: diagnosticSource{"segue lint", homepage}, Diagnostics: []diagnostic{}}
	var file string
	var lines []string // of that file: many findings may be in a large one
	for _, f := range r.Findings {
		if f.File != file || lines == nil {
			file, lines = f.File, strings.Split(r.Sources[f.File], "\n")
		}
		d.Diagnostics = append(d.Diagnostics, diagnostic{
			Message: words(f), Severity: diagnosticSeverity(f.Severity), Code: diagnosticCode{f.Rule, rulePage(f.Rule)},
			Location:    diagnosticLocation{about.file(f.File), rangeOf(f, lines)},
			Suggestions: suggestions(f, r.Sources[f.File]),
		})
	}
	return encode(w, "rdjson", d)
}

func diagnosticSeverity(s lint.Severity) string { return strings.ToUpper(string(s)) }

// rangeOf is a finding's place; nil where it has none.
func rangeOf(f lint.Finding, lines []string) *diagnosticRange {
	if f.Line < 1 {
		return nil
	}
	return &diagnosticRange{
		Start: diagnosticPosition{f.Line, byteColumn(lines, f.Line, f.Column)},
		End:   diagnosticPosition{max(f.EndLine, f.Line), byteColumn(lines, f.EndLine, f.EndColumn)},
	}
}

// byteColumn turns a column in characters into one in bytes; 0, for none, outside of the text.
func byteColumn(lines []string, line, column int) int {
	if line < 1 || line > len(lines) || column < 1 {
		return 0
	}
	characters := 1
	for i := range lines[line-1] {
		if characters == column {
			return i + 1
		}
		characters++
	}
	if characters == column {
		return len(lines[line-1]) + 1
	}
	return 0
}
