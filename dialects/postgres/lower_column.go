package postgres

import "github.com/segue-db/segue/dialects"

// identityKinds are the parser's letters for GENERATED ... AS IDENTITY.
var identityKinds = map[string]string{"a": "always", "d": "by default"}

// lowerColumn lowers a column with the constraints that are written within it. NOT NULL, DEFAULT and
// GENERATED are part of the column.
func lowerColumn(n *astColumnDef) (dialects.Column, []dialects.Constraint) {
	c := dialects.Column{Name: n.Colname, Type: typeText(n.TypeName), StatsTarget: -1}
	c.BaseType = c.Type
	if n.CollClause != nil {
		c.Collation = listName(n.CollClause.Collname)
	}
	if base, serial := serialTypes[typeName(n.TypeName).Name]; serial && typeName(n.TypeName).Schema == "" {
		c.Type, c.BaseType, c.NotNull = base, base, true
		c.Sequence = &dialects.Name{}
	}
	if n.Compression != "" {
		c.Compression = n.Compression
	}
	if n.StorageName != "" {
		c.Storage = n.StorageName
	}
	var written []*astConstraint
	for _, node := range n.Constraints {
		con := node.GetConstraint()
		switch con.Contype.String() {
		case "CONSTR_NOTNULL":
			c.NotNull = true
		case "CONSTR_DEFAULT":
			c.Default = defaultText(con.RawExpr)
		case "CONSTR_IDENTITY":
			c.Identity, c.NotNull = identityKinds[con.GeneratedWhen], true
		case "CONSTR_GENERATED":
			c.Generated = expressionText(con.RawExpr)
		case "CONSTR_ATTR_DEFERRABLE", "CONSTR_ATTR_DEFERRED":
			if len(written) > 0 {
				last := clone(written[len(written)-1])
				last.Deferrable = true
				last.Initdeferred = last.Initdeferred || con.Contype.String() == "CONSTR_ATTR_DEFERRED"
				written[len(written)-1] = last
			}
		default:
			if _, known := constraintKinds[con.Contype.String()]; known {
				written = append(written, con)
			}
		}
	}
	var constraints []dialects.Constraint
	for _, con := range written {
		constraint := lowerConstraint(con, n.Colname)
		if constraint.Kind == dialects.PrimaryKey {
			c.NotNull = true
		}
		constraints = append(constraints, constraint)
	}
	return c, constraints
}

// defaultText is a default's text; empty for DEFAULT NULL, which the server does not keep either.
func defaultText(e *astNode) string {
	bare := e
	for bare.GetTypeCast() != nil {
		bare = bare.GetTypeCast().Arg
	}
	if bare.GetAConst().GetIsnull() {
		return ""
	}
	return expressionText(e)
}
