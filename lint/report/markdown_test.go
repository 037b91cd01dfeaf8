package report_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

var escape = regexp.MustCompile(`\\([[:punct:]])`)

// shown is a cell's text as it shows.
func shown(cell string) string {
	cell = strings.NewReplacer("<!-- -->", "", "<code>", "", "</code>", "").Replace(cell)
	return html.UnescapeString(escape.ReplaceAllString(cell, "$1"))
}

var cellEnd = regexp.MustCompile(`^((?:\\.|[^\\|])*)\|`)

// tableRows are the cells of the rows below the header of a page's table.
func tableRows(t *testing.T, page string) (rows [][]string) {
	t.Helper()
	_, body, _ := strings.Cut(page, "|---|---|---|---|\n")
	for line := range strings.Lines(body) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		var cells []string
		for rest := line[1:]; ; {
			cell := cellEnd.FindStringSubmatch(rest)
			if cell == nil {
				break
			}
			cells = append(cells, strings.TrimSpace(cell[1]))
			rest = rest[len(cell[0]):]
		}
		if len(cells) != 4 {
			t.Errorf("%d cells in %.300s", len(cells), line)
			continue
		}
		rows = append(rows, cells)
	}
	return rows
}

var ruleLink = regexp.MustCompile(`^\[(.*)\]\(https://\S+/docs/rules/(.*)\.md\)$`)

func TestMarkdownReadBack(t *testing.T) {
	for _, r := range []*lint.Result{mixed(), hostile()} {
		got := map[string]told{}
		for _, cells := range tableRows(t, written(t, report.StepSummary, r)) {
			where := shown(cells[1])
			colon := strings.LastIndex(where, ":")
			f := told{severity: cells[0], file: where[:colon], message: shown(cells[2])}
			fmt.Sscan(where[colon+1:], &f.line)
			rule := ruleLink.FindStringSubmatch(cells[3])
			if f.rule = shown(rule[1]); f.rule != rule[2] {
				t.Errorf("%s has a link to %s", f.rule, rule[2])
			}
			got[f.rule] = f
		}
		for _, f := range all(r) {
			f.column = 0
			// A cell is one line, of a length that can be read.
			f.message = strings.Join(strings.Fields(strings.ReplaceAll(f.message, "\x1b", "\uFFFD")), " ")
			if g := got[f.rule]; len(f.message) > 1000 && strings.HasSuffix(g.message, "…") {
				f.message, f.column = g.message[:len(g.message)-len("…")], 0
				if !strings.HasPrefix(strings.Repeat("very long ünï ", 100), f.message) || len(f.message) < 250 {
					t.Errorf("got %q", g.message)
				}
				f.message = g.message
			}
			same(t, []told{got[f.rule]}, []told{f})
		}
	}
}

// lines outside of code blocks must hold no tag that a text brought in.
func TestMarkdownLetsNoTextBecomeMarkup(t *testing.T) {
	page := written(t, report.StepSummary, hostile())
	tags := regexp.MustCompile(`<[^>]*>`)
	allowed := map[string]bool{"<!-- -->": true, "<!-- segue lint -->": true, "<code>": true, "</code>": true,
		"<details>": true, "</details>": true, "<summary>": true, "</summary>": true}
	open, inCode := 0, ""
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, "\n")
		if fence, is := strings.CutSuffix(line, "sql"); is && strings.Trim(fence, "`") == "" {
			inCode = fence
			continue
		}
		if inCode != "" {
			if line == inCode {
				inCode = ""
			}
			continue
		}
		for _, tag := range tags.FindAllString(line, -1) {
			if !allowed[tag] {
				t.Errorf("%s in %.300s", tag, line)
			}
		}
		open += strings.Count(line, "<details>") - strings.Count(line, "</details>")
		if mention := regexp.MustCompile(`[@#](?:[a-z]|\d)`).FindString(line); mention != "" {
			t.Errorf("%s would be a link in %.300s", mention, line)
		}
	}
	if open != 0 || inCode != "" {
		t.Errorf("%d details are open, and code by %q", open, inCode)
	}
}

func TestMarkdownKeepsToItsSize(t *testing.T) {
	r := nothing()
	for i := range 20_000 {
		r.Findings = append(r.Findings, lint.Finding{
			Rule: "rename-column", Severity: lint.Error, File: "a.sql", Line: i + 1, Message: strings.Repeat("word ", 30), Why: "why", Instead: "instead",
		})
		r.Suppressed = append(r.Suppressed, lint.Suppressed{Rule: "rename-column", File: "a.sql", Line: i, Reason: "reason"})
	}
	for _, c := range []struct {
		write format
		most  int
	}{{report.Markdown, 65_536}, {report.StepSummary, 1 << 20}} {
		page := written(t, c.write, r)
		if len(page) > c.most || len(page) < c.most*9/10 {
			t.Errorf("%d bytes where there is room for %d", len(page), c.most)
		}
		rows := len(tableRows(t, page))
		if !strings.Contains(page, fmt.Sprintf("%d findings more, not in this table", 20_000-rows)) {
			t.Errorf("what is left out of %d rows is not counted", rows)
		}
		if strings.Count(page, "<details>") != strings.Count(page, "</details>") {
			t.Error("details are open")
		}
	}
}

func TestMarkdownOfNothing(t *testing.T) {
	if got := written(t, report.Markdown, nothing()); got != "<!-- segue lint -->\n### segue lint\n\n1 migration: no findings\n" {
		t.Errorf("got %q", got)
	}
}
