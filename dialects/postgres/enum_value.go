package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

var _ dialects.EnumReader = Dialect{}

// MakesUsable: values of an enum that the same transaction made can be used from 17 on. Seen on 14, 16
// and 17; the manual's ALTER TYPE page does not say it.
func (Dialect) MakesUsable(v dialects.Version) bool {
	return judge{Catalog: &dialects.Catalog{Version: v}}.version().AtLeast(17, 0)
}

// UsesValue looks for the value where the server takes a constant for the enum: in a cast to it, and
// compared with, put into or as the default of a column of it. The bodies of functions are text to the
// server.
func (Dialect) UsesValue(c *dialects.Catalog, s dialects.Statement, enum dialects.Name, value string) bool {
	if !strings.Contains(s.Text, strings.ReplaceAll(value, "'", "''")) {
		return false
	}
	stmt, err := treeOf(s)
	if err != nil {
		return false
	}
	u := enumUse{judge: judge{Catalog: c}, enum: enum, value: value, columns: map[string]bool{}}
	for _, name := range append(tablesRead(stmt), targets(s.Changes)...) {
		if t := c.Table(name); t != nil {
			for _, column := range u.columnsOf(t, enum) {
				u.columns[column] = true
			}
		}
	}
	return slices.ContainsFunc(s.Changes, u.defaults) || u.reads(stmt)
}

func targets(changes []dialects.Change) []dialects.Name {
	var names []dialects.Name
	for _, change := range changes {
		names = append(names, change.Target())
	}
	return names
}

// enumUse looks for one value of one enum. Columns are those of it that the statement's tables have.
type enumUse struct {
	judge
	enum    dialects.Name
	value   string
	columns map[string]bool
}

// defaults reports whether a column of the enum gets the value as its default.
func (u enumUse) defaults(change dialects.Change) bool {
	switch x := change.(type) {
	case dialects.AddColumn:
		return u.isEnum(x.Column.Type) && u.isDefault(x.Column.Default)
	case dialects.SetDefault:
		return u.columns[x.Column] && u.isDefault(x.Default)
	case dialects.CreateTable:
		return slices.ContainsFunc(x.Columns, func(column dialects.Column) bool {
			return u.isEnum(column.Type) && u.isDefault(column.Default)
		})
	}
	return false
}

func (u enumUse) isEnum(typ string) bool {
	name, ok := typeOf(typ)
	return ok && u.Resolve(name) == u.enum
}

func (u enumUse) isDefault(expr string) bool {
	tree, err := parseExpression(expr)
	if err != nil {
		return false
	}
	if cast := tree.GetTypeCast(); cast != nil {
		tree = cast.Arg
	}
	return u.isValue(tree)
}

func (u enumUse) isValue(n *astNode) bool {
	c := n.GetAConst()
	return c.GetSval() != nil && c.GetSval().Sval == u.value
}

func (u enumUse) isColumn(n *astNode) bool {
	words := texts(n.GetColumnRef().GetFields())
	return len(words) > 0 && u.columns[words[len(words)-1]]
}

// reads walks the statement.
func (u enumUse) reads(stmt *astNode) bool {
	found := false
	walk(stmt, func(m any) bool {
		switch n := m.(type) {
		case *astTypeCast:
			found = found || u.isValue(n.Arg) && u.isEnum(typeText(n.TypeName))
		case *astAExpr:
			found = found || u.compares(n.Lexpr, n.Rexpr) || u.compares(n.Rexpr, n.Lexpr)
		case *astUpdateStmt:
			found = found || slices.ContainsFunc(n.TargetList, func(target *astNode) bool {
				return u.columns[target.GetResTarget().GetName()] && u.isValue(target.GetResTarget().GetVal())
			})
		case *astInsertStmt:
			found = found || u.inserts(n)
		}
		return !found
	})
	return found
}

// compares reports whether one side is a column of the enum and the other the value, or a list with it.
func (u enumUse) compares(column, value *astNode) bool {
	return u.isColumn(column) && (u.isValue(value) || slices.ContainsFunc(value.GetList().GetItems(), u.isValue))
}

// inserts reports whether a row, or a query's result, has the value where a column of the enum is.
func (u enumUse) inserts(n *astInsertStmt) bool {
	var columns []string
	for _, target := range n.Cols {
		columns = append(columns, target.GetResTarget().GetName())
	}
	if t := u.Table(rangeName(n.Relation)); columns == nil && t != nil {
		for _, column := range t.Columns {
			columns = append(columns, column.Name)
		}
	}
	query := n.SelectStmt.GetSelectStmt()
	rows := [][]*astNode{}
	for _, list := range query.GetValuesLists() {
		rows = append(rows, list.GetList().GetItems())
	}
	var selected []*astNode
	for _, target := range query.GetTargetList() {
		selected = append(selected, target.GetResTarget().GetVal())
	}
	for _, row := range append(rows, selected) {
		for i, value := range row {
			if i < len(columns) && u.columns[columns[i]] && u.isValue(value) {
				return true
			}
		}
	}
	return false
}
