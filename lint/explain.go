package lint

import (
	"fmt"
	"strings"
)

// Explain is a rule as text for a terminal: what it reports, what would happen, and the way out.
func (r *Rule) Explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s, %s)\n%s\n", r.ID, r.Family, r.Severity, r.Doc.Title)
	type part struct{ head, text string }
	parts := []part{
		{"When", wrapped(r.Doc.Condition)},
		{"What happens", wrapped(r.Doc.Effect)},
		{"Instead", wrapped(r.Doc.Workaround)},
		{"Before", indented(r.Doc.Before)},
		{"After", indented(r.Doc.After)},
	}
	if r.Check != nil {
		parts = append(parts, part{"To accept it", indented(fmt.Sprintf("-- segue:allow %s REASON", r.ID))})
	}
	for _, p := range parts {
		fmt.Fprintf(&b, "\n%s\n%s", p.head, p.text)
	}
	return b.String()
}

// wrapped breaks a text into indented lines of at most 88 characters.
func wrapped(text string) string {
	var b strings.Builder
	width := 0
	for _, word := range strings.Fields(text) {
		length := len([]rune(word))
		switch {
		case width == 0:
			b.WriteString("  ")
			width = 2
		case width+1+length > 88:
			b.WriteString("\n  ")
			width = 2
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += length
	}
	return b.String() + "\n"
}

func indented(text string) string {
	text = strings.Trim(text, "\n")
	return "  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n"
}
