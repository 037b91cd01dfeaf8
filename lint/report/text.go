package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/segue-db/segue/lint"
)

// Look says whether text is coloured.
type Look string

// The looks.
const (
	Plain   Look = "plain"
	Colored Look = "colored" // with ANSI escapes, for a terminal
)

// frameLines is how many lines of a statement a code frame shows.
const frameLines = 6

// Text writes a result for people: each finding with its place, the lines it is about, why it is
// not safe and what to do instead, then what was allowed, then a summary.
func Text(w io.Writer, r *lint.Result, look Look) error {
	t := text{Writer: bufio.NewWriter(w), look: look}
	var file string
	var lines []string // of that file: many findings may be in a large one
	for _, f := range r.Findings {
		if f.File != file || lines == nil {
			file, lines = f.File, strings.Split(r.Sources[f.File], "\n")
		}
		t.finding(f, lines)
	}
	for _, s := range r.Suppressed {
		t.printf("%s:%d: %s %s: %s\n", inertLine(s.File), s.Line, t.paint(faint, "allowed"), s.Rule, oneLine(s.Reason))
	}
	if len(r.Suppressed) > 0 {
		t.printf("\n")
	}
	t.summary(r)
	if err := t.Flush(); err != nil {
		return fmt.Errorf("writing findings: %w", err)
	}
	return nil
}

type text struct {
	*bufio.Writer
	look Look
}

func (t text) printf(format string, args ...any) { fmt.Fprintf(t, format, args...) }

func (t text) finding(f lint.Finding, lines []string) {
	severity := t.paint(severityColor(f.Severity), string(f.Severity))
	t.printf("%s:%d:%d: %s: %s [%s]\n", inertLine(f.File), f.Line, f.Column, severity, t.paint(bold, inertLine(f.Message)), f.Rule)
	t.frame(f, lines)
	t.note("why", f.Why)
	t.note("instead", f.Instead)
	if f.Fix != nil {
		t.note("fix", fixing(f))
	}
	t.printf("\n")
}

// frame shows the lines that a finding is about, with carets below the first one.
func (t text) frame(f lint.Finding, lines []string) {
	if f.Line < 1 || f.Line > len(lines) || f.Start == f.End && strings.TrimSpace(strings.Join(lines, "")) == "" {
		return
	}
	last := min(f.EndLine, len(lines))
	shown := min(last, f.Line+frameLines-1)
	margin := len(fmt.Sprint(shown))
	for n := f.Line; n <= shown; n++ {
		line := inertLine(strings.TrimSuffix(lines[n-1], "\r"))
		t.printf("%s %s\n", t.paint(faint, fmt.Sprintf("  %*d |", margin, n)), line)
		if n == f.Line {
			t.printf("%s %s\n", t.paint(faint, fmt.Sprintf("  %*s |", margin, "")),
				t.paint(severityColor(f.Severity), carets(line, f)))
		}
	}
	if shown < last {
		t.printf("%s\n", t.paint(faint, fmt.Sprintf("  %*s | and %d more lines", margin, "", last-shown)))
	}
}

// carets underlines the part of a finding's first line that it is about. Tabs stay tabs, so that
// the carets stand below what they mean however wide a terminal shows them.
func carets(line string, f lint.Finding) string {
	var b strings.Builder
	characters := []rune(line)
	from := min(f.Column-1, len(characters))
	for _, c := range characters[:from] {
		if c != '\t' {
			c = ' '
		}
		b.WriteRune(c)
	}
	to := len(characters)
	if f.EndLine == f.Line {
		to = min(f.EndColumn-1, to)
	}
	b.WriteString(strings.Repeat("^", max(1, to-from)))
	return b.String()
}

// noteWidth is the widest that a note's lines get, in characters.
const noteWidth = 100

// note writes one of a finding's explanations, broken into lines below its label.
func (t text) note(label, words string) {
	if words == "" {
		return
	}
	head := fmt.Sprintf("  %-8s", label+":")
	width := len(head)
	t.printf("%s", t.paint(faint, head))
	for _, word := range strings.Fields(words) {
		word = inertLine(word)
		length := len([]rune(word)) + 1
		if width+length > noteWidth && width > len(head) {
			t.printf("\n%s", strings.Repeat(" ", len(head)))
			width = len(head)
		}
		t.printf(" %s", word)
		width += length
	}
	t.printf("\n")
}

func (t text) summary(r *lint.Result) {
	t.printf("%s\n", headline(r))
	if s := r.Summary(); s.Errors+s.Warnings > 0 {
		t.printf("segue rules RULE explains one; -- segue:allow RULE REASON above a statement accepts it")
		if r.Runner == lint.SegueRuns {
			t.printf(",\nand with -- segue:plan off beside it segue runs the statement as written")
		}
		t.printf(".\n")
	}
}
