package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/segue-db/segue/lint"
)

// The longest texts that GitHub takes, in bytes, with some room for what is put around them: 65,536
// for a comment, 1 MiB for a step's summary. GitLab takes more.
const (
	commentSize = 65_000
	summarySize = 1_000_000
)

// marker is the first line of a comment, by which the next run finds it to write it anew.
const marker = "<!-- segue lint -->"

// Markdown writes a result as a comment on a change: a table of all findings, the most severe
// first, and below it each with its reason and way out, folded. What a comment has no room for is
// counted instead.
func Markdown(w io.Writer, r *lint.Result, about About) error {
	return markdown(w, r, about, commentSize)
}

// StepSummary writes the same as Markdown, for the file that GITHUB_STEP_SUMMARY names, which has
// room for more.
func StepSummary(w io.Writer, r *lint.Result, about About) error {
	return markdown(w, r, about, summarySize)
}

// The longest that single texts get, in characters.
const (
	cellLength = 300
	noteLength = 2000
)

func markdown(w io.Writer, r *lint.Result, about About, size int) error {
	p := page{size: size - 200} // for the lines that count what is left out
	p.add(fmt.Sprintf("%s\n### segue lint\n\n%s\n", marker, headline(r)))
	findings := worstFirst(r.Findings)
	if len(findings) > 0 {
		p.add("\n| severity | where | what | rule |\n|---|---|---|---|\n")
		rows := p.list(len(findings), func(i int) string { return row(findings[i], about) })
		p.rest(len(findings)-rows, "finding", "not in this table")
		p.add("\n")
		notes := p.list(rows, func(i int) string { return folded(findings[i], r.Sources[findings[i].File], about) })
		p.rest(rows-notes, "finding", "not explained here")
	}
	if len(r.Suppressed) > 0 {
		p.add(fmt.Sprintf("\n<details><summary>%d allowed</summary>\n\n", len(r.Suppressed)))
		allowed := p.list(len(r.Suppressed), func(i int) string {
			s := r.Suppressed[i]
			return fmt.Sprintf("- %s at %s: %s\n", code(s.Rule), code(place(about.file(s.File), s.Line)), escaped(cut(s.Reason, noteLength)))
		})
		p.rest(len(r.Suppressed)-allowed, "allowed finding", "not in this list")
		p.add("\n</details>\n")
	}
	if _, err := io.WriteString(w, p.text.String()); err != nil {
		return fmt.Errorf("writing findings as Markdown: %w", err)
	}
	return nil
}

// page is a text of a limited size.
type page struct {
	text strings.Builder
	size int // in bytes
}

func (p *page) add(text string) { p.text.WriteString(text) }

// list adds texts while there is room, and says how many.
func (p *page) list(n int, text func(int) string) int {
	for i := range n {
		next := text(i)
		if p.text.Len()+len(next) > p.size {
			return i
		}
		p.add(next)
	}
	return n
}

// rest says how many of something are left out, if any are.
func (p *page) rest(n int, what, where string) {
	if n > 0 {
		p.add(fmt.Sprintf("\n%s more, %s\n", counted(n, what), where))
	}
}

func row(f lint.Finding, about About) string {
	return fmt.Sprintf("| %s | %s | %s | [%s](%s) |\n", f.Severity, code(place(about.file(f.File), f.Line)),
		escaped(cut(f.Message, cellLength)), escaped(f.Rule), rulePage(f.Rule))
}

func folded(f lint.Finding, source string, about About) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary>%s: %s (<code>%s</code>)</summary>\n\n",
		f.Severity, plain(cut(f.Message, cellLength)), plain(place(about.file(f.File), f.Line)))
	if sql := excerpt(f, source); sql != "" {
		fmt.Fprintf(&b, "%s\n\n", fenced(sql))
	}
	for _, note := range []struct{ head, text string }{{"why", escaped(cut(f.Why, noteLength))}, {"instead", escaped(cut(f.Instead, noteLength))}} {
		if note.text != "" {
			fmt.Fprintf(&b, "- **%s**: %s\n", note.head, note.text)
		}
	}
	b.WriteString(fixDiff(f, source))
	if f.Plan != "" {
		fmt.Fprintf(&b, "- **plan**: %s\n", code(f.Plan))
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

// excerpt is the SQL that a finding is about: its first lines, each cut.
func excerpt(f lint.Finding, source string) string {
	if f.Start < 0 || f.Start >= f.End || f.End > len(source) {
		return ""
	}
	lines := strings.Split(strings.ToValidUTF8(strings.TrimSpace(source[f.Start:f.End]), "\uFFFD"), "\n")
	shown := lines[:min(len(lines), frameLines)]
	for i, line := range shown {
		shown[i] = cut(strings.TrimRight(line, "\r"), cellLength)
	}
	if more := len(lines) - len(shown); more > 0 {
		shown = append(shown, fmt.Sprintf("-- and %s", counted(more, "more line")))
	}
	return strings.Join(shown, "\n")
}
