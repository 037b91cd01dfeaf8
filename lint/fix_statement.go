package lint

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// rewriting is what becomes of one statement, and the findings that go with it.
type rewriting struct {
	at       int // the statement's index
	title    string
	parts    []dialects.Part
	findings []int // indexes of the file's findings
	move
}

// rewrite asks for another form of the statement that was just judged, whose findings start at an index. What a plan
// of segue's takes care of stays.
func (f *file) rewrite(at int, p *Pass, from int) {
	s := f.script.Up[at]
	var wanted []string
	apart := dialects.Together
	for _, finding := range f.findings[from:] {
		if p.Runner == SegueRuns && finding.Plan != "" {
			continue
		}
		if finding.Apart != dialects.Together {
			apart = finding.Apart
		}
		wanted = append(wanted, finding.Rule)
	}
	if len(wanted) == 0 || f.authors(s.Statement) != s.Text || slices.ContainsFunc(s.Directives, bindsText) {
		return
	}
	r := rewriting{at: at}
	var cures []string
	if fixer, ok := f.config.Dialect.(dialects.Fixer); ok {
		if w := fixer.Fix(f.catalog, s.Statement, wanted); w != nil {
			r.title, r.parts, cures = w.Title, withComments(s.Statement, w.Parts), w.Cures
		}
	}
	if r.parts == nil && apart != dialects.Together {
		r.parts = []dialects.Part{{SQL: s.Text, Apart: apart, Name: f.named(s.Changes[0])}}
		r.title = map[dialects.Apart]string{
			dialects.Outside: "run the statement outside of a transaction", dialects.Committed: "run the statement in a transaction of its own",
		}[apart]
	}
	if r.parts == nil {
		return
	}
	for i, finding := range f.findings[from:] {
		handled := p.Runner == SegueRuns && finding.Plan != ""
		if !handled && (slices.Contains(cures, finding.Rule) || finding.Apart != dialects.Together && cures == nil) {
			r.findings = append(r.findings, from+i)
		}
	}
	for _, t := range touchesOf(f.catalog, s.Statement) {
		r.tables = append(r.tables, t.table)
		r.keyed, r.columns = r.keyed || t.keys, r.columns || t.columns
	}
	f.rewrites = append(f.rewrites, r)
}

// named says in the words of a file's name what a change does.
func (f *file) named(change dialects.Change) string {
	switch c := change.(type) {
	case dialects.ValidateConstraint:
		return "validate_" + c.Name
	case dialects.CreateIndex:
		if c.Index.Name.Name != "" {
			return "create_" + c.Index.Name.Name
		}
	}
	return f.migration.Name + "_alone"
}

// bindsText holds for directives that speak of a statement as it is written.
func bindsText(d dialects.Directive) bool {
	switch d.Word {
	case dialects.AllowDirective, dialects.DownDirective, dialects.SoakDirective:
		return false
	}
	return true
}

// edit is the least that makes a statement's text of another.
func (f *file) edit(s dialects.Statement, text string) Edit {
	before := 0
	for before < min(len(s.Text), len(text)) && s.Text[before] == text[before] {
		before++
	}
	for before > 0 && isWithin(text, before) {
		before--
	}
	behind := 0
	for behind < min(len(s.Text), len(text))-before && s.Text[len(s.Text)-1-behind] == text[len(text)-1-behind] {
		behind++
	}
	for behind > 0 && isWithin(text, len(text)-behind) {
		behind--
	}
	return Edit{Start: s.Start.Offset + before, End: s.End.Offset - behind, Text: f.lines(text[before : len(text)-behind])}
}

// isWithin reports whether an offset is within a word of a text, or a character: there no edit starts or ends.
func isWithin(text string, at int) bool {
	return at < len(text) && isWordByte(text[at-1]) && isWordByte(text[at])
}

func isWordByte(b byte) bool {
	return b >= 0x80 || b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// lines are a text with the line ends of the file.
func (f *file) lines(text string) string { return likeLines(text, f.migration.SQL) }

// withComments puts the comments of a statement above its parts that are in none of them.
func withComments(s dialects.Statement, parts []dialects.Part) []dialects.Part {
	all, lost := joined(parts), ""
	seen := map[string]int{}
	for _, c := range s.Within {
		if seen[c.Text]++; strings.Count(all, c.Text) < seen[c.Text] {
			lost += commentLine(c)
		}
	}
	parts[0].SQL = lost + parts[0].SQL
	return parts
}
