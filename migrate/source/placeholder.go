package source

import "regexp"

// What runners put values in the place of.
var (
	envPlaceholder    = regexp.MustCompile(`\$\{[^}\n]*\}|\$[A-Za-z_][A-Za-z0-9_]*`)
	bracePlaceholder  = regexp.MustCompile(`\$\{[^}\n]+\}`)
	actionPlaceholder = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
)

// placeholders makes names of a line's placeholders, so that the rest of the statement can be read, and
// refuses each: their values are the runner's.
func (p *Part) placeholders(text *sheet, l line, shape *regexp.Regexp) {
	original := string(text.text[l.start:l.end])
	for _, found := range shape.FindAllStringIndex(original, -1) {
		from, to := l.start+found[0], l.start+found[1]
		p.unread(from, original[found[0]:found[1]]+" stands for a value that its runner puts in", "write the value itself")
		p.makeUp(text, from, to)
	}
}

// makeUp puts a name in the place of text[from:to].
func (p *Part) makeUp(text *sheet, from, to int) {
	written := string(text.text[from:to])
	text.name(from, to)
	if p.MadeUp == nil {
		p.MadeUp = map[string]string{}
	}
	p.MadeUp[string(text.text[from:to])] = written
}
