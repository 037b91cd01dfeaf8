package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// comparisons are the operators that say nothing where one side is NULL.
var comparisons = map[string]bool{"=": true, "<>": true, "<": true, ">": true, "<=": true, ">=": true}

// compares finds the traits of a comparison.
func (r *reading) compares(e *astAExpr) {
	operator := strings.Join(texts(e.Name), ".")
	switch e.Kind.String() {
	case "AEXPR_OP":
		if !comparisons[operator] {
			return
		}
		if isNull(e.Lexpr) || isNull(e.Rexpr) {
			r.traits.Add(dialects.NullComparison, operator+" NULL", 0)
		}
		r.computes(e.Lexpr, e.Rexpr)
		r.computes(e.Rexpr, e.Lexpr)
	case "AEXPR_IN":
		list := e.Rexpr.GetList().GetItems()
		if operator == "<>" {
			for _, n := range list {
				if isNull(n) {
					r.traits.Add(dialects.NullComparison, "NOT IN (..., NULL)", 0)
				}
			}
		}
		if r.inCondition() {
			r.traits.Add(dialects.ManyAlternatives, "IN", len(list))
		}
		r.computes(e.Lexpr, nil)
	case "AEXPR_LIKE", "AEXPR_ILIKE":
		if pattern, ok := patternStart(e.Rexpr); ok && r.inCondition() && strings.IndexAny(pattern, "%_") == 0 {
			r.traits.Add(dialects.LeadingWildcard, pattern, 0)
		}
		r.computes(e.Lexpr, nil)
	case "AEXPR_BETWEEN":
		r.computes(e.Lexpr, nil)
	}
}

func isNull(n *astNode) bool {
	for n.GetTypeCast() != nil {
		n = n.GetTypeCast().Arg
	}
	return n.GetAConst().GetIsnull()
}

// patternStart is a pattern's constant, or the one that it starts with.
func patternStart(n *astNode) (string, bool) {
	for n.GetAExpr() != nil && strings.Join(texts(n.GetAExpr().Name), "") == "||" {
		n = n.GetAExpr().Lexpr
	}
	if n.GetAConst().GetSval() == nil {
		return "", false
	}
	return constantText(n.GetAConst())
}

// computes finds a side of a comparison that is computed of a column, where the other side names none.
func (r *reading) computes(side, other *astNode) {
	if r.inCondition() && isComputed(side) && len(columnNames(other)) == 0 {
		r.traits.Add(dialects.ComputedColumn, expressionText(side), 0)
	}
}

// isComputed reports whether an expression computes something of a column that it names itself or in the
// arguments of further functions. A cast to a type of text leaves the value as it is for an index.
func isComputed(n *astNode) bool {
	of := func(args ...*astNode) bool {
		for _, a := range args {
			if a.GetColumnRef() != nil || isComputed(a) {
				return true
			}
		}
		return false
	}
	switch e := unwrap(n).(type) {
	case *astFuncCall:
		return of(e.Args...)
	case *astCoalesceExpr:
		return of(e.Args...)
	case *astTypeCast:
		name := typeName(e.TypeName).Name
		return name != "text" && name != "varchar" && of(e.Arg)
	case *astAExpr:
		operator := strings.Join(texts(e.Name), ".")
		return e.Kind.String() == "AEXPR_OP" && !comparisons[operator] && of(e.Lexpr, e.Rexpr)
	}
	return false
}
