package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// typeSpellings are the types that format_type spells in its own way; the typmod goes where % stands.
// Source: src/backend/utils/adt/format_type.c.
var typeSpellings = map[string]string{
	"bit":         "bit%",
	"bool":        "boolean",
	"bpchar":      "character%",
	"dec":         "numeric%",
	"decimal":     "numeric%",
	"float4":      "real",
	"float8":      "double precision",
	"int":         "integer",
	"int2":        "smallint",
	"int4":        "integer",
	"int8":        "bigint",
	"interval":    "interval%",
	"numeric":     "numeric%",
	"time":        "time% without time zone",
	"timestamp":   "timestamp% without time zone",
	"timestamptz": "timestamp% with time zone",
	"timetz":      "time% with time zone",
	"varbit":      "bit varying%",
	"varchar":     "character varying%",
}

// serialTypes are no types: they stand for a type, NOT NULL and a sequence.
var serialTypes = map[string]string{
	"smallserial": "smallint", "serial2": "smallint",
	"serial": "integer", "serial4": "integer",
	"bigserial": "bigint", "serial8": "bigint",
}

// typeText spells a type as format_type does, with modifiers: character varying(40), text[].
func typeText(t *astTypeName) string {
	if t == nil {
		return ""
	}
	name := typeName(t)
	text := qualified(name)
	if text == `"json"` { // a word that names are quoted for, but format_type writes the type without
		text = "json"
	}
	mods := typmods(t)
	if spelling, ok := typeSpellings[name.Name]; ok && name.Schema == "" {
		text = strings.Replace(spelling, "%", typmodText(name.Name, mods), 1)
		if name.Name == "bpchar" && len(mods) == 0 {
			text = "bpchar"
		}
	} else if len(mods) > 0 {
		text += "(" + strings.Join(mods, ",") + ")"
	}
	if t.PctType {
		text += "%TYPE"
	}
	if len(t.ArrayBounds) > 0 {
		text += "[]"
	}
	return text
}

// typeName is the type's own name; pg_catalog is left out.
func typeName(t *astTypeName) dialects.Name {
	n := listName(t.GetNames())
	if n.Schema == "pg_catalog" {
		n.Schema = ""
	}
	return n
}

func typmods(t *astTypeName) []string {
	var mods []string
	for _, m := range t.Typmods {
		text, err := deparseExpression(m)
		if err != nil {
			continue
		}
		mods = append(mods, text)
	}
	return mods
}

func typmodText(name string, mods []string) string {
	switch {
	case len(mods) == 0:
		return ""
	case name == "interval":
		return intervalText(mods)
	case (name == "numeric" || name == "decimal" || name == "dec") && len(mods) == 1:
		mods = append(mods, "0")
	}
	return "(" + strings.Join(mods, ",") + ")"
}

// intervalFields are the bit masks by which the parser names an interval's fields; 32767 is all.
// Source: src/include/utils/datetime.h, src/backend/utils/adt/timestamp.c.
var intervalFields = map[string]string{
	"4": " year", "2": " month", "8": " day", "1024": " hour", "2048": " minute", "4096": " second",
	"6": " year to month", "1032": " day to hour", "3080": " day to minute", "7176": " day to second",
	"3072": " hour to minute", "7168": " hour to second", "6144": " minute to second",
}

func intervalText(mods []string) string {
	text := intervalFields[mods[0]]
	if len(mods) > 1 {
		text += "(" + mods[1] + ")"
	}
	return text
}
