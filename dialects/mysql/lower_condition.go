package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// compares finds the traits of a comparison.
func (r *reading) compares(e *astBinary) {
	operator, ok := comparisons[e.Op]
	if !ok {
		return
	}
	if isNull(e.L) || isNull(e.R) {
		r.traits.Add(dialects.NullComparison, operator+" NULL", 0)
	}
	r.computes(e.L, e.R)
	r.computes(e.R, e.L)
}

func (r *reading) compareIn(e *astIn) {
	if e.Not {
		for _, n := range e.List {
			if isNull(n) {
				r.traits.Add(dialects.NullComparison, "NOT IN (..., NULL)", 0)
			}
		}
	}
	if r.inCondition() {
		r.traits.Add(dialects.ManyAlternatives, "IN", len(e.List))
	}
	r.computes(e.Expr, nil)
}

func (r *reading) compareLike(e *astLike) {
	if pattern, ok := patternStart(e.Pattern); ok && r.inCondition() && strings.IndexAny(pattern, "%_") == 0 {
		r.traits.Add(dialects.LeadingWildcard, pattern, 0)
	}
	r.computes(e.Expr, nil)
}

// bare is an expression without parentheses around it.
func bare(e astExpr) astExpr {
	for {
		p, ok := e.(*astParentheses)
		if !ok {
			return e
		}
		e = p.Expr
	}
}

func isNull(e astExpr) bool {
	v, ok := bare(e).(astValue)
	return ok && v.GetValue() == nil
}

// patternStart is a pattern's constant, or the one that CONCAT starts it with.
func patternStart(e astExpr) (string, bool) {
	if call, ok := e.(*astFunctionCall); ok && call.FnName.L == "concat" && len(call.Args) > 0 {
		e = call.Args[0]
	}
	v, ok := e.(astValue)
	if !ok || isNull(e) {
		return "", false
	}
	return v.GetString(), true
}

// computes finds a side of a comparison that is computed of a column, where the other side names none.
func (r *reading) computes(side, other astExpr) {
	if !r.inCondition() || !isComputed(side) || other != nil && len(columnNames(other)) > 0 {
		return
	}
	r.traits.Add(dialects.ComputedColumn, writeExpression(bare(side)), 0)
}

// isComputed reports whether an expression computes something of a column that it names itself or in the
// arguments of further functions.
func isComputed(e astExpr) bool {
	of := func(args ...astExpr) bool {
		for _, a := range args {
			if _, column := bare(a).(*astColumnReference); column || isComputed(a) {
				return true
			}
		}
		return false
	}
	switch e := bare(e).(type) {
	case *astFunctionCall:
		return of(e.Args...)
	case *astCast:
		return of(e.Expr)
	case *astBinary:
		return calculations[e.Op] && of(e.L, e.R)
	}
	return false
}
