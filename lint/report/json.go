package report

import (
	"bufio"
	"fmt"
	"io"

	"github.com/segue-db/segue/lint"
)

// JSON writes a result as the JSON document of lint: fields are added to it, never renamed. The
// findings are written one by one: of ten thousand files they would be the most of segue's memory.
func JSON(w io.Writer, r *lint.Result) error {
	d := jsonDocument{Writer: bufio.NewWriter(w)}
	d.field("version", 1)
	d.field("server", r.Server.String())
	d.field("files", r.Files)
	jsonList(&d, "findings", r.Findings)
	jsonList(&d, "suppressed", r.Suppressed)
	d.field("summary", r.Summary())
	d.WriteString("\n}\n")
	if d.err == nil {
		d.err = d.Flush()
	}
	if d.err != nil {
		return fmt.Errorf("writing findings as JSON: %w", d.err)
	}
	return nil
}

// jsonDocument is a JSON object that is being written, and the first error.
type jsonDocument struct {
	*bufio.Writer
	begun bool
	err   error
}

func (d *jsonDocument) key(name string) {
	if d.begun {
		d.WriteString(",")
	} else {
		d.WriteString("{")
	}
	d.begun = true
	fmt.Fprintf(d, "\n  %q: ", name)
}

func (d *jsonDocument) field(name string, value any) {
	d.key(name)
	d.value("  ", value)
}

// value writes a value whose first line is begun; indent is what its other lines begin with.
func (d *jsonDocument) value(indent string, value any) {
	text, err := indented(indent, value)
	if d.err == nil {
		d.err = err
	}
	d.Write(text)
}

func jsonList[T any](d *jsonDocument, name string, list []T) {
	d.key(name)
	if len(list) == 0 {
		d.WriteString("[]")
		return
	}
	before := "[\n    "
	for _, one := range list {
		d.WriteString(before)
		d.value("    ", one)
		before = ",\n    "
	}
	d.WriteString("\n  ]")
}
