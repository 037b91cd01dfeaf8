package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// encode writes a document as JSON that people can read; format names it in errors.
func encode(w io.Writer, format string, document any) error {
	text, err := indented("", document)
	if err == nil {
		_, err = w.Write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("writing findings as %s: %w", format, err)
	}
	return nil
}

// indented is a value as JSON, without escapes of HTML; indent is what its lines but the first begin
// with.
func indented(indent string, value any) ([]byte, error) {
	var b bytes.Buffer
	if err := indenting(&b, indent).Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func indenting(to io.Writer, indent string) *json.Encoder {
	encoder := json.NewEncoder(to)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent(indent, "  ")
	return encoder
}
