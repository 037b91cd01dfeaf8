package mysql

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// tablesRead are the tables that a query names, each once, in order; its common table expressions
// are none.
func tablesRead(root astNode) []dialects.Name {
	l := lowerer{}
	return l.read(root)
}

// read is tablesRead that finds traits on the way.
func (l *lowerer) read(root astNode) []dialects.Name {
	r := reading{traits: &l.traits, common: map[string]bool{}, conditions: map[astNode]bool{}, exists: map[astNode]bool{}}
	traverse(root, r.enter, r.leave)
	var names []dialects.Name
	seen := map[dialects.Name]bool{}
	for _, t := range r.tables {
		if name := tableName(t); !seen[name] && !r.isCommon(t) {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// readsAll finds a query at the top that reads all rows of a table.
func (l *lowerer) readsAll(query astNode) {
	s, ok := query.(*astSelect)
	if t := wholeTable(query); ok && s.Where == nil && t.Name != "" {
		l.traits.Add(dialects.NoWhere, t.String(), 0)
	}
}

// wholeTable is the table that a query at the top reads all rows of.
func wholeTable(query astNode) dialects.Name {
	s, ok := query.(*astSelect)
	if !ok || bounds(s.Where) || s.Limit != nil || s.From == nil {
		return dialects.Name{}
	}
	if from, ok := s.From.TableRefs.Left.(*astTableSource); ok {
		if t, ok := from.Source.(*astTableName); ok && !namedByWith(s, t) {
			return tableName(t)
		}
	}
	return dialects.Name{}
}

// namedByWith reports whether a table's name is one that the query's WITH gives.
func namedByWith(s *astSelect, t *astTableName) bool {
	return s.With != nil && t.Schema.O == "" && slices.ContainsFunc(s.With.CTEs, func(c *astCommonTable) bool { return c.Name.L == t.Name.L })
}

// reading is one walk.
type reading struct {
	traits     *dialects.Traits
	tables     []*astTableName
	common     map[string]bool  // what WITH names
	conditions map[astNode]bool // those of the statements that were met
	exists     map[astNode]bool // the queries of EXISTS
	within     []bool           // a condition, of each query or condition that the walk is in
	ors        []int            // how many ORs there were, of the same
}

func (r *reading) inCondition() bool { return len(r.within) > 0 && r.within[len(r.within)-1] }

func (r *reading) push(condition bool) {
	r.within, r.ors = append(r.within, condition), append(r.ors, 0)
}

func (r *reading) pop() {
	last := len(r.within) - 1
	if r.within[last] {
		r.traits.Add(dialects.ManyAlternatives, "OR", r.ors[last]+1)
	}
	r.within, r.ors = r.within[:last], r.ors[:last]
}

// condition notes a WHERE, which may be none.
func (r *reading) condition(e astExpr) {
	if e != nil {
		r.conditions[e] = true
	}
}

func (r *reading) enter(n astNode) bool {
	if r.conditions[n] {
		r.push(true)
	}
	switch n := n.(type) {
	case *astSelect:
		if n.With != nil {
			for _, c := range n.With.CTEs {
				r.common[c.Name.L] = true
			}
		}
		r.push(false)
		r.selects(n)
		r.condition(n.Where)
	case *astInsert:
		r.inserts(n)
		return false
	case *astUpdate:
		r.limits(n.Limit != nil, n.Order)
		r.doubles(n.List)
		r.condition(n.Where)
	case *astDelete:
		r.limits(n.Limit != nil, n.Order)
		r.condition(n.Where)
	case *astOn:
		r.push(true)
	case *astExists:
		if sub, ok := n.Sel.(*astSubquery); ok {
			r.exists[sub.Query] = true
		}
	case *astCommonTable:
		r.common[n.Name.L] = true
	case *astTableName:
		r.tables = append(r.tables, n)
	case *astBinary:
		if n.Op == astOr && r.inCondition() {
			r.ors[len(r.ors)-1]++
		}
		r.compares(n)
	case *astIn:
		r.compareIn(n)
	case *astLike:
		r.compareLike(n)
	case *astBetween:
		r.computes(n.Expr, nil)
	}
	return true
}

func (r *reading) leave(n astNode) {
	switch n.(type) {
	case *astSelect, *astOn:
		r.pop()
	}
	if r.conditions[n] {
		r.pop()
	}
}

func (r *reading) isCommon(t *astTableName) bool { return t.Schema.O == "" && r.common[t.Name.L] }

func (r *reading) limits(limited bool, order *astOrder) {
	if limited {
		r.traits.Add(dialects.LimitedWrite, "LIMIT", 0)
	}
	if order != nil {
		r.traits.Add(dialects.LimitedWrite, "ORDER BY", 0)
	}
}

// doubles finds columns that are set twice. Of a join's tables several may have the same.
func (r *reading) doubles(list []*astAssignment) {
	seen := make(map[string]bool, len(list))
	for _, a := range list {
		name := a.Column.Schema.L + "." + a.Column.Table.L + "." + a.Column.Name.L
		if seen[name] {
			r.traits.Add(dialects.DoubleColumn, a.Column.Name.O, 0)
		}
		seen[name] = true
	}
}

// inserts reads INSERT and REPLACE. Their rows may be many: of constants there is nothing to say.
func (r *reading) inserts(s *astInsert) {
	seen := make(map[string]bool, len(s.Columns))
	for _, c := range s.Columns {
		if seen[c.Name.L] {
			r.traits.Add(dialects.DoubleColumn, c.Name.O, 0)
		}
		seen[c.Name.L] = true
	}
	given := s.Select != nil || len(s.Lists) > 0 && len(s.Lists[0]) > 0
	if given && len(s.Columns) == 0 {
		table := ""
		if tables := tablesRead(s.Table); len(tables) > 0 {
			table = tables[0].String()
		}
		r.traits.Add(dialects.NoColumns, table, 0)
	}
	if len(s.Lists) > 1 {
		r.traits.Add(dialects.ManyRows, "", len(s.Lists))
	}
	for _, row := range s.Lists {
		for _, e := range row {
			if _, constant := e.(astValue); !constant {
				traverse(e, r.enter, r.leave)
			}
		}
	}
	if query, ok := s.Select.(*astSelect); ok {
		r.limits(query.Limit != nil, nil)
	}
	if s.Select != nil {
		traverse(s.Select, r.enter, r.leave)
	}
	r.doubles(s.OnDuplicate)
	for _, a := range s.OnDuplicate {
		traverse(a, r.enter, r.leave)
	}
}

// randomFunctions give another value for each row.
var randomFunctions = map[string]bool{"rand": true, "uuid": true}

func (r *reading) selects(s *astSelect) {
	if s.OrderBy != nil {
		for _, item := range s.OrderBy.Items {
			if call, ok := item.Expr.(*astFunctionCall); ok && randomFunctions[call.FnName.L] {
				r.traits.Add(dialects.RandomOrder, strings.ToUpper(call.FnName.L)+"()", 0)
			}
		}
	}
	if s.Fields == nil || s.From == nil || r.exists[s] {
		return
	}
	for _, f := range s.Fields.Fields {
		if f.WildCard == nil || !r.isStar(s.From.TableRefs, f.WildCard.Table.L) {
			continue
		}
		star := "*"
		if f.WildCard.Table.O != "" {
			star = f.WildCard.Table.O + ".*"
		}
		r.traits.Add(dialects.SelectStar, star, 0)
	}
}

// isStar reports whether * of a table's name, or of all where that is empty, stands for the columns of
// a table. Those of a subquery or of WITH are in the same statement.
func (r *reading) isStar(from astRows, of string) bool {
	switch f := from.(type) {
	case *astJoin:
		return r.isStar(f.Left, of) || f.Right != nil && r.isStar(f.Right, of)
	case *astTableSource:
		t, ok := f.Source.(*astTableName)
		if !ok {
			return r.isStar(f.Source, of)
		}
		name := t.Name.L
		if f.AsName.L != "" {
			name = f.AsName.L
		}
		return !r.isCommon(t) && (of == "" || of == name)
	}
	return false
}
