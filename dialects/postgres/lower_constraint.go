package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// constraintKinds are the parser's kinds that are constraints to the catalog.
var constraintKinds = map[string]dialects.ConstraintKind{
	"CONSTR_PRIMARY":   dialects.PrimaryKey,
	"CONSTR_UNIQUE":    dialects.Unique,
	"CONSTR_CHECK":     dialects.Check,
	"CONSTR_FOREIGN":   dialects.ForeignKey,
	"CONSTR_EXCLUSION": dialects.Exclusion,
}

// lowerConstraint lowers a constraint of a table, or of the named column where it is written within one.
func lowerConstraint(n *astConstraint, column string) dialects.Constraint {
	if column != "" {
		n = ofTable(n, column)
	}
	c := dialects.Constraint{
		Name: n.Conname, Kind: constraintKinds[n.Contype.String()],
		NotValid: n.SkipValidation, Deferrable: n.Deferrable,
		Definition: constraintText(n),
	}
	switch c.Kind {
	case dialects.Check:
		c.Columns = columnNames(n.RawExpr)
		c.Expression = expressionText(n.RawExpr)
	case dialects.ForeignKey:
		references := rangeName(n.Pktable)
		c.Columns, c.References, c.ReferencedColumns = texts(n.FkAttrs), &references, texts(n.PkAttrs)
	case dialects.Exclusion:
		for _, e := range n.Exclusions {
			elem := e.GetList().GetItems()[0]
			c.Columns = appendNew(c.Columns, elemColumns(elem)...)
		}
	default:
		c.Columns = texts(n.Keys)
	}
	return c
}

// ofTable is a column's constraint as it would be written for the table.
func ofTable(n *astConstraint, column string) *astConstraint {
	n = shallow(n)
	names := []*astNode{stringNode(column)}
	switch constraintKinds[n.Contype.String()] {
	case dialects.PrimaryKey, dialects.Unique:
		n.Keys = names
	case dialects.ForeignKey:
		n.FkAttrs = names
	}
	return n
}

const constraintHead = "ALTER TABLE t ADD "

// constraintText is what stands behind CONSTRAINT name.
func constraintText(n *astConstraint) string {
	if text, plain := plainConstraint(n); plain {
		return text
	}
	n = shallow(n)
	n.Conname = ""
	text, err := deparse(addConstraint("t", n))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(text, constraintHead)
}

// parseConstraint reads what constraintText or the server wrote; nil if it is neither.
func parseConstraint(definition string) *astConstraint {
	if n := plainKey(definition); n != nil {
		return n
	}
	stmt, err := parseOne(constraintHead + definition)
	if err != nil {
		return nil
	}
	cmds := stmt.GetAlterTableStmt().GetCmds()
	if len(cmds) != 1 {
		return nil
	}
	return cmds[0].GetAlterTableCmd().GetDef().GetConstraint()
}
