package dialecttest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// view says what of a catalog is compared.
type view struct {
	// leaves out fields, such as Table.Rows.
	leaves map[string]bool
	// spell spells a field's text; nil leaves it as it is.
	spell func(field, text string) string
	// anyOrder takes columns in any order.
	anyOrder bool
}

// estimates are numbers that a server makes up or that count up by themselves.
var estimates = []string{"Table.Rows", "Table.Pages", "Table.RowVersions"}

// serverOnly is what a text cannot say (see dialects.Catalog).
var serverOnly = []string{"Column.Grants", "Table.Subscriptions", "Object.Definition", "Object.Stable"}

// allFields compares what one way of reading gives with the same way's.
var allFields = view{leaves: leaving(estimates)}

func leaving(lists ...[]string) map[string]bool {
	out := map[string]bool{}
	for _, list := range lists {
		for _, field := range list {
			out[field] = true
		}
	}
	return out
}

// said compares a catalog that was replayed with one that was read.
func said(t testing.TB, f Fixture) view {
	return view{
		leaves: leaving(estimates, serverOnly, f.Unsaid),
		spell:  func(field, text string) string { return f.Spell(t, field, text) },
	}
}

// facts writes a catalog, a fact a line.
func facts(c *dialects.Catalog, v view) []string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for schema := range c.Schemas {
		add("schema %s", schema)
	}
	for name, table := range c.Tables {
		if table.Name != name {
			add("%s: is called %s", name, table.Name)
		}
		prefix := "table " + name.String()
		v.fields(add, prefix, reflect.ValueOf(*table), "Columns", "Constraints", "Indexes", "Triggers", "Policies", "Statistics")
		for place, k := range table.Columns {
			v.fields(add, prefix+": column "+k.Name, reflect.ValueOf(*k))
			if !v.anyOrder {
				add("%s: column %s is column %d", prefix, k.Name, place+1)
			}
		}
		for _, k := range table.Constraints {
			if k.Kind == dialects.NotNull {
				continue // it has a name on some releases, which a text need not say
			}
			v.fields(add, prefix+": constraint "+k.Name, reflect.ValueOf(*k))
		}
		for _, k := range table.Indexes {
			index := *k
			if v.spell != nil && k.Constraint != "" {
				index.Definition = "" // the constraint says it
			}
			v.fields(add, prefix+": index "+k.Name.Name, reflect.ValueOf(index))
		}
		for _, k := range table.Triggers {
			v.fields(add, prefix+": trigger "+k.Name, reflect.ValueOf(*k))
		}
		for _, k := range table.Policies {
			v.fields(add, prefix+": policy "+k.Name, reflect.ValueOf(*k))
		}
		for _, k := range table.Statistics {
			v.fields(add, prefix+": statistics "+k.Name.Name, reflect.ValueOf(*k))
		}
	}
	for key, o := range c.Objects {
		if v.spell != nil && (key.Kind == dialects.Publication || key.Kind == dialects.OtherObject) {
			continue // a server's catalog has them with the tables, or not at all
		}
		v.fields(add, string(key.Kind)+" "+key.Name.String(), reflect.ValueOf(*o))
	}
	slices.Sort(all)
	return all
}

// fields writes the fields of a struct, but for those named.
func (v view) fields(add func(string, ...any), prefix string, s reflect.Value, but ...string) {
	add("%s: is there", prefix)
	for i := range s.NumField() {
		name := s.Type().Field(i).Name
		field := s.Type().Name() + "." + name
		if v.leaves[field] || slices.Contains(but, name) || isZero(s.Field(i)) {
			continue
		}
		add("%s: %s %s", prefix, name, v.write(field, s.Field(i), isSet(field, s)))
	}
}

// isZero holds for an empty list too.
func isZero(x reflect.Value) bool { return x.IsZero() || x.Kind() == reflect.Slice && x.Len() == 0 }

// isSet reports whether a list is one of columns without an order of their own.
func isSet(field string, of reflect.Value) bool {
	switch field {
	case "Constraint.Columns":
		return of.FieldByName("Kind").String() == string(dialects.Check)
	case "Index.Columns", "Trigger.Columns", "PolicyDef.Columns", "ExtendedStatistics.Columns", "Object.Reads", "Object.Columns":
		return true
	}
	return false
}

func (v view) write(field string, x reflect.Value, set bool) string {
	switch x.Kind() {
	case reflect.Pointer:
		if x.IsNil() {
			return "none"
		}
		return v.write(field, x.Elem(), set)
	case reflect.Slice:
		var words []string
		for i := range x.Len() {
			words = append(words, v.write(field, x.Index(i), false))
		}
		if set {
			slices.Sort(words)
		}
		return "[" + strings.Join(words, ", ") + "]"
	case reflect.String:
		if v.spell != nil {
			return v.spell(field, x.String())
		}
		return x.String()
	case reflect.Struct:
		if name, ok := x.Interface().(dialects.Name); ok {
			return name.String()
		}
		var words []string
		for i := range x.NumField() {
			inner := x.Type().Name() + "." + x.Type().Field(i).Name
			words = append(words, v.write(inner, x.Field(i), false))
		}
		return "{" + strings.Join(words, " ") + "}"
	}
	return fmt.Sprint(x.Interface())
}

// sameFacts shows the facts that two catalogs do not share.
func sameFacts(t testing.TB, what string, got, want []string) {
	t.Helper()
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("%s: surplus: %s", what, line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("%s: missing: %s", what, line)
		}
	}
}
