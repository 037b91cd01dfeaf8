package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// rangeName is the name of a table, view, index or sequence.
func rangeName(r *astRangeVar) dialects.Name {
	if r == nil {
		return dialects.Name{}
	}
	return dialects.Name{Schema: r.Schemaname, Name: r.Relname}
}

// listName is a name that is written as a list of its parts.
func listName(parts []*astNode) dialects.Name {
	words := texts(parts)
	var n dialects.Name
	if len(words) > 0 {
		n.Name = words[len(words)-1]
	}
	if len(words) > 1 {
		n.Schema = words[len(words)-2]
	}
	return n
}

// texts are the strings of a list; what is no string is left out.
func texts(list []*astNode) []string {
	var words []string
	for _, n := range list {
		if s, ok := unwrap(n).(*astString); ok {
			words = append(words, s.Sval)
		}
	}
	return words
}

// objectName names an object of any kind as DROP, COMMENT and ALTER do: a string, a list of them, a
// type, a function with its arguments, or a table.
func objectName(n *astNode) dialects.Name {
	switch o := unwrap(n).(type) {
	case *astString:
		return dialects.Name{Name: o.Sval}
	case *astList:
		return listName(o.Items)
	case *astTypeName:
		return listName(o.Names)
	case *astObjectWithArgs:
		return listName(o.Objname)
	case *astRangeVar:
		return rangeName(o)
	}
	return dialects.Name{}
}

// partName names an object that lives on a table, such as a trigger: the list ends in the table's
// name and its own.
func partName(n *astNode) (table, part dialects.Name) {
	words := n.GetList().GetItems()
	if len(words) < 2 {
		return dialects.Name{}, objectName(n)
	}
	return listName(words[:len(words)-1]), listName(words[len(words)-1:])
}

// columnNames are the columns that an expression names, each once, in order. A column is known by the
// last part of its name, whatever table it is said to be of.
func columnNames(expressions ...*astNode) []string {
	var names []string
	for _, e := range expressions {
		walk(e, func(m any) bool {
			ref, ok := m.(*astColumnRef)
			if !ok {
				return true
			}
			if words := texts(ref.Fields); len(words) > 0 && len(words) == len(ref.Fields) {
				names = appendNew(names, words[len(words)-1])
			}
			return false
		})
	}
	return names
}

// appendNew appends what the list does not have.
func appendNew[T comparable](list []T, more ...T) []T {
	for _, item := range more {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

// expressionText writes an expression. A cast at its top has its type spelled as the server does.
func expressionText(e *astNode) string {
	if e == nil {
		return ""
	}
	if cast, ok := unwrap(e).(*astTypeCast); ok {
		if _, constant := unwrap(cast.Arg).(*astAConst); constant && !isBooleanConstant(e) {
			return expressionText(cast.Arg) + "::" + typeText(cast.TypeName)
		}
	}
	text, err := deparseExpression(e)
	if err != nil {
		return ""
	}
	return text
}

// isBooleanConstant reports whether the expression is TRUE or FALSE, which are casts to the parser of
// releases before 15 and constants since.
func isBooleanConstant(e *astNode) bool {
	text, err := deparseExpression(e)
	return err == nil && (strings.EqualFold(text, "true") || strings.EqualFold(text, "false"))
}

// quoteList writes names with commas between them.
func quoteList(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	return strings.Join(quoted, ", ")
}
