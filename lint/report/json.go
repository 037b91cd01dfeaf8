package report

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"

	"github.com/segue-db/segue/lint"
)

// JSON writes a result as the JSON document of lint: fields are added to it, never renamed. The
// findings are written by and by: of ten thousand files they would be the most of segue's memory.
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
	text, err := indented("  ", value)
	d.err = cmp.Or(d.err, err)
	d.Write(text)
}

// piece is how many values of a list one processor makes text of at a time.
const piece = 128

func jsonList[T any](d *jsonDocument, name string, list []T) {
	d.key(name)
	if len(list) == 0 {
		d.WriteString("[]")
		return
	}
	before := "[\n    "
	for pieces := range slices.Chunk(slices.Collect(slices.Chunk(list, piece)), runtime.GOMAXPROCS(0)) {
		texts, errs := make([]bytes.Buffer, len(pieces)), make([]error, len(pieces))
		var writers sync.WaitGroup
		for i, values := range pieces {
			writers.Go(func() { errs[i] = jsonValues(&texts[i], values) })
		}
		writers.Wait()
		d.err = cmp.Or(d.err, errors.Join(errs...))
		for i := range texts {
			d.WriteString(before)
			d.Write(texts[i].Bytes())
			before = jsonComma
		}
	}
	d.WriteString("\n  ]")
}

// jsonComma is what is between two values of a list in the document.
const jsonComma = ",\n    "

func jsonValues[T any](to *bytes.Buffer, values []T) error {
	encoder := indenting(to, "    ")
	for i, value := range values {
		if i > 0 {
			to.WriteString(jsonComma)
		}
		if err := encoder.Encode(value); err != nil {
			return err
		}
		to.Truncate(to.Len() - len("\n"))
	}
	return nil
}
