package report

import "github.com/segue-db/segue/lint"

// color is an ANSI attribute.
type color string

const (
	bold   color = "1"
	faint  color = "2"
	red    color = "31"
	yellow color = "33"
	blue   color = "34"
)

func severityColor(s lint.Severity) color {
	switch s {
	case lint.Error:
		return red
	case lint.Warning:
		return yellow
	}
	return blue
}

func (t text) paint(c color, words string) string {
	if t.look != Colored {
		return words
	}
	return "\x1b[" + string(c) + "m" + words + "\x1b[0m"
}
