package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

var _ dialects.Naming = Dialect{}

// reservedWords can be no name of a table or column unless they are quoted. They are the words of
// pg_get_keywords with catcode R or T, of Postgres 14 to 18; system_user is one from 16 on.
var reservedWords = wordSet(`
	all analyse analyze and any array as asc asymmetric authorization binary both case cast check
	collate collation column concurrently constraint create cross current_catalog current_date
	current_role current_schema current_time current_timestamp current_user default deferrable desc
	distinct do else end except false fetch for foreign freeze from full grant group having ilike in
	initially inner intersect into is isnull join lateral leading left like limit localtime
	localtimestamp natural not notnull null offset on only or order outer overlaps placing primary
	references returning right select session_user similar some symmetric system_user table tablesample
	then to trailing true union unique user using variadic verbose when where window with
`)

// typeWords can be such a name, and stand for something else where a type or a function is expected. They
// are the words with catcode C, of the same releases.
var typeWords = wordSet(`
	between bigint bit boolean char character coalesce dec decimal exists extract float greatest
	grouping inout int integer interval json json_array json_arrayagg json_exists json_object
	json_objectagg json_query json_scalar json_serialize json_table json_value least merge_action
	national nchar none normalize nullif numeric out overlay position precision real row setof smallint
	substring time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists
	xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}

// Reserved reports whether a word is reserved.
func (Dialect) Reserved(name string) bool { return reservedWords[name] }

// SameName compares names as the server does: to the byte, once quotes and capitals of the text are settled.
func (Dialect) SameName(a, b string) bool { return a == b }
