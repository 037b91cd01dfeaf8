package mysql

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// replacesView judges OR REPLACE and ALTER of a view: the servers let it lose columns, unlike Postgres.
func (j judge) replacesView(e dialects.Effect, c dialects.CreateObject) dialects.Effect {
	was := j.Objects[dialects.ObjectKey{Kind: dialects.View, Name: j.Resolve(c.Object)}]
	if was == nil || j.fillsIn(c) {
		return e
	}
	now, before := j.viewColumns(c.Definition), j.viewColumns(was.Definition)
	if len(now) == 0 {
		return e
	}
	before = slices.DeleteFunc(before, func(name string) bool { return contains(now, name) })
	if len(before) == 0 {
		return e
	}
	return wayOut(breaks(e, dropColumn, "view %s no longer has %s: app versions that still name it fail at once", e.Table, strings.Join(before, ", ")),
		"keep the column in the view until no app version names it, or make a view of another name")
}

// fillsIn reports whether a view is made only where there is none.
func (j judge) fillsIn(c dialects.CreateObject) bool {
	a := amender{src: c.Definition, tokens: tokensOf(c.Definition)}
	return a.is(0, "CREATE") && !a.is(1, "OR", "REPLACE")
}

// viewColumns are the names of a view's columns; none where its text does not tell, as with *. Definition is the
// statement that made it, or its query.
func (j judge) viewColumns(definition string) []string {
	d := Dialect{Server: j.server}
	pieces, _ := d.split(definition)
	if len(pieces) != 1 {
		return nil
	}
	stmt, err := parseStatement(d.amend(definition, pieces[0]).text)
	if err != nil {
		return nil
	}
	view, ok := stmt.(*astCreateView)
	if !ok {
		return selectedNames(stmt)
	}
	if len(view.Cols) == 0 {
		return selectedNames(view.Select)
	}
	var names []string
	for _, c := range view.Cols {
		names = append(names, c.O)
	}
	return names
}

// selectedNames are the names of what a query selects; none where one of them is not in its text.
func selectedNames(query astNode) []string {
	s, ok := query.(*astSelect)
	if !ok || s.Fields == nil {
		return nil
	}
	var names []string
	for _, f := range s.Fields.Fields {
		column, isColumn := f.Expr.(*astColumnReference)
		switch {
		case f.AsName.O != "":
			names = append(names, f.AsName.O)
		case isColumn:
			names = append(names, column.Name.Name.O)
		default:
			return nil
		}
	}
	return names
}
