package postgres

import (
	"github.com/segue-db/segue/dialects"
)

// defaultKind says what a column's default is good for in a sync trigger.
type defaultKind string

const (
	// nullDefault is none, or NULL: a column that was not given is NULL.
	nullDefault defaultKind = "null"
	// steadyDefault is the same all through a transaction and cannot fail, so a trigger can tell
	// whether a column was given.
	steadyDefault defaultKind = "steady"
	// volatileDefault may differ from one evaluation to the next, or is not understood.
	volatileDefault defaultKind = "volatile"
)

// columnDefault is a column's default. Expr is a steady one's expression with every name
// qualified, so that no search_path diverts it.
type columnDefault struct {
	kind defaultKind
	expr string
}

// steadyFunctions are functions of pg_catalog that give the same result all through a transaction
// and, for the arguments they can have in a default, never an error. statement_timestamp,
// random, nextval and what reads settings are left out.
var steadyFunctions = map[string]bool{
	"now": true, "transaction_timestamp": true, "timezone": true, "date_trunc": true,
	"lower": true, "upper": true, "concat": true, "md5": true,
	"jsonb_build_object": true, "jsonb_build_array": true,
	"json_build_object": true, "json_build_array": true,
	"to_jsonb": true, "make_interval": true, "date_part": true, "extract": true,
}

// defaultOf judges a default's expression by its tree: what is not known to be steady is volatile.
func defaultOf(c *dialects.Catalog, expr string) columnDefault {
	if expr == "" {
		return columnDefault{kind: nullDefault}
	}
	tree, err := parseExpression(expr)
	if err != nil {
		return columnDefault{kind: volatileDefault}
	}
	if isNullConstant(tree) {
		return columnDefault{kind: nullDefault}
	}
	if !qualifySteady(c, tree) {
		return columnDefault{kind: volatileDefault}
	}
	text, err := deparseExpression(tree)
	if err != nil {
		return columnDefault{kind: volatileDefault}
	}
	if again, err := parseExpression(text); err != nil || !sameTree(tree, again) {
		return columnDefault{kind: volatileDefault}
	}
	return columnDefault{kind: steadyDefault, expr: text}
}

// isNullConstant reports whether an expression is NULL under any casts.
func isNullConstant(e *astNode) bool {
	for e.GetTypeCast() != nil {
		e = e.GetTypeCast().Arg
	}
	return e.GetAConst().GetIsnull()
}

// qualifySteady gives every type, function and operator of a steady expression its schema. It
// reports false where the expression is not known to be steady.
func qualifySteady(c *dialects.Catalog, e *astNode) bool {
	all := func(list ...*astNode) bool {
		for _, n := range list {
			if !qualifySteady(c, n) {
				return false
			}
		}
		return true
	}
	switch n := unwrap(e).(type) {
	case *astAConst, *astSQLValueFunction:
		return true
	case *astTypeCast:
		n.TypeName.Names = qualifyType(c, n.TypeName.Names)
		return all(n.Arg)
	case *astCollateClause:
		n.Collname = inPgCatalog(n.Collname)
		return all(n.Arg)
	case *astFuncCall:
		n.Funcname = inPgCatalog(n.Funcname)
		name := listName(n.Funcname)
		return name.Schema == "pg_catalog" && steadyFunctions[name.Name] && all(n.Args...)
	case *astAExpr:
		n.Name = inPgCatalog(n.Name)
		if n.Kind.String() != "AEXPR_OP" || listName(n.Name).Schema != "pg_catalog" {
			return false
		}
		return (n.Lexpr == nil || all(n.Lexpr)) && all(n.Rexpr)
	case *astAArrayExpr:
		return all(n.Elements...)
	case *astRowExpr:
		return all(n.Args...)
	}
	return false
}

// inPgCatalog gives a name that lacks a schema that of the server's own objects. A live server is
// read with a search_path that leaves every other schema in the text.
func inPgCatalog(name []*astNode) []*astNode {
	if len(name) == 1 {
		return []*astNode{stringNode("pg_catalog"), name[0]}
	}
	return name
}

// qualifyType gives a type's name its schema: that of a type which the catalog has, else the
// server's own.
func qualifyType(c *dialects.Catalog, name []*astNode) []*astNode {
	if len(name) != 1 {
		return name
	}
	if n, ok := userType(c, listName(name)); ok {
		return []*astNode{stringNode(n.Schema), stringNode(n.Name)}
	}
	return inPgCatalog(name)
}

// userType finds an unqualified type among those of the default schema.
func userType(c *dialects.Catalog, n dialects.Name) (dialects.Name, bool) {
	n = c.Resolve(n)
	for _, kind := range []dialects.ObjectKind{dialects.EnumType, dialects.CompositeType, dialects.Domain} {
		if c.Objects[dialects.ObjectKey{Kind: kind, Name: n}] != nil {
			return n, true
		}
	}
	return dialects.Name{}, false
}

// qualifiedType spells a column's type so that no search_path diverts it. Types that are keywords,
// such as integer, need no schema.
func qualifiedType(c *dialects.Catalog, text string) string {
	expr, err := parseExpression("NULL::" + text)
	if err != nil {
		return text
	}
	name := expr.GetTypeCast().GetTypeName().GetNames()
	if len(name) != 1 {
		return text
	}
	if n, ok := userType(c, listName(name)); ok {
		return quote(n.Schema) + "." + text
	}
	return "pg_catalog." + text
}
