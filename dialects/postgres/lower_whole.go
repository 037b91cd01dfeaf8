package postgres

import "github.com/segue-db/segue/dialects"

// bounds reports whether a WHERE may keep rows out.
func bounds(where *astNode) bool { return where != nil && !alwaysTrue(where) }

// alwaysTrue reports whether a WHERE keeps no row out, as true and 1 = 1.
func alwaysTrue(where *astNode) bool {
	if c := where.GetAConst(); c != nil {
		return c.GetBoolval().GetBoolval()
	}
	e := where.GetAExpr()
	if op := texts(e.GetName()); len(op) != 1 || op[0] != "=" || e.Kind.String() != "AEXPR_OP" {
		return false
	}
	left, right := e.Lexpr.GetAConst(), e.Rexpr.GetAConst()
	if left == nil || right == nil {
		return false
	}
	a, known := constantText(left)
	b, too := constantText(right)
	return known && too && a == b
}

// unfilled is the column that an UPDATE writes wherever it is NULL, and asks for nothing else; empty for any other.
func unfilled(s *astUpdateStmt) string {
	test := s.WhereClause.GetNullTest()
	if test.GetNulltesttype().String() != "IS_NULL" || len(s.FromClause) > 0 {
		return ""
	}
	column := columnNamed(test.Arg)
	for _, n := range s.TargetList {
		if n.GetResTarget().GetName() == column {
			return column
		}
	}
	return ""
}

// copied is the table that INSERT ... SELECT takes every row of; zero where it takes some, or none.
func copied(s *astInsertStmt) dialects.Name {
	query := s.SelectStmt.GetSelectStmt()
	if query == nil || query.LimitCount != nil || query.GroupClause != nil || query.DistinctClause != nil ||
		query.HavingClause != nil || query.Op.String() != "SETOP_NONE" || aggregates(query.TargetList) {
		return dialects.Name{}
	}
	common := namesOf(s.WithClause, query.WithClause)
	if alwaysTrue(query.WhereClause) {
		return whole(query.FromClause, nil, common)
	}
	return whole(query.FromClause, query.WhereClause, common)
}

// aggregates reports whether a query without GROUP BY may return one row for all: where its columns are calls
// alone, as max(id).
func aggregates(targets []*astNode) bool {
	for _, n := range targets {
		if n.GetResTarget().GetVal().GetFuncCall() == nil {
			return false
		}
	}
	return len(targets) > 0
}

// joined is a table that UPDATE ... FROM or DELETE ... USING joins and does nothing more with: all of its rows
// that have a partner are meant. It is zero where a condition keeps some out.
func joined(from []*astNode, where *astNode, with *astWithClause) dialects.Name {
	if where == nil || alwaysTrue(where) {
		return dialects.Name{} // which is every row
	}
	return whole(from, where, namesOf(with))
}

// mergedFrom is the table that MERGE takes every row of, where it does something with each.
func mergedFrom(s *astMergeStmt) dialects.Name {
	for _, n := range s.MergeWhenClauses {
		if when := n.GetMergeWhenClause(); when.Condition == nil && when.CommandType.String() != "CMD_NOTHING" {
			return whole([]*astNode{s.SourceRelation}, s.JoinCondition, namesOf(s.WithClause))
		}
	}
	return dialects.Name{}
}

// whole is the first table of a FROM that has tables and joins of them alone, and a condition that compares
// columns with columns alone.
func whole(from []*astNode, condition *astNode, common map[string]bool) dialects.Name {
	var first dialects.Name
	if condition != nil && !joins(condition) {
		return first
	}
	for _, n := range from {
		if j := n.GetJoinExpr(); j != nil {
			n = wrap(&astList{Items: []*astNode{j.Larg, j.Rarg}})
			if whole(n.GetList().Items, j.Quals, common).Name == "" {
				return dialects.Name{}
			}
			n = j.Larg
			for n.GetJoinExpr() != nil {
				n = n.GetJoinExpr().Larg
			}
		}
		t := n.GetRangeVar()
		if t == nil || t.Schemaname == "" && common[t.Relname] {
			return dialects.Name{}
		}
		if first.Name == "" {
			first = rangeName(t)
		}
	}
	return first
}

// joins reports whether a condition is of columns that equal columns alone.
func joins(condition *astNode) bool {
	for _, part := range conjuncts(condition) {
		e := part.GetAExpr()
		if op := texts(e.GetName()); len(op) != 1 || op[0] != "=" || e.Lexpr.GetColumnRef() == nil || e.Rexpr.GetColumnRef() == nil {
			return false
		}
	}
	return true
}

// namesOf are what WITH names.
func namesOf(withs ...*astWithClause) map[string]bool {
	names := map[string]bool{}
	for _, w := range withs {
		for _, n := range w.GetCtes() {
			names[n.GetCommonTableExpr().GetCtename()] = true
		}
	}
	return names
}
