package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// quotedWords are the keywords that an identifier must be quoted for: the reserved ones and those
// that are reserved in some places, of Postgres 14 to 18. Source: src/include/parser/kwlist.h.
var quotedWords = wordSet(`
	 * by the PG_KEYWORD macro, which is not defined in this file; it can all analyse analyze and any
	array as asc asymmetric authorization between bigint binary bit boolean both case cast char
	character check coalesce collate collation column concurrently constraint create cross
	current_catalog current_date current_role current_schema current_time current_timestamp
	current_user dec decimal default deferrable desc distinct do else end except exists extract false
	fetch float for foreign freeze from full grant greatest group grouping having ilike in initially
	inner inout int integer intersect interval into is isnull join json_array json_arrayagg json_exists
	json_object json_objectagg json_query json_scalar json_serialize json_table json_value lateral
	leading least left like limit localtime localtimestamp merge_action national natural nchar none
	normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay
	placing position precision primary real references returning right row select session_user setof
	similar smallint some substring symmetric system_user table tablesample then time timestamp to
	trailing treat trim true union unique user using values varchar variadic verbose when where window
	with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
	xmlserialize xmltable
`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// Quote quotes an identifier where it has to be: where it is not a plain lower-case word, or is a
// keyword.
func (Dialect) Quote(identifier string) string { return quote(identifier) }

// Qualified quotes both parts of a name.
func (Dialect) Qualified(n dialects.Name) string { return qualified(n) }

func quote(identifier string) string {
	if isPlainWord(identifier) && !quotedWords[identifier] {
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
