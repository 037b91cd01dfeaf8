package mysql

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// copyColumn is a column of a copied table.
type copyColumn struct {
	name               string // quoted
	dataType           string
	charset, collation string
	nullable           bool
	descending         bool // in the index
	encoding           encoding
}

// encoding is how a value is written so that it can be read back as it was, in a cursor say, and
// compared in the order that an index has.
type encoding string

const (
	exact      encoding = "exact"      // digits
	approx     encoding = "approx"     // a double in as many digits as it takes
	ordinal    encoding = "ordinal"    // an ENUM, SET or BIT by its number, by which it is sorted too
	characters encoding = "characters" // the bytes of a text in its own character set
	octets     encoding = "octets"     // bytes
	plain      encoding = "plain"      // a point in time, a UUID, an address: as it is printed
)

func encodingOf(c copyColumn) encoding {
	switch c.dataType {
	case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year":
		return exact
	case "float", "double":
		return approx
	case "bit", "enum", "set":
		return ordinal
	case "date", "time", "datetime", "timestamp", "uuid", "inet4", "inet6", "json":
		return plain
	}
	if c.charset != "" {
		return characters
	}
	return octets // BINARY, BLOB, geometries, vectors
}

// text is the expression that writes a value. A FLOAT is printed with six digits, a double in full.
func (c copyColumn) text() string {
	switch c.encoding {
	case approx:
		return "CAST(" + c.name + " + 0e0 AS CHAR)"
	case ordinal:
		return "CAST(" + c.name + " + 0 AS CHAR)"
	case characters, octets:
		return "HEX(" + c.name + ")"
	}
	return "CAST(" + c.name + " AS CHAR)"
}

var (
	digits   = regexp.MustCompile(`^-?\d+(\.\d+)?$`)
	floating = regexp.MustCompile(`^-?\d+(\.\d+)?(e[+-]?\d+)?$`)
	octetsIn = regexp.MustCompile(`^([0-9A-F]{2})*$`)
)

// literal is the constant for what text wrote. Constants stand in the text of a statement: as the
// arguments of a prepared one they would have types other than the column's, and be compared as
// something else.
func (c copyColumn) literal(text string) (string, error) {
	form := octetsIn
	switch c.encoding {
	case exact, ordinal:
		form = digits
	case approx:
		form = floating
	case plain:
		return quoteLiteral(text), nil
	}
	if !form.MatchString(text) {
		return "", fmt.Errorf("the value %q is none of column %s", text, c.name)
	}
	switch c.encoding {
	case approx:
		if !strings.Contains(text, "e") {
			text += "e0"
		}
	case characters:
		return "_" + c.charset + " X'" + text + "' COLLATE " + c.collation, nil
	case octets:
		return "X'" + text + "'", nil
	}
	return text, nil
}

// person writes what text wrote for people.
func (c copyColumn) person(text string) string {
	if strings.HasPrefix(c.charset, "utf8") || c.charset == "ascii" {
		if b, err := hex.DecodeString(text); err == nil && utf8.Valid(b) {
			return string(b)
		}
	}
	if c.encoding == characters || c.encoding == octets {
		return "0x" + text
	}
	return text
}

// shown is the expression of a value for people: what is no text as hexadecimal digits, and a FLOAT
// with all that it holds.
func (c copyColumn) shown() string {
	switch {
	case c.encoding == octets:
		return "CONCAT('0x', HEX(" + c.name + "))"
	case c.dataType == "float":
		return c.text()
	case c.dataType == "bit":
		return "CONCAT('b''', BIN(" + c.name + " + 0), '''')"
	}
	return "CONVERT(" + c.name + " USING utf8mb4)"
}
