package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/segue-db/segue/lint"
)

// Diff writes changes as one unified diff, for git apply or patch -p1 in the repository's root; dir stands before the
// changes' paths.
func Diff(w io.Writer, changes []lint.Change, dir string, about About) error {
	var b strings.Builder
	for _, c := range changes {
		name := about.file(dir + "/" + c.Path)
		before := "a/" + name
		if c.New == lint.IsNew {
			before = "/dev/null"
		}
		fmt.Fprintf(&b, "--- %s\n+++ b/%s\n%s", before, name, hunks(c.Before, c.After))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the diff: %w", err)
	}
	return nil
}

// contextLines is how many lines a hunk shows around what changes.
const contextLines = 3

// hunks are the differences of two texts.
func hunks(before, after string) string {
	var b strings.Builder
	lines := compareLines(splitLines(before), splitLines(after))
	for i := 0; i < len(lines); {
		if lines[i].mark == same {
			i++
			continue
		}
		end, quiet := i, 0 // behind the last change of the hunk
		for j := i; j < len(lines) && quiet <= 2*contextLines; j++ {
			quiet++
			if lines[j].mark != same {
				end, quiet = j+1, 0
			}
		}
		writeHunk(&b, lines, max(0, i-contextLines), min(len(lines), end+contextLines))
		i = end
	}
	return b.String()
}

// diffLine is a line of either text, or of both, with its end; mark is what stands before it.
type diffLine struct {
	mark byte
	text string
}

const (
	same    = ' '
	removed = '-'
	added   = '+'
)

func writeHunk(b *strings.Builder, lines []diffLine, from, to int) {
	fmt.Fprintf(b, "@@ -%s +%s @@\n", hunkRange(lines, from, to, added), hunkRange(lines, from, to, removed))
	for _, l := range lines[from:to] {
		b.WriteByte(l.mark)
		b.WriteString(l.text)
		if !strings.HasSuffix(l.text, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// hunkRange is where a hunk starts in one of the texts and how many of its lines it has; what is marked as the other's
// is not counted. An empty stretch is said to start at the line before it.
func hunkRange(lines []diffLine, from, to int, others byte) string {
	start, count := 1, 0
	for i, l := range lines[:to] {
		switch {
		case l.mark == others:
		case i < from:
			start++
		default:
			count++
		}
	}
	if count == 0 {
		start--
	}
	return fmt.Sprintf("%d,%d", start, count)
}

func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// mostCompared bounds the work of a comparison: what differs in more places is shown as one piece.
const mostCompared = 4 << 20

// compareLines aligns two lists by their longest common subsequence.
func compareLines(a, b []string) []diffLine {
	var head, tail []diffLine
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		head = append(head, diffLine{same, a[0]})
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		tail = append(tail, diffLine{same, a[len(a)-1]})
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	slices.Reverse(tail)
	if len(a)*len(b) > mostCompared {
		return slices.Concat(head, marked(removed, a), marked(added, b), tail)
	}
	return slices.Concat(head, alignLines(a, b), tail)
}

func marked(mark byte, lines []string) []diffLine {
	all := make([]diffLine, len(lines))
	for i, text := range lines {
		all[i] = diffLine{mark, text}
	}
	return all
}

func alignLines(a, b []string) (lines []diffLine) {
	common := make([][]int, len(a)+1) // of a[i:] and b[j:]
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if a[i] == b[j] {
				common[i][j] = 1 + common[i+1][j+1]
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j] && common[i][j] > 0:
			lines = append(lines, diffLine{same, a[i]})
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || common[i+1][j] >= common[i][j+1]):
			lines = append(lines, diffLine{removed, a[i]})
			i++
		default:
			lines = append(lines, diffLine{added, b[j]})
			j++
		}
	}
	return lines
}
