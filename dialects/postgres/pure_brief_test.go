package postgres

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// brief writes a value of package dialects with its zero fields left out, such as
// RenameColumn{Table:t Column:a To:b}.
func brief(v any) string { return briefValue(reflect.ValueOf(v)) }

func briefValue(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case dialects.Name:
		return x.String()
	case dialects.ColumnRef:
		return x.Table.String() + "." + x.Column
	}
	switch v.Kind() {
	case reflect.Pointer:
		return briefValue(v.Elem())
	case reflect.Slice:
		var words []string
		for i := range v.Len() {
			words = append(words, briefValue(v.Index(i)))
		}
		return "[" + strings.Join(words, ", ") + "]"
	case reflect.Struct:
		var words []string
		for i := range v.NumField() {
			field := v.Type().Field(i)
			boring := field.Name == "StatsTarget" && v.Field(i).Int() == -1 || field.Name == "BaseType"
			if v.Field(i).IsZero() || boring {
				continue
			}
			words = append(words, field.Name+":"+briefValue(v.Field(i)))
		}
		return v.Type().Name() + "{" + strings.Join(words, " ") + "}"
	}
	return fmt.Sprint(v.Interface())
}

// briefChanges writes the changes of a text's statements, one a line.
func briefChanges(src string) string {
	var lines []string
	for _, s := range (Dialect{}).Parse(src) {
		for _, c := range s.Changes {
			lines = append(lines, brief(c))
		}
	}
	return strings.Join(lines, "\n")
}
