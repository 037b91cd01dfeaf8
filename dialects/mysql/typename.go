package mysql

import (
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// columnType is a type taken apart: int(11) unsigned is int, [11], unsigned.
type columnType struct {
	base     string
	args     []string // lengths, or an enum's values with their quotes
	unsigned bool
	zerofill bool
}

// parseType reads a type as the servers print it.
func parseType(text string) columnType {
	head, rest, has := strings.Cut(text, "(")
	if !has {
		words := strings.Fields(text)
		t := columnType{unsigned: strings.HasSuffix(text, " unsigned") || strings.Contains(text, " unsigned "), zerofill: strings.HasSuffix(text, " zerofill")}
		if len(words) > 0 {
			t.base = words[0]
		}
		return t
	}
	end := strings.LastIndexByte(rest, ')')
	if end < 0 {
		end = len(rest)
	}
	tail := rest[min(end+1, len(rest)):]
	return columnType{
		base: head, args: splitArgs(rest[:end]),
		unsigned: strings.Contains(tail, "unsigned"), zerofill: strings.Contains(tail, "zerofill"),
	}
}

// splitArgs splits at commas outside quotes.
func splitArgs(s string) []string {
	var args []string
	from, quoted := 0, false
	for i := range len(s) {
		switch {
		case s[i] == '\'':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			args = append(args, s[from:i])
			from = i + 1
		}
	}
	return append(args, s[from:])
}

// length is the first argument as a number; 0 where there is none.
func (t columnType) length() int {
	if len(t.args) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimSpace(t.args[0]))
	return n
}

func (t columnType) String() string {
	text := t.base
	if len(t.args) > 0 {
		text += "(" + strings.Join(t.args, ",") + ")"
	}
	if t.unsigned {
		text += " unsigned"
	}
	if t.zerofill {
		text += " zerofill"
	}
	return text
}

// typeText spells a type as the server prints it in COLUMN_TYPE.
func (l *lowerer) typeText(t *astFieldType) string {
	c := columnType{base: typeBase(t), unsigned: isUnsigned(t), zerofill: isZerofill(t)}
	c.unsigned = c.unsigned || c.zerofill
	flen, decimals := t.GetFlen(), t.GetDecimal()
	said := flen != astUnspecifiedLength
	switch c.base {
	case "enum", "set":
		for _, e := range t.GetElems() {
			c.args = append(c.args, "'"+strings.ReplaceAll(e, "'", "''")+"'")
		}
	case "decimal":
		if !said {
			flen = 10
		}
		c.args = []string{strconv.Itoa(flen), strconv.Itoa(max(0, decimals))}
	case "float", "double":
		if said && decimals != astUnspecifiedLength {
			c.args = []string{strconv.Itoa(flen), strconv.Itoa(decimals)}
		}
	case "datetime", "timestamp", "time":
		if decimals > 0 {
			c.args = []string{strconv.Itoa(decimals)}
		}
	case "char", "binary", "bit":
		if !said {
			flen = 1
		}
		c.args = []string{strconv.Itoa(flen)}
	case "text", "blob", "tinytext", "mediumtext", "longtext", "tinyblob", "mediumblob", "longblob", "json", "date":
		switch {
		case !said || flen <= 0:
		case c.base == "blob":
			c.base = sizedText(c.base, flen, 1)
		case c.base == "text": // the catalog knows how wide a character is
			c.args = []string{strconv.Itoa(flen)}
		}
	default:
		if said && flen > 0 {
			c.args = []string{strconv.Itoa(flen)}
		}
	}
	return l.dialect.spell(c.String())
}

// sizedText is the smallest type of the family that holds n characters: TEXT(n) asks for it.
func sizedText(base string, n, width int) string {
	switch bytes := n * width; {
	case bytes < 1<<8:
		return "tiny" + base
	case bytes < 1<<16:
		return base
	case bytes < 1<<24:
		return "medium" + base
	}
	return "long" + base
}

// displayWidths are those that MariaDB, and MySQL for ZEROFILL, print where none was said. Unsigned
// types have the second; bigint's are alike.
var displayWidths = map[string][2]int{
	"tinyint": {4, 3}, "smallint": {6, 5}, "mediumint": {9, 8}, "int": {11, 10}, "bigint": {20, 20},
}

// spell prints a type as this kind of server does: MySQL drops the display width of whole numbers
// but for tinyint(1) and ZEROFILL (8.0.19), MariaDB always prints one.
func (d Dialect) spell(text string) string {
	t := parseType(text)
	widths, whole := displayWidths[t.base]
	mariadb := d.Kind() == dialects.MariaDB
	switch {
	case t.base == "year" && mariadb:
		t.args = []string{"4"}
	case t.base == "year":
		t.args = nil
	case !whole:
	case mariadb || t.zerofill:
		if len(t.args) == 0 {
			width := widths[0]
			if t.unsigned {
				width = widths[1]
			}
			t.args = []string{strconv.Itoa(width)}
		}
	case t.base == "tinyint" && t.length() == 1 && !t.unsigned:
	default:
		t.args = nil
	}
	return t.String()
}

// characterTypes have a character set.
var characterTypes = map[string]bool{
	"char": true, "varchar": true, "tinytext": true, "text": true, "mediumtext": true, "longtext": true,
	"enum": true, "set": true,
}

func isCharacterType(typ string) bool { return characterTypes[parseType(typ).base] }
