package report

import (
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// fixing says what a finding's fix does, and what carries it out.
func fixing(f lint.Finding) string { return f.FixedBy() + " does it: " + f.Fix.Title }

// inPlace is the fix of a finding that a reader of a report can carry out by itself: one that changes the finding's file
// and no other. It is nil where there is none, or the file's text is not at hand.
func inPlace(f lint.Finding, source string) *lint.Fix {
	if f.Fix == nil || !f.Fix.Whole() || len(f.Fix.Edits) == 0 {
		return nil
	}
	at := 0
	for _, e := range f.Fix.Edits {
		if e.Start < at || e.End < e.Start || e.End > len(source) {
			return nil
		}
		at = e.End
	}
	return f.Fix
}

// span is the stretch of a file that a fix's edits are in, and what stands there then.
func span(fix *lint.Fix, source string) (start, end int, text string) {
	start, end = fix.Edits[0].Start, fix.Edits[len(fix.Edits)-1].End
	at := start
	for _, e := range fix.Edits {
		text += source[at:e.Start] + e.Text
		at = e.End
	}
	return start, end, text
}

// suggestions are a fix for reviewdog: one stretch, since each suggestion stands for itself.
func suggestions(f lint.Finding, source string) []diagnosticSuggestion {
	fix := inPlace(f, source)
	if fix == nil {
		return nil
	}
	start, end, text := span(fix, source)
	return []diagnosticSuggestion{{Range: diagnosticRange{bytePosition(source, start), bytePosition(source, end)}, Text: text}}
}

func bytePosition(source string, at int) diagnosticPosition {
	return diagnosticPosition{1 + strings.Count(source[:at], "\n"), at - strings.LastIndexByte(source[:at], '\n')}
}

// sarifFixes are a fix for SARIF, edit by edit.
func (s *sarif) sarifFixes(f lint.Finding) []sarifFix {
	source := s.result.Sources[f.File]
	fix := inPlace(f, source)
	if fix == nil {
		return nil
	}
	places := dialects.NewPlaces(source)
	var replacements []sarifReplacement
	for _, e := range fix.Edits {
		start, end := places.At(e.Start), places.At(e.End)
		replacements = append(replacements, sarifReplacement{
			Deleted:  sarifRegion{StartLine: start.Line, StartColumn: start.Column, EndLine: end.Line, EndColumn: end.Column},
			Inserted: sarifText{Text: e.Text},
		})
	}
	return []sarifFix{{
		Description: sarifText{Text: sarifMessage(fix.Title)},
		Changes:     []sarifChange{{s.location(f.File, nil).Physical.Artifact, replacements}},
	}}
}

// fixLines is how many lines of a fix a comment shows.
const fixLines = 40

// fixDiff shows a fix in a comment: the edits as a diff, and what it adds by name.
func fixDiff(f lint.Finding, source string) string {
	if f.Fix == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString("- **fix** (" + code(f.FixedBy()) + "): " + escaped(cut(f.Fix.Title, noteLength)) + "\n")
	whole := *f.Fix
	whole.Follow, whole.Files = nil, nil
	edited := f
	edited.Fix = &whole
	if inPlace(edited, source) != nil {
		start, end, text := span(&whole, source)
		lines := strings.Split(strings.TrimRight(hunks(source, source[:start]+text+source[end:]), "\n"), "\n")
		if len(lines) > fixLines {
			lines = append(lines[:fixLines], "...")
		}
		for i, line := range lines {
			lines[i] = cut(strings.TrimRight(line, "\r"), cellLength)
		}
		b.WriteString("\n" + fencedAs("diff", strings.Join(lines, "\n")) + "\n")
	}
	for _, follow := range f.Fix.Follow {
		b.WriteString("\nand a migration behind it, " + code(follow.Name) + ":\n\n" + fenced(cut(follow.SQL, noteLength)) + "\n")
	}
	return b.String()
}
