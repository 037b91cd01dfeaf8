package lint

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Explain is a rule as text for a terminal: what it reports, what would happen, and the way out. It
// speaks a server's words; where the rule is not for that server it says whom it is for.
func (r *Rule) Explain(k dialects.Kind) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s, %s", r.ID, r.Family, r.Severity)
	doc := r.Doc(k)
	if doc == nil {
		doc = &r.Docs[0]
		fmt.Fprintf(&b, "; not for %s but for %s", k, kindList(doc.Servers))
	}
	fmt.Fprintf(&b, ")\n%s\n", doc.Title)
	type part struct{ head, text string }
	parts := []part{
		{"When", wrapped(doc.Condition)},
		{"What happens", wrapped(doc.Effect)},
		{"Instead", wrapped(doc.Workaround)},
		{"Before", indented(doc.Before)},
		{"After", indented(doc.After)},
	}
	if r.Severity == Off {
		parts = append(parts, part{"To ask for it", indented(fmt.Sprintf("lint: {rules: {%s: warning}} in segue.yaml", r.ID))})
	}
	switch {
	case r.Check != nil:
		parts = append(parts, part{"To accept it", indented(fmt.Sprintf("-- segue:allow %s REASON", r.ID))})
	case r.Family != SourceFamily:
		parts = append(parts, part{"To accept it, at the head of the file", indented(fmt.Sprintf("-- segue:allow %s REASON", r.ID))})
	}
	if len(r.Peers) > 0 {
		parts = append(parts, part{"In other tools", wrapped(strings.Join(r.Peers, ", "))})
	}
	for _, p := range parts {
		fmt.Fprintf(&b, "\n%s\n%s", p.head, p.text)
	}
	return b.String()
}

func kindList(kinds []dialects.Kind) string {
	var words []string
	for _, k := range kinds {
		words = append(words, string(k))
	}
	return strings.Join(words, " and ")
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
