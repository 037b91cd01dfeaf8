package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/segue-db/segue/lint"
)

// annotations is how many of each kind GitHub shows of one step; it drops what follows. (Of a job it
// shows 50, whatever their kind.)
// https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md
const annotations = 10

// GitHub writes a result as workflow commands, which GitHub shows beside a change: the most severe
// findings first. What is more than it shows of a kind goes into the log as plain text. The whole
// list is what StepSummary writes.
func GitHub(w io.Writer, r *lint.Result, about About) error {
	b := bufio.NewWriter(w)
	s := r.Summary()
	room := map[lint.Severity]int{lint.Error: annotations, lint.Warning: annotations, lint.Info: annotations}
	if max(s.Errors, s.Warnings, s.Infos) > annotations {
		room[lint.Info]-- // for the notice that says so
	}
	var left []lint.Finding
	for _, f := range worstFirst(r.Findings) {
		if room[f.Severity]--; room[f.Severity] < 0 {
			left = append(left, f)
			continue
		}
		fmt.Fprintf(b, "::%s %s::%s\n", command(f.Severity), annotated(f, about), commandData(words(f)))
	}
	if len(left) > 0 {
		fmt.Fprintf(b, "::group::%s without an annotation\n", counted(len(left), "finding"))
		for _, f := range left {
			fmt.Fprintf(b, "%s: %s\n", f.Severity, inert(fmt.Sprintf("%s:%d: %s [%s]",
				place(about.file(f.File), f.Line), f.Column, f.Message, f.Rule)))
		}
		fmt.Fprintf(b, "::endgroup::\n::notice title=segue lint::%s\n", commandData(fmt.Sprintf(
			"%d of %s have no annotation, since GitHub shows %d of a kind: they are in the log and in the job's summary",
			len(left), counted(len(r.Findings), "finding"), annotations)))
	}
	fmt.Fprintf(b, "%s\n", headline(r))
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing findings for GitHub: %w", err)
	}
	return nil
}

func command(s lint.Severity) string {
	switch s {
	case lint.Error, lint.Warning:
		return string(s)
	}
	return "notice"
}

// annotated are the properties of an annotation. GitHub refuses columns where the lines differ.
func annotated(f lint.Finding, about About) string {
	properties := []string{"file=" + commandProperty(about.file(f.File))}
	if f.Line > 0 {
		end := max(f.EndLine, f.Line)
		properties = append(properties, fmt.Sprintf("line=%d,endLine=%d", f.Line, end))
		if end == f.Line && f.Column > 0 {
			properties = append(properties, fmt.Sprintf("col=%d,endColumn=%d", f.Column, max(f.EndColumn-1, f.Column)))
		}
	}
	return strings.Join(append(properties, "title="+commandProperty(f.Rule)), ",")
}

// What workflow commands escape:
// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func commandData(text string) string { return dataEscapes.Replace(Inert(text)) }

func commandProperty(text string) string { return propertyEscapes.Replace(Inert(text)) }

// inert is a text on one line of the log that GitHub takes for no command: it reads ##[...] in the
// middle of a line too.
func inert(text string) string { return strings.ReplaceAll(oneLine(text), "##[", "## [") }
