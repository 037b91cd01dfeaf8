package demo

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Style is what the place that the demo prints to can show.
type Style string

// Plain is for files and pipes. Lively redraws a line, as terminals can; Coloured has colours too.
const (
	Plain    Style = "plain"
	Lively   Style = "lively"
	Coloured Style = "coloured"
)

// screen is where the demo tells its story.
type screen struct {
	out   io.Writer
	style Style
	acts  int
}

// act begins a part of the story.
func (s *screen) act(title string) {
	s.acts++
	fmt.Fprintf(s.out, "\n%s\n", s.paint("1;36", fmt.Sprintf("%d. %s", s.acts, title)))
}

// say explains something in plain words.
func (s *screen) say(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	words := strings.TrimLeft(text, "\n")
	fmt.Fprintf(s.out, "%s%s\n", text[:len(text)-len(words)], s.paint("36", words))
}

// command shows a command line as a person would have typed it.
func (s *screen) command(line string) {
	fmt.Fprintf(s.out, "\n%s\n", s.paint("1", "$ "+line))
}

// exited shows the exit code of a command, unless that was a plain yes.
func (s *screen) exited(code int) {
	if code != 0 {
		fmt.Fprintln(s.out, s.paint("2", fmt.Sprintf("(exit code %d)", code)))
	}
}

// show prints text that belongs to what was said, a little to the right.
func (s *screen) show(text string) {
	for line := range strings.Lines(text) {
		if line != "\n" {
			line = "    " + line
		}
		fmt.Fprint(s.out, line)
	}
}

// redraw replaces the line that is being drawn, where lines can be.
func (s *screen) redraw(line string) {
	if s.style != Plain {
		fmt.Fprint(s.out, "\r\x1b[K", line)
	}
}

// settle makes a line final.
func (s *screen) settle(line string) {
	s.redraw("")
	fmt.Fprintln(s.out, line)
}

// verdict prints the last word.
func (s *screen) verdict(r Report) {
	took := r.Took.Round(time.Second)
	if r.Clean() {
		fmt.Fprintf(s.out, "\n%s\n", s.paint("1;32", fmt.Sprintf("No app saw an error, and no row differs. (%s)", took)))
		return
	}
	fmt.Fprintf(s.out, "\n%s\n", s.paint("1;31", fmt.Sprintf("Something went wrong: see the table above. (%s)", took)))
}

func (s *screen) paint(attributes, text string) string {
	if s.style != Coloured {
		return text
	}
	return "\x1b[" + attributes + "m" + text + "\x1b[0m"
}
