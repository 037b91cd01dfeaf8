package lint

import (
	"cmp"

	"github.com/segue-db/segue/dialects"
)

// Finding is one thing that is not safe, at one place. A rule that reports it sets the words, and
// the place where that is not the whole statement; Pass.Report adds the rest.
type Finding struct {
	Rule      string          `json:"rule"`
	Family    dialects.Family `json:"family"`
	Severity  Severity        `json:"severity"`
	File      string          `json:"file"`
	Line      int             `json:"line"`   // from 1
	Column    int             `json:"column"` // from 1, in characters
	EndLine   int             `json:"end_line"`
	EndColumn int             `json:"end_column"` // behind the last character
	Table     string          `json:"table"`
	Statement string          `json:"statement"`
	Message   string          `json:"message"` // what is wrong, naming the object
	Why       string          `json:"why"`     // what would happen
	Instead   string          `json:"instead"` // the way out
	Plan      string          `json:"plan"`    // the recipe that carries it out safely
	// Rows and Bytes are about how large the table is, where how bad it is goes by that. Nil: nobody knows.
	Rows  *int64 `json:"rows,omitempty"`
	Bytes *int64 `json:"bytes,omitempty"`
	// Fix is nil where nothing can be made safe by writing it another way.
	Fix *Fix `json:"fix,omitempty"`
	// Unfixed says why there is no fix in this file for what could be fixed in another.
	Unfixed string `json:"unfixed,omitempty"`
	// Over is the work that a finding of no hazard is about: the size of its table grades it.
	Over *dialects.Effect `json:"-"`
	// Apart asks for a fix that leaves the statement as it is and has it run so far apart.
	Apart dialects.Apart `json:"-"`
	// Start and End are the place in bytes of the migration's SQL.
	Start int `json:"-"`
	End   int `json:"-"`
}

// spans puts the finding at a place of its file.
func (f *Finding) spans(start, end dialects.Place) {
	f.Start, f.Line, f.Column = start.Offset, start.Line, start.Column
	f.End, f.EndLine, f.EndColumn = end.Offset, end.Line, end.Column
}

// Suppressed is a finding that a directive or the configuration allowed.
type Suppressed struct {
	Rule   string `json:"rule"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
	// Configured says that the configuration allows it, and not a directive.
	Configured bool `json:"-"`
	// Finding is all of what was found.
	Finding Finding `json:"-"`
}

// Result is what Run found. Findings stand in the order of their migrations and places.
type Result struct {
	Server     dialects.Version
	Runner     Runner
	Files      int // how many were reported on
	Findings   []Finding
	Suppressed []Suppressed
	// Sources are the texts of the files that findings are in.
	Sources map[string]string
}

// Summary counts findings.
type Summary struct {
	Errors     int `json:"errors"`
	Warnings   int `json:"warnings"`
	Infos      int `json:"infos"`
	Suppressed int `json:"suppressed"`
}

// Summary counts the result's findings.
func (r *Result) Summary() Summary {
	s := Summary{Suppressed: len(r.Suppressed)}
	for _, f := range r.Findings {
		switch f.Severity {
		case Error:
			s.Errors++
		case Warning:
			s.Warnings++
		case Info:
			s.Infos++
		}
	}
	return s
}

// Reaches reports whether a finding is as bad as limit, or worse.
func (r *Result) Reaches(limit Severity) bool {
	for _, f := range r.Findings {
		if f.Severity.AtLeast(limit) {
			return true
		}
	}
	return false
}

func byPlace(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
}
