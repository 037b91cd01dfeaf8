package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Quote quotes an identifier where it has to be: where it is not a plain lower-case word, or is a
// keyword.
func (Dialect) Quote(identifier string) string { return quote(identifier) }

// Qualified quotes both parts of a name.
func (Dialect) Qualified(n dialects.Name) string { return qualified(n) }

func quote(identifier string) string {
	if isBare(identifier) {
		return identifier
	}
	return `"` + strings.ReplaceAll(identifier, `"`, `""`) + `"`
}

func qualified(n dialects.Name) string {
	if n.Schema == "" {
		return quote(n.Name)
	}
	return quote(n.Schema) + "." + quote(n.Name)
}

// isBare reports whether a name needs no quotes wherever it stands.
func isBare(s string) bool { return isPlainWord(s) && !reservedWords[s] && !typeWords[s] }

func isPlainWord(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (i == 0 || c != '$' && (c < '0' || c > '9')) {
			return false
		}
	}
	return s != ""
}

// quoteLiteral writes a string constant. It holds whatever standard_conforming_strings is.
func quoteLiteral(s string) string {
	quoted := "'" + strings.ReplaceAll(s, "'", "''") + "'"
	if strings.Contains(s, `\`) {
		return "E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}
