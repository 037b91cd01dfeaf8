package mysql

import "strings"

// sought are the columns that each row found by a condition is compared by: those of its parts that AND ties
// together. Of an OR nothing is said, nor of what is computed.
func sought(where astExpr) []string {
	column := func(e astExpr) []string {
		if ref, ok := bare(e).(*astColumnReference); ok {
			return []string{ref.Name.Name.O}
		}
		return nil
	}
	if where == nil {
		return nil
	}
	switch e := bare(where).(type) {
	case *astBinary:
		switch {
		case e.Op == astAnd:
			return appendNew(sought(e.L), sought(e.R)...)
		case comparisons[e.Op] != "":
			return appendNew(column(e.L), column(e.R)...)
		}
	case *astIn:
		if !e.Not {
			return column(e.Expr)
		}
	case *astBetween:
		if !e.Not {
			return column(e.Expr)
		}
	case *astIsNull:
		return column(e.Expr)
	case *astLike:
		if pattern, ok := patternStart(e.Pattern); ok && !e.Not && strings.IndexAny(pattern, "%_") != 0 {
			return column(e.Expr)
		}
	}
	return nil
}
