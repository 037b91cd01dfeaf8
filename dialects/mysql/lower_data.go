package mysql

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// lowerData lowers what reads and writes rows.
func (l *lowerer) lowerData(stmt astStmt) []dialects.Change {
	switch s := stmt.(type) {
	case *astSelect:
		l.readsAll(s)
		return single(l.lowerSelect(s, s.Where != nil))
	case *astDo: // SELECT that hands nothing back
		return single(l.lowerSelect(s, true))
	case *astSetOperation:
		return single(l.lowerSelect(s, true))
	case *astInsert:
		l.read(s)
		l.readsAll(s.Select)
		changes := writes(dialects.Insert, false, s.Table, nil)
		if c, ok := changes[0].(dialects.WriteData); ok {
			c.Whole = wholeTable(s.Select)
			changes[0] = c
		}
		return changes
	case *astUpdate:
		l.read(s)
		changes := writes(dialects.Update, bounds(s.Where) || s.Limit != nil, s.TableRefs, s.Where)
		if len(changes) == 1 {
			c := changes[0].(dialects.WriteData)
			c.Unfilled = unfilled(s)
			changes[0] = c
		}
		return changes
	case *astDelete:
		l.read(s)
		bounded := bounds(s.Where) || s.Limit != nil
		if s.Tables == nil {
			return writes(dialects.Delete, bounded, s.TableRefs, s.Where)
		}
		var changes []dialects.Change
		for _, t := range s.Tables.Tables {
			name := aliased(s.TableRefs, tableName(t))
			c := dialects.WriteData{Kind: dialects.Delete, Table: name, Bounded: bounded || len(tablesRead(s.TableRefs)) > 1}
			for _, other := range tablesRead(s.TableRefs) {
				if !bounded && other != name && len(changes) == 0 {
					c.Whole = other
				}
			}
			changes = append(changes, c)
		}
		return changes
	case *astLoadData:
		return single(dialects.WriteData{Kind: dialects.Copy, Table: tableName(s.Table)})
	case *astLockTables:
		var changes []dialects.Change
		for _, t := range s.TableLocks {
			changes = append(changes, dialects.LockTable{Table: tableName(t.Table), Lock: dialects.Lock(t.Type.String())})
		}
		return changes
	case *astUnlockTables:
		return single(dialects.Describe{What: "unlock tables"})
	}
	return nil
}

// unfilled is the column that an UPDATE writes wherever it is NULL, and asks for nothing else; empty for any other.
func unfilled(s *astUpdate) string {
	test, ok := bare(s.Where).(*astIsNull)
	if !ok || test.Not || s.Limit != nil {
		return ""
	}
	column, ok := bare(test.Expr).(*astColumnReference)
	if !ok {
		return ""
	}
	for _, set := range s.List {
		if set.Column.Name.L == column.Name.Name.L {
			return set.Column.Name.O
		}
	}
	return ""
}

// bounds reports whether a condition keeps rows out: 1 = 1 and TRUE do not.
func bounds(where astExpr) bool {
	if where == nil {
		return false
	}
	switch e := bare(where).(type) {
	case astValue:
		return fmt.Sprint(e.GetValue()) == "0"
	case *astBinary:
		a, isConstant := bare(e.L).(astValue)
		b, isOther := bare(e.R).(astValue)
		if isConstant && isOther && comparisons[e.Op] == "=" {
			return fmt.Sprint(a.GetValue()) != fmt.Sprint(b.GetValue())
		}
	}
	return true
}

func (l *lowerer) lowerSelect(s astNode, bounded bool) dialects.Change {
	c := dialects.WriteData{Kind: dialects.Select, Bounded: bounded}
	if tables := l.read(s); len(tables) > 0 {
		c.Table = tables[0]
	}
	if query, ok := s.(*astSelect); ok && query.LockInfo != nil && query.LockInfo.LockType != astNoRowLock {
		c.Whole = wholeTable(s)
	}
	return c
}

// writes is a write of each table that a statement names; what UPDATE joins may be written too.
func writes(kind dialects.Write, bounded bool, refs *astTableRefs, where astExpr) []dialects.Change {
	var changes []dialects.Change
	tables := tablesRead(refs)
	for _, t := range tables {
		c := dialects.WriteData{Kind: kind, Table: t, Bounded: bounded || len(tables) > 1}
		c.Meant = !c.Bounded && where != nil
		switch {
		case len(tables) == 1:
			c.Sought = sought(where)
		case !bounded && where == nil && len(changes) == 0:
			c.Whole = tables[1]
		}
		changes = append(changes, c)
	}
	return changes
}

// aliased is the table that a name of DELETE's list stands for.
func aliased(refs *astTableRefs, name dialects.Name) dialects.Name {
	found := name
	walk(refs, func(n astNode) bool {
		if s, ok := n.(*astTableSource); ok && s.AsName.O == name.Name && name.Schema == "" {
			if t, ok := s.Source.(*astTableName); ok {
				found = tableName(t)
			}
		}
		return true
	})
	return found
}
