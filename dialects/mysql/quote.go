package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Quote puts an identifier into backticks: what is a keyword differs from release to release, and
// the servers print their own SQL like this.
func (Dialect) Quote(identifier string) string { return quote(identifier) }

// Qualified quotes both parts of a name.
func (Dialect) Qualified(n dialects.Name) string { return qualified(n) }

func quote(identifier string) string {
	return "`" + strings.ReplaceAll(identifier, "`", "``") + "`"
}

func qualified(n dialects.Name) string {
	if n.Schema == "" {
		return quote(n.Name)
	}
	return quote(n.Schema) + "." + quote(n.Name)
}

// quoteList writes names with commas between them.
func quoteList(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	return strings.Join(quoted, ", ")
}

// quoteLiteral writes a string constant, for a session without NO_BACKSLASH_ESCAPES.
func quoteLiteral(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", "''").Replace(s) + "'"
}

// unquote is the value of a string constant, or the identifier, that a token spells.
func unquote(token string) string {
	if len(token) < 2 {
		return token
	}
	mark := token[:1]
	if mark != "'" && mark != `"` && mark != "`" || token[len(token)-1:] != mark {
		return token
	}
	body := strings.ReplaceAll(token[1:len(token)-1], mark+mark, mark)
	if mark == "`" || !strings.Contains(body, `\`) {
		return body
	}
	return unescape(body)
}

// escapes are the letters that mean something behind a backslash; any other stands for itself.
var escapes = map[byte]byte{'0': 0, 'b': '\b', 'n': '\n', 'r': '\r', 't': '\t', 'Z': 26}

func unescape(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out.WriteByte(s[i])
			continue
		}
		i++
		switch c, ok := escapes[s[i]]; {
		case ok:
			out.WriteByte(c)
		case s[i] == '%' || s[i] == '_': // kept for LIKE
			out.WriteString(s[i-1 : i+1])
		default:
			out.WriteByte(s[i])
		}
	}
	return out.String()
}
