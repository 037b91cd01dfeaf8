package report_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
)

// workflowCommand is one that GitHub's runner would carry out.
type workflowCommand struct {
	name       string
	properties map[string]string
	data       string
}

// commands reads a step's output as the runner does: a line that begins with :: is a command, and so is
// ##[ anywhere. What is not is returned as lines.
func commands(t *testing.T, text string) (list []workflowCommand, lines []string) {
	t.Helper()
	unescaped := strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		rest, is := strings.CutPrefix(line, "::")
		if !is {
			if strings.Contains(line, "##[") {
				t.Errorf("the line holds a command: %s", line)
			}
			lines = append(lines, line)
			continue
		}
		head, data, ended := strings.Cut(rest, "::")
		if !ended {
			t.Errorf("no end of the command in %s", line)
		}
		c := workflowCommand{properties: map[string]string{}, data: strings.NewReplacer("%25", "%", "%0D", "\r", "%0A", "\n").Replace(data)}
		var properties string
		c.name, properties, _ = strings.Cut(head, " ")
		for property := range strings.SplitSeq(properties, ",") {
			key, value, _ := strings.Cut(property, "=")
			c.properties[key] = unescaped.Replace(value)
		}
		list = append(list, c)
	}
	return list, lines
}

func (c workflowCommand) tell() told {
	severity := c.name
	if severity == "notice" {
		severity = "info"
	}
	line, _ := strconv.Atoi(c.properties["line"])
	column, _ := strconv.Atoi(c.properties["col"])
	message, _, _ := strings.Cut(c.data, "\nwhy: ")
	message, _, _ = strings.Cut(message, "\ninstead: ")
	return told{c.properties["title"], severity, c.properties["file"], line, column, message}
}

func TestGitHubReadBack(t *testing.T) {
	for _, r := range []*lint.Result{mixed(), hostile()} {
		list, lines := commands(t, written(t, report.GitHub, r))
		got := map[string]told{}
		for _, c := range list {
			got[c.properties["title"]] = c.tell()
		}
		for _, f := range r.Findings {
			want := told{f.Rule, string(f.Severity), "services/billing/" + f.File, f.Line, f.Column, report.Inert(f.Message)}
			if f.EndLine != f.Line {
				want.column = 0 // GitHub refuses it
			}
			same(t, []told{got[f.Rule]}, []told{want})
		}
		if len(list) != len(r.Findings) || len(lines) != 1 {
			t.Errorf("%d commands and %q for %d findings", len(list), lines, len(r.Findings))
		}
	}
}

func TestGitHubSaysTheWorstFirstAndTenOfAKind(t *testing.T) {
	r := nothing()
	for i := range 25 {
		for _, s := range []lint.Severity{lint.Info, lint.Warning, lint.Error} {
			r.Findings = append(r.Findings, lint.Finding{
				Rule: "r", Severity: s, File: "::a.sql", Line: i + 1, Column: 1, EndLine: i + 1, EndColumn: 2, Message: fmt.Sprintf("##[error]%d\n::x::", i),
			})
		}
	}
	list, lines := commands(t, written(t, report.GitHub, r))
	var kinds []string
	for _, c := range list {
		kinds = append(kinds, c.name)
	}
	want := strings.Repeat("error ", 10) + strings.Repeat("warning ", 10) + strings.Repeat("notice ", 9) + "group endgroup notice"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if last := list[len(list)-1].data; !strings.HasPrefix(last, "46 of 75 findings have no annotation") {
		t.Errorf("it ends with %s", last)
	}
	if len(lines) != 46+1 || lines[0] != "error: services/billing/::a.sql:11:1: ## [error]10 ::x:: [r]" {
		t.Errorf("%d lines, the first %q", len(lines), lines[0])
	}
}

func TestGitHubOfNothingHasNoAnnotation(t *testing.T) {
	if got := written(t, report.GitHub, nothing()); got != "1 migration: no findings\n" {
		t.Errorf("got %q", got)
	}
}
