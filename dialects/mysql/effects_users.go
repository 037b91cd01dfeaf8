package mysql

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// users are the triggers, views and stored programs that name a column: they fail once it is gone, since the
// servers do not rewrite them. A program counts that names the table too.
func (j judge) users(t *dialects.Table, column string) string {
	var names []string
	for _, g := range t.Triggers {
		if contains(g.Columns, column) {
			names = append(names, "trigger "+g.Name)
		}
	}
	for _, o := range j.Objects {
		if slices.ContainsFunc(o.Columns, func(r dialects.ColumnRef) bool {
			return r.Table == t.Name && strings.EqualFold(r.Column, column)
		}) || isProgram(o) && namesAll(o.Definition, t.Name.Name, column) {
			names = append(names, programWord(o)+" "+o.Name.String())
		}
	}
	return stillNaming(names)
}

// tableUsers are the views, the triggers of other tables and the stored programs that name a table.
func (j judge) tableUsers(name dialects.Name) string {
	t := j.Table(name)
	if t == nil {
		return ""
	}
	var names []string
	for _, other := range j.Tables {
		for _, g := range other.Triggers {
			if other != t && namesAll(g.Definition, t.Name.Name) {
				names = append(names, "trigger "+g.Name)
			}
		}
	}
	for _, o := range j.Objects {
		if o.Kind == dialects.View && slices.Contains(o.Reads, t.Name) || isProgram(o) && namesAll(o.Definition, t.Name.Name) {
			names = append(names, programWord(o)+" "+o.Name.String())
		}
	}
	return stillNaming(names)
}

func isProgram(o *dialects.Object) bool {
	return o.Kind == dialects.Function || o.Kind == dialects.OtherObject
}

// programWord is what an object is called: routines of both kinds are one kind here, and events are others.
func programWord(o *dialects.Object) string {
	switch o.Kind {
	case dialects.Function:
		return "routine"
	case dialects.OtherObject:
		return "event"
	}
	return string(o.Kind)
}

func stillNaming(names []string) string {
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return "; " + strings.Join(names, ", ") + " still name it and fail"
}

// namesAll reports whether a text has all the names.
func namesAll(text string, names ...string) bool {
	left := slices.Clone(names)
	l := lexer{src: text, delimiter: defaultDelimiter}
	for len(left) > 0 {
		t, ok := l.next()
		if !ok {
			return false
		}
		if t.kind == wordToken || t.kind == quotedToken {
			name := unquote(text[t.start:t.end])
			left = slices.DeleteFunc(left, func(n string) bool { return strings.EqualFold(n, name) })
		}
	}
	return true
}

// renamesTable is of a table that gets another name, or another database.
func (j judge) renamesTable(e dialects.Effect) dialects.Effect {
	return breaks(e, renameTableHazard, "app versions that still use %s by that name fail at once, and so does going back to one%s", e.Table, j.tableUsers(e.Table))
}
