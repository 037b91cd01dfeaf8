package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// tablesRead are the tables that a query names, each once; those of its WITH are left out.
func tablesRead(query *astNode) []dialects.Name {
	l := lowerer{}
	return l.read(query)
}

// read is tablesRead that finds traits on the way, in one walk.
func (l *lowerer) read(stmt *astNode) []dialects.Name {
	r := reading{traits: &l.traits, common: map[string]bool{}, conditions: map[*astNode]bool{}, exists: map[*astSelectStmt]bool{}}
	traverse(stmt, r.enter, r.leave)
	var tables []dialects.Name
	seen := map[dialects.Name]bool{}
	for _, n := range r.tables {
		if !seen[n] && (n.Schema != "" || !r.common[n.Name]) {
			seen[n] = true
			tables = append(tables, n)
		}
	}
	return tables
}

// readsAll finds a query at the top that reads all rows of a table.
func (l *lowerer) readsAll(query *astNode) {
	s := query.GetSelectStmt()
	if s == nil || s.WhereClause != nil || s.LimitCount != nil {
		return
	}
	for _, n := range s.FromClause {
		if n.GetRangeVar() != nil {
			l.traits.Add(dialects.NoWhere, rangeName(n.GetRangeVar()).String(), 0)
			return
		}
	}
}

// reading is one walk.
type reading struct {
	traits     *dialects.Traits
	tables     []dialects.Name
	common     map[string]bool         // what WITH names
	conditions map[*astNode]bool       // those of the statements and joins that were met
	exists     map[*astSelectStmt]bool // the queries of EXISTS
	within     []bool                  // a condition, of each query or condition that the walk is in
}

func (r *reading) inCondition() bool { return len(r.within) > 0 && r.within[len(r.within)-1] }

func (r *reading) enter(m any) bool {
	switch m := m.(type) {
	case *astNode:
		if r.conditions[m] {
			r.within = append(r.within, true)
		}
	case *astSelectStmt:
		r.with(m.WithClause)
		r.selects(m)
		r.conditions[m.WhereClause] = m.WhereClause != nil
		if m.ValuesLists != nil {
			r.values(m)
			return false
		}
		r.within = append(r.within, false)
	case *astInsertStmt:
		r.with(m.WithClause)
		r.inserts(m)
	case *astUpdateStmt:
		r.with(m.WithClause)
		r.doubles(m.TargetList)
		r.conditions[m.WhereClause] = m.WhereClause != nil
	case *astDeleteStmt:
		r.with(m.WithClause)
		r.conditions[m.WhereClause] = m.WhereClause != nil
	case *astJoinExpr:
		r.conditions[m.Quals] = m.Quals != nil
	case *astSubLink:
		r.exists[m.Subselect.GetSelectStmt()] = m.SubLinkType.String() == "EXISTS_SUBLINK"
	case *astCommonTableExpr:
		r.common[m.Ctename] = true
	case *astRangeVar:
		r.tables = append(r.tables, rangeName(m))
		return false
	case *astBoolExpr:
		if r.inCondition() && m.Boolop.String() == "OR_EXPR" {
			r.traits.Add(dialects.ManyAlternatives, "OR", len(m.Args))
		}
	case *astAExpr:
		r.compares(m)
	case *astAConst, *astColumnRef:
		return false
	}
	return true
}

func (r *reading) leave(m any) {
	switch m := m.(type) {
	case *astNode:
		if r.conditions[m] {
			r.within = r.within[:len(r.within)-1]
		}
	case *astSelectStmt:
		r.within = r.within[:len(r.within)-1]
	}
}

// with notes the names of a WITH, before what uses them is met.
func (r *reading) with(w *astWithClause) {
	for _, n := range w.GetCtes() {
		r.common[n.GetCommonTableExpr().GetCtename()] = true
	}
}

// values reads VALUES, whose rows may be many: of their constants there is nothing to say.
func (r *reading) values(s *astSelectStmt) {
	for _, row := range s.ValuesLists {
		for _, n := range row.GetList().GetItems() {
			if n.GetAConst() == nil {
				traverse(n, r.enter, r.leave)
			}
		}
	}
	if s.WithClause != nil {
		traverse(s.WithClause, r.enter, r.leave)
	}
}

func (r *reading) inserts(s *astInsertStmt) {
	query := s.SelectStmt.GetSelectStmt()
	switch {
	case query == nil: // DEFAULT VALUES
	case len(s.Cols) == 0:
		r.traits.Add(dialects.NoColumns, rangeName(s.Relation).String(), 0)
	default:
		r.doubles(s.Cols)
	}
	if len(query.GetValuesLists()) > 1 {
		r.traits.Add(dialects.ManyRows, "", len(query.ValuesLists))
	}
	if query.GetLimitCount() != nil {
		r.traits.Add(dialects.LimitedWrite, "LIMIT", 0)
	}
	if s.OnConflictClause != nil {
		r.doubles(s.OnConflictClause.TargetList)
	}
}

// doubles finds columns that a list names twice. A part of one, as a.b or a[1], may be named again.
func (r *reading) doubles(targets []*astNode) {
	seen := make(map[string]bool, len(targets))
	for _, n := range targets {
		t := n.GetResTarget()
		if len(t.GetIndirection()) > 0 {
			continue
		}
		if seen[t.GetName()] {
			r.traits.Add(dialects.DoubleColumn, t.Name, 0)
		}
		seen[t.GetName()] = true
	}
}

// randomFunctions give another value for each row.
var randomFunctions = map[string]bool{"random": true, "gen_random_uuid": true, "uuid_generate_v4": true}

func (r *reading) selects(s *astSelectStmt) {
	for _, n := range s.TargetList {
		fields := n.GetResTarget().GetVal().GetColumnRef().GetFields()
		if r.exists[s] || len(fields) == 0 || fields[len(fields)-1].GetAStar() == nil {
			continue
		}
		of := texts(fields[:len(fields)-1])
		for _, from := range s.FromClause {
			if r.isStar(from, of) {
				r.traits.Add(dialects.SelectStar, strings.Join(append(of, "*"), "."), 0)
			}
		}
	}
	for _, n := range s.SortClause {
		if call := n.GetSortBy().GetNode().GetFuncCall(); call != nil && randomFunctions[listName(call.Funcname).Name] {
			r.traits.Add(dialects.RandomOrder, listName(call.Funcname).Name+"()", 0)
		}
	}
}

// isStar reports whether * of a table's name, or of all where that is empty, stands for the columns of
// a table. Those of a subquery or of WITH are in the same statement.
func (r *reading) isStar(from *astNode, of []string) bool {
	if j := from.GetJoinExpr(); j != nil {
		return r.isStar(j.Larg, of) || r.isStar(j.Rarg, of)
	}
	t := from.GetRangeVar()
	if t == nil || t.Schemaname == "" && r.common[t.Relname] {
		return false
	}
	name := t.Relname
	if t.Alias != nil {
		name = t.Alias.Aliasname
	}
	return len(of) == 0 || of[len(of)-1] == name
}
