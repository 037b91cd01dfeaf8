package postgres

import "github.com/segue-db/segue/dialects"

// lowerData lowers what reads and writes rows.
func (l *lowerer) lowerData(stmt *astNode) []dialects.Change {
	switch s := unwrap(stmt).(type) {
	case *astSelectStmt:
		if setting, ok := configured(s); ok {
			return single(setting)
		}
		return append(writesWithin(s.WithClause), l.lowerSelect(stmt))
	case *astInsertStmt:
		l.read(stmt)
		l.readsAll(s.SelectStmt)
	case *astUpdateStmt, *astDeleteStmt, *astMergeStmt:
		l.read(stmt)
	}
	return lowerWrite(stmt)
}

// lowerWrite lowers a data statement that is no query.
func lowerWrite(stmt *astNode) []dialects.Change {
	switch s := unwrap(stmt).(type) {
	case *astInsertStmt:
		return append(writesWithin(s.WithClause), dialects.WriteData{
			Kind: dialects.Insert, Table: rangeName(s.Relation), Reads: tablesRead(s.SelectStmt), Whole: copied(s),
		})
	case *astUpdateStmt:
		return append(writesWithin(s.WithClause), dialects.WriteData{
			Kind: dialects.Update, Table: rangeName(s.Relation), Pinned: pinned(s.WhereClause),
			Bounded: bounds(s.WhereClause), Meant: alwaysTrue(s.WhereClause), Whole: joined(s.FromClause, s.WhereClause, s.WithClause),
			Unfilled: unfilled(s),
		})
	case *astDeleteStmt:
		return append(writesWithin(s.WithClause), dialects.WriteData{
			Kind: dialects.Delete, Table: rangeName(s.Relation), Pinned: pinned(s.WhereClause),
			Bounded: bounds(s.WhereClause), Meant: alwaysTrue(s.WhereClause), Whole: joined(s.UsingClause, s.WhereClause, s.WithClause),
		})
	case *astMergeStmt:
		return append(writesWithin(s.WithClause), dialects.WriteData{
			Kind: dialects.Merge, Table: rangeName(s.Relation), Whole: mergedFrom(s),
		})
	case *astCopyStmt:
		if s.Query != nil {
			if changes := lowerWrite(s.Query); changes != nil { // COPY (DELETE ... RETURNING ...) TO
				return changes
			}
		}
		return single(lowerCopy(s))
	case *astTruncateStmt:
		var changes []dialects.Change
		for _, n := range s.Relations {
			changes = append(changes, dialects.WriteData{
				Kind: dialects.Truncate, Table: rangeName(n.GetRangeVar()), Cascade: s.Behavior.String() == "DROP_CASCADE",
			})
		}
		return changes
	case *astLockStmt:
		var changes []dialects.Change
		for _, n := range s.Relations {
			changes = append(changes, dialects.LockTable{Table: rangeName(n.GetRangeVar()), Lock: lockModes[s.Mode]})
		}
		return changes
	}
	return nil
}

func (l *lowerer) lowerSelect(stmt *astNode) dialects.Change {
	c := dialects.WriteData{Kind: dialects.Select, Bounded: bounds(stmt.GetSelectStmt().WhereClause)}
	if tables := l.read(stmt); len(tables) > 0 {
		c.Table = tables[0]
	}
	l.readsAll(stmt)
	for _, n := range stmt.GetSelectStmt().TargetList {
		if sequence, value, ok := setsSequence(n.GetResTarget().GetVal().GetFuncCall()); ok {
			l.traits.Add(dialects.SequenceSet, sequence, value)
		}
	}
	return c
}

// setsSequence reads setval('sequence', constant), with or without is_called.
func setsSequence(call *astFuncCall) (sequence string, value int, ok bool) {
	if call == nil || listName(call.Funcname).Name != "setval" || len(call.Args) < 2 {
		return "", 0, false
	}
	name := call.Args[0]
	if cast := name.GetTypeCast(); cast != nil { // 'sequence'::regclass
		name = cast.Arg
	}
	number := call.Args[1].GetAConst()
	if name.GetAConst().GetSval() == nil || number.GetIval() == nil {
		return "", 0, false
	}
	return name.GetAConst().GetSval().Sval, int(number.GetIval().Ival), true
}

// writesWithin are the changes of the data statements in a WITH.
func writesWithin(with *astWithClause) []dialects.Change {
	var changes []dialects.Change
	for _, n := range with.GetCtes() {
		query := n.GetCommonTableExpr().GetCtequery()
		changes = append(changes, lowerWrite(query)...)
	}
	return changes
}

// lowerCopy lowers COPY: FROM writes rows, TO reads them.
func lowerCopy(s *astCopyStmt) dialects.Change {
	c := dialects.WriteData{Kind: dialects.Copy, Table: rangeName(s.Relation)}
	if !s.IsFrom {
		c.Kind = dialects.Select
	}
	return c
}

// configured reads SELECT set_config('name', 'value', local), as pg_dump writes it.
func configured(s *astSelectStmt) (dialects.Setting, bool) {
	if len(s.TargetList) != 1 || len(s.FromClause) > 0 {
		return dialects.Setting{}, false
	}
	call := s.TargetList[0].GetResTarget().GetVal().GetFuncCall()
	if listName(call.GetFuncname()).Name != "set_config" || len(call.Args) != 3 {
		return dialects.Setting{}, false
	}
	name, value, local := call.Args[0].GetAConst(), call.Args[1].GetAConst(), call.Args[2].GetAConst()
	if name.GetSval() == nil || value.GetSval() == nil || local.GetBoolval() == nil {
		return dialects.Setting{}, false
	}
	return dialects.Setting{
		Name: name.GetSval().Sval, Value: value.GetSval().Sval, Local: local.GetBoolval().Boolval,
	}, true
}

// pinned are the columns that a condition ties to constants, by = or by IN and such a list.
func pinned(where *astNode) []string {
	if and := where.GetBoolExpr(); and != nil {
		var columns []string
		for _, arg := range and.Args {
			if and.Boolop.String() == "AND_EXPR" {
				columns = appendNew(columns, pinned(arg)...)
			}
		}
		return columns
	}
	e := where.GetAExpr()
	if op := texts(e.GetName()); len(op) != 1 || op[0] != "=" {
		return nil
	}
	switch e.Kind.String() {
	case "AEXPR_OP":
		if columns := pinnedTo(e.Lexpr, e.Rexpr); columns != nil {
			return columns
		}
		return pinnedTo(e.Rexpr, e.Lexpr)
	case "AEXPR_IN":
		return pinnedTo(e.Lexpr, e.Rexpr.GetList().GetItems()...)
	}
	return nil
}

func pinnedTo(column *astNode, values ...*astNode) []string {
	if column.GetColumnRef() == nil {
		return nil
	}
	for _, value := range values {
		if cast := value.GetTypeCast(); cast != nil {
			value = cast.Arg
		}
		if value.GetAConst() == nil {
			return nil
		}
	}
	return columnNames(column)
}
