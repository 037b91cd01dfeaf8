package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/segue-db/segue/lint"
)

// words are all that a finding says, line by line: what, why, and what to do instead.
func words(f lint.Finding) string {
	lines := []string{f.Message}
	if f.Why != "" {
		lines = append(lines, "why: "+f.Why)
	}
	if f.Instead != "" {
		lines = append(lines, "instead: "+f.Instead)
	}
	if f.Fix != nil {
		lines = append(lines, "fix: "+fixing(f))
	}
	return strings.Join(lines, "\n")
}

// headline counts what a result holds, as in "2 migrations: 1 error, 0 warnings, 1 allowed".
func headline(r *lint.Result) string {
	s := r.Summary()
	line := counted(r.Files, "migration") + ": no findings"
	if len(r.Findings) > 0 {
		line = fmt.Sprintf("%s: %s, %s", counted(r.Files, "migration"), counted(s.Errors, "error"), counted(s.Warnings, "warning"))
	}
	if s.Infos > 0 {
		line += ", " + counted(s.Infos, "note")
	}
	if s.Suppressed > 0 {
		line += fmt.Sprintf(", %d allowed", s.Suppressed)
	}
	return line
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// worstFirst are findings by severity; those of one severity keep their order.
func worstFirst(findings []lint.Finding) []lint.Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b lint.Finding) int { return cmp.Compare(rank(a.Severity), rank(b.Severity)) })
	return sorted
}

func rank(s lint.Severity) int {
	return slices.Index([]lint.Severity{lint.Error, lint.Warning, lint.Info}, s)
}

// oneLine is a text without line breaks, and with no control characters that are obeyed.
func oneLine(text string) string { return Inert(strings.Join(strings.Fields(text), " ")) }

// Inert is a text whose control characters but tabs and line breaks are U+FFFD, one for one: terminals and logs of CI
// systems would obey them. What ends its lines is \n.
func Inert(text string) string {
	return strings.Map(func(c rune) rune {
		if c != '\t' && c != '\n' && unicode.IsControl(c) {
			return unicode.ReplacementChar
		}
		return c
	}, strings.ReplaceAll(text, "\r\n", "\n"))
}

// inertLine is the same of a text that is to stay on its line: one that a name begins can be a command to a CI's log.
func inertLine(text string) string {
	return strings.ReplaceAll(Inert(text), "\n", string(unicode.ReplacementChar))
}

// cut is a text of at most so many characters; what was longer ends in an ellipsis.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	if characters := []rune(text); len(characters) > most {
		return string(characters[:most-1]) + "…"
	}
	return text
}

// place is FILE:LINE, or FILE where a finding has no line.
func place(file string, line int) string {
	if line < 1 {
		return file
	}
	return fmt.Sprintf("%s:%d", file, line)
}
