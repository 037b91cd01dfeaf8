package mysql

import (
	"strconv"
	"strings"
)

// numericTypes are those whose constants the servers print as numbers.
var numericTypes = map[string]bool{
	"tinyint": true, "smallint": true, "mediumint": true, "int": true, "bigint": true, "decimal": true,
	"float": true, "double": true, "year": true,
}

// nowWords are the spellings of CURRENT_TIMESTAMP.
var nowWords = []string{"current_timestamp", "now", "localtime", "localtimestamp"}

// defaultText writes what stands behind DEFAULT in one way: a constant in quotes, or as a number
// where the column is one; CURRENT_TIMESTAMP(6); any other expression in parentheses. DEFAULT NULL
// is none. Typ may be empty where it is not known: a constant is then left as it is.
func defaultText(text, typ string) string {
	text = strings.TrimSpace(text)
	lower := strings.ToLower(text)
	switch {
	case text == "" || lower == "null":
		return ""
	case lower == "true":
		return "1"
	case lower == "false":
		return "0"
	case isNow(lower):
		return timestampText(text)
	case isNumber(text) || isQuoted(text):
		return constantText(text, typ)
	case strings.HasPrefix(lower, "b'") || strings.HasPrefix(lower, "x'") || strings.HasPrefix(lower, "0x"):
		return lower
	case strings.HasPrefix(lower, "_") && strings.HasSuffix(text, "'") && !strings.Contains(text, " "):
		return constantText(text[strings.IndexByte(text, '\''):], typ)
	case isWrapped(text):
		return text
	}
	return "(" + text + ")"
}

// constantText writes a constant for a column of a type.
func constantText(text, typ string) string {
	t := parseType(typ)
	value := text
	if isQuoted(text) {
		value = unquote(text)
	}
	switch {
	case typ == "":
		return text
	case !numericTypes[t.base] || !isNumber(value):
		return quoteLiteral(value)
	case len(t.args) == 2: // decimal(10,2), float(7,3)
		scale, _ := strconv.Atoi(t.args[1])
		return scaled(value, scale)
	}
	return strings.TrimPrefix(value, "+")
}

// scaled writes a decimal with so many places; it is left alone where it has more.
func scaled(value string, scale int) string {
	value = strings.TrimPrefix(value, "+")
	whole, places, _ := strings.Cut(value, ".")
	if len(places) > scale || strings.ContainsAny(value, "eE") {
		return value
	}
	if scale == 0 {
		return whole
	}
	return whole + "." + places + strings.Repeat("0", scale-len(places))
}

// timestampText writes CURRENT_TIMESTAMP with its precision, whatever word was used for it.
func timestampText(text string) string {
	_, args, has := strings.Cut(text, "(")
	precision := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(args), ")"))
	if !has || precision == "" || precision == "0" {
		return "CURRENT_TIMESTAMP"
	}
	return "CURRENT_TIMESTAMP(" + precision + ")"
}

func isNow(lower string) bool {
	head, args, has := strings.Cut(lower, "(")
	if has && strings.Trim(args, " 0123456789)") != "" {
		return false
	}
	head = strings.TrimSpace(head)
	for _, w := range nowWords {
		if head == w {
			return true
		}
	}
	return false
}

func isQuoted(s string) bool {
	return len(s) > 1 && (s[0] == '\'' || s[0] == '"') && lexString(s, 0) == len(s)
}

func isNumber(s string) bool {
	s = strings.ReplaceAll(s, " ", "")
	if s == "" || strings.ContainsAny(s, "xXpPiInN_") {
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// isWrapped reports whether the text is one pair of parentheses with all else within.
func isWrapped(s string) bool {
	a := amender{src: s}
	l := lexer{src: s, delimiter: defaultDelimiter}
	for {
		t, ok := l.next()
		if !ok {
			break
		}
		a.tokens = append(a.tokens, t)
	}
	return len(a.tokens) > 1 && a.kind(0) == openToken && a.closing(0, len(a.tokens)) == len(a.tokens)-1
}

// isConstantDefault reports whether a default is a constant, which MySQL adds a column with at once.
func isConstantDefault(text string) bool { return text == "" || text[0] != '(' }
