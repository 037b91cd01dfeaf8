package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
	"golang.org/x/term"

	"github.com/segue-db/segue/lint/report"
)

// format is how a result is printed.
type format string

const (
	tableFormat format = "table"
	jsonFormat  format = "json"
)

// format is the one that was asked for, of a command that shows a table or JSON.
func (a *app) format() (format, error) {
	if a.flags.format == "" {
		return tableFormat, nil
	}
	return format(a.flags.format), oneOf("--format", a.flags.format, string(tableFormat), string(jsonFormat))
}

// print writes a result: as JSON, or as text.
func (a *app) print(document any, render func(text)) error {
	f, err := a.format()
	if err != nil {
		return err
	}
	if f == tableFormat {
		var b strings.Builder
		render(text{a, &b})
		_, err := io.WriteString(a.out, b.String())
		return err
	}
	encoder := json.NewEncoder(a.out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}

// text writes a result for people.
type text struct {
	app *app
	w   *strings.Builder
}

// gap is an empty line between what stands before it, if anything does, and what follows.
func (t text) gap() {
	if t.w.Len() > 0 {
		t.line("")
	}
}

func (t text) line(format string, args ...any) { fmt.Fprintf(t.w, format+"\n", args...) }

// say writes a line for people beside the result, unless they asked for quiet.
func (a *app) say(format string, args ...any) {
	if !a.flags.quiet {
		line := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", " ") // a name can hold any character
		fmt.Fprintln(a.err, report.Inert(line))
	}
}

// table writes rows below a header, without lines around them.
func (t text) table(header []string, rows [][]string) {
	var b strings.Builder
	table := tablewriter.NewTable(&b,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
		})),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithPadding(tw.Padding{Right: "  ", Overwrite: true}),
	)
	table.Header(header)
	for _, row := range rows {
		table.Append(row)
	}
	table.Render()
	for line := range strings.Lines(b.String()) {
		t.line("%s", strings.TrimRight(line, " \n"))
	}
}

// color is an ANSI attribute.
type color string

const (
	bold   color = "1"
	faint  color = "2"
	red    color = "31"
	green  color = "32"
	yellow color = "33"
)

// paint colours words where the result goes to a terminal.
func (a *app) paint(c color, words string) string {
	if !a.colored() {
		return words
	}
	return "\x1b[" + string(c) + "m" + words + "\x1b[0m"
}

// colored reports whether the result may have colours (https://no-color.org).
func (a *app) colored() bool {
	return !a.flags.noColor && a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb" && isTerminal(a.out)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// counted is a number with thousands set apart.
func counted(n int64) string {
	digits := fmt.Sprint(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
