package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// lowerConstraint lowers a check or foreign key of a table.
func (l *lowerer) lowerConstraint(n *astConstraint) dialects.Constraint {
	if n.Tp == astCheckConstraint {
		return l.lowerCheck(n.Expr, n.Name, n.Enforced)
	}
	var columns []string
	for _, part := range n.Keys {
		if part.Column != nil {
			columns = append(columns, part.Column.Name.O)
		}
	}
	con := l.lowerReference(n.Refer, columns)
	con.Name = n.Name
	return con
}

func (l *lowerer) lowerCheck(e astExpr, name string, enforced bool) dialects.Constraint {
	text := ""
	if n, ok := l.noteOf(e); ok {
		text = n.text
	}
	con := checkConstraint(name, text, expressionColumns(text))
	con.NotEnforced = !enforced
	if con.NotEnforced {
		con.Definition += " NOT ENFORCED"
	}
	return con
}

func checkConstraint(name, expression string, columns []string) dialects.Constraint {
	return dialects.Constraint{
		Name: name, Kind: dialects.Check, Columns: columns, Expression: expression, Definition: "CHECK (" + expression + ")",
	}
}

// lowerReference lowers what follows REFERENCES.
func (l *lowerer) lowerReference(r *astReference, columns []string) dialects.Constraint {
	con := dialects.Constraint{Kind: dialects.ForeignKey, Columns: columns}
	if r == nil {
		return con
	}
	references := tableName(r.Table)
	con.References = &references
	for _, part := range r.IndexPartSpecifications {
		if part.Column != nil {
			con.ReferencedColumns = append(con.ReferencedColumns, part.Column.Name.O)
		}
	}
	if r.OnDelete != nil && r.OnDelete.ReferOpt != astNoAction {
		con.OnDelete = r.OnDelete.ReferOpt.String()
	}
	if r.OnUpdate != nil && r.OnUpdate.ReferOpt != astNoAction {
		con.OnUpdate = r.OnUpdate.ReferOpt.String()
	}
	con.Definition = foreignKeyText(con)
	return con
}

// foreignKeyText is what stands behind CONSTRAINT name, as SHOW CREATE TABLE prints it.
func foreignKeyText(con dialects.Constraint) string {
	text := "FOREIGN KEY (" + quoteList(con.Columns) + ") REFERENCES " + qualified(*con.References) +
		" (" + quoteList(con.ReferencedColumns) + ")"
	if con.OnDelete != "" {
		text += " ON DELETE " + con.OnDelete
	}
	if con.OnUpdate != "" {
		text += " ON UPDATE " + con.OnUpdate
	}
	return text
}

// expressionColumns are the columns that an expression's text names.
func expressionColumns(text string) []string {
	e, err := parseExpression(text)
	if err != nil {
		return nil
	}
	return columnNames(e)
}

// columnNames are the columns that a tree names, each once, in order.
func columnNames(n astNode) []string {
	var names []string
	walk(n, func(n astNode) bool {
		if ref, ok := n.(*astColumnReference); ok {
			names = appendNew(names, ref.Name.Name.O)
		}
		return true
	})
	return names
}

// appendNew appends what the list does not have.
func appendNew(list []string, more ...string) []string {
	for _, item := range more {
		if !contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}

// contains compares as the servers compare the names of columns: without regard to case.
func contains(list []string, name string) bool {
	for _, item := range list {
		if strings.EqualFold(item, name) {
			return true
		}
	}
	return false
}
