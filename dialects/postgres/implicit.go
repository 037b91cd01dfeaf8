package postgres

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/segue-db/segue/dialects"
)

// maxName is the longest name in bytes (NAMEDATALEN - 1).
const maxName = 63

// implicitName makes a name as the server's makeObjectName does: name1_name2_label, the longer of the
// two cut until all fits. Source: src/backend/commands/indexcmds.c.
func implicitName(name1, name2, label string) string {
	overhead := 0
	if name2 != "" {
		overhead++
	}
	if label != "" {
		overhead += len(label) + 1
	}
	long1, long2 := len(name1), len(name2)
	for long1+long2 > maxName-overhead {
		if long1 > long2 {
			long1--
		} else {
			long2--
		}
	}
	name := clip(name1, long1)
	if name2 != "" {
		name += "_" + clip(name2, long2)
	}
	if label != "" {
		name += "_" + label
	}
	return name
}

// clip cuts a name to so many bytes, between characters.
func clip(s string, bytes int) string {
	if len(s) <= bytes {
		return s
	}
	for bytes > 0 && !utf8.RuneStart(s[bytes]) {
		bytes--
	}
	return s[:bytes]
}

// freeName is the first of name1_name2_label, ...label1, ...label2 that is not taken.
func freeName(name1, name2, label string, taken func(string) bool) string {
	for n := 0; ; n++ {
		numbered := label
		if n > 0 {
			numbered += strconv.Itoa(n)
		}
		if name := implicitName(name1, name2, numbered); !taken(name) {
			return name
		}
	}
}

// relationTaken reports whether a table, index, view or sequence of the schema has a name.
func relationTaken(c *dialects.Catalog, schema, name string) bool {
	n := dialects.Name{Schema: schema, Name: name}
	if c.Tables[n] != nil || tableOfIndex(c, n) != nil {
		return true
	}
	for _, kind := range []dialects.ObjectKind{dialects.View, dialects.MaterializedView, dialects.Sequence} {
		if c.Objects[dialects.ObjectKey{Kind: kind, Name: n}] != nil {
			return true
		}
	}
	return false
}

// constraintTaken reports whether a constraint of the schema has a name.
func constraintTaken(c *dialects.Catalog, schema, name string) bool {
	for t := range c.Linked(dialects.ConstraintLink, dialects.Name{Schema: schema, Name: name}) {
		if t.Name.Schema == schema && findConstraint(t, name) != nil {
			return true
		}
	}
	return false
}

func findConstraint(t *dialects.Table, name string) *dialects.Constraint {
	for _, c := range t.Constraints {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// constraintName is the name that a constraint without one gets. Those that an index carries are
// named by their index.
func constraintName(c *dialects.Catalog, t *dialects.Table, con dialects.Constraint) string {
	taken := func(name string) bool { return constraintTaken(c, t.Name.Schema, name) }
	switch con.Kind {
	case dialects.Check:
		column := ""
		if len(con.Columns) == 1 {
			column = con.Columns[0]
		}
		return freeName(t.Name.Name, column, "check", taken)
	case dialects.ForeignKey:
		return freeName(t.Name.Name, strings.Join(con.Columns, "_"), "fkey", taken)
	}
	return freeName(t.Name.Name, strings.Join(con.Columns, "_"), "not_null", taken)
}

// indexName is the name that an index without one gets. Label is idx, key, excl or pkey.
func indexName(c *dialects.Catalog, t *dialects.Table, s *astIndexStmt, label string) string {
	columns := ""
	if label != "pkey" {
		columns = strings.Join(indexColumnNames(s), "_")
	}
	return freeName(t.Name.Name, columns, label, func(name string) bool {
		return relationTaken(c, t.Name.Schema, name) ||
			label != "idx" && constraintTaken(c, t.Name.Schema, name)
	})
}

// indexColumnNames are the names of an index's own columns: those of the table's, or what an
// expression would be called; a second one of a name gets a number.
func indexColumnNames(s *astIndexStmt) []string {
	var names []string
	used := map[string]bool{}
	for _, list := range [][]*astNode{s.IndexParams, s.IndexIncludingParams} {
		for _, n := range list {
			elem := n.GetIndexElem()
			name := elem.Name
			if name == "" {
				name = expressionName(elem.Expr)
			}
			if name == "" {
				name = "expr"
			}
			unique := name
			for n := 1; used[unique]; n++ {
				number := strconv.Itoa(n)
				unique = clip(name, maxName-len(number)) + number
			}
			used[unique] = true
			names = append(names, unique)
		}
	}
	return names
}

// expressionName is what the server would call a query's column; empty where it has no idea. Source:
// FigureColnameInternal in src/backend/parser/parse_target.c.
func expressionName(e *astNode) string {
	switch x := unwrap(e).(type) {
	case *astColumnRef:
		if words := texts(x.Fields); len(words) > 0 {
			return words[len(words)-1]
		}
	case *astAIndirection:
		if words := texts(x.Indirection); len(words) > 0 {
			return words[len(words)-1]
		}
		return expressionName(x.Arg)
	case *astFuncCall:
		return listName(x.Funcname).Name
	case *astTypeCast:
		if name := expressionName(x.Arg); name != "" {
			return name
		}
		return listName(x.GetTypeName().GetNames()).Name
	case *astCollateClause:
		return expressionName(x.Arg)
	case *astCaseExpr:
		if name := expressionName(x.Defresult); name != "" {
			return name
		}
		return "case"
	case *astCoalesceExpr:
		return "coalesce"
	case *astMinMaxExpr:
		if x.Op.String() == "IS_LEAST" {
			return "least"
		}
		return "greatest"
	case *astAArrayExpr:
		return "array"
	case *astRowExpr:
		return "row"
	case *astAExpr:
		if x.Kind.String() == "AEXPR_NULLIF" {
			return "nullif"
		}
	}
	return ""
}
