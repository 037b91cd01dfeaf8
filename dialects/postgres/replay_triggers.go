package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (r replayer) createTrigger(s *astCreateTrigStmt) {
	t := r.Table(rangeName(s.Relation))
	if t == nil {
		return
	}
	function := r.Resolve(listName(s.Funcname))
	trigger := dialects.Trigger{
		Name: s.Trigname, Before: s.Timing&triggerBefore != 0, Row: s.Row, Enabled: "origin", Function: function,
		Columns: ownColumns(t, append(texts(s.Columns), columnNames(s.WhenClause)...)),
	}
	for _, e := range triggerEvents {
		if int(s.Events)&e.bit != 0 {
			trigger.Events = append(trigger.Events, e.name)
		}
	}
	s = clone(s)
	s.Funcname = []*astNode{stringNode(function.Schema), stringNode(function.Name)}
	trigger.Definition = rewriteTrigger(deparsedOr(wrap(s), r.statement.Text), t.Name, func(*astCreateTrigStmt) {})
	putTrigger(t, trigger)
	if s.Row {
		for _, child := range r.partitions(t) {
			r.putTriggerPart(child, trigger)
		}
	}
}

// putTrigger adds a trigger, or replaces the one of its name.
func putTrigger(t *dialects.Table, trigger dialects.Trigger) {
	t.Triggers = slices.DeleteFunc(t.Triggers, func(g *dialects.Trigger) bool { return g.Name == trigger.Name })
	t.Triggers = append(t.Triggers, &trigger)
	sortTriggers(t)
}

// putTriggerPart gives a partition its copy of a trigger.
func (r replayer) putTriggerPart(t *dialects.Table, trigger dialects.Trigger) {
	trigger.Inherited = true
	trigger.Columns = slices.Clone(trigger.Columns)
	trigger.Definition = rewriteTrigger(trigger.Definition, t.Name, func(*astCreateTrigStmt) {})
	putTrigger(t, trigger)
}

func sortTriggers(t *dialects.Table) {
	slices.SortFunc(t.Triggers, func(a, b *dialects.Trigger) int { return strings.Compare(a.Name, b.Name) })
}

// ownColumns are those names that are a table's columns, each once.
func ownColumns(t *dialects.Table, names []string) []string {
	var columns []string
	for _, name := range names {
		if t.Column(name) != nil {
			columns = appendNew(columns, name)
		}
	}
	return columns
}

func policyColumns(t *dialects.Table, expressions ...*astNode) []string {
	return ownColumns(t, columnNames(expressions...))
}

func (r replayer) createStatistics(s *astCreateStatsStmt) {
	if len(s.Relations) == 0 {
		return
	}
	t := r.Table(rangeName(s.Relations[0].GetRangeVar()))
	if t == nil {
		return
	}
	s = clone(s)
	name := r.Resolve(listName(s.Defnames))
	var columns []string
	for _, n := range s.Exprs {
		elem := n.GetStatsElem()
		if elem.Name != "" {
			columns = append(columns, elem.Name)
		} else {
			columns = append(columns, columnNames(elem.Expr)...)
		}
	}
	if name.Name == "" {
		name = dialects.Name{Schema: t.Name.Schema, Name: freeName(t.Name.Name, strings.Join(columns, "_"), "stat", func(n string) bool {
			return slices.ContainsFunc(t.Statistics, func(s *dialects.ExtendedStatistics) bool { return s.Name.Name == n })
		})}
	}
	s.Defnames = []*astNode{stringNode(name.Schema), stringNode(name.Name)}
	s.Relations = []*astNode{wrap(&astRangeVar{Schemaname: t.Name.Schema, Relname: t.Name.Name, Relpersistence: "p", Inh: true})}
	s.IfNotExists = false
	t.Statistics = append(t.Statistics, &dialects.ExtendedStatistics{
		Name: name, Columns: ownColumns(t, columns), Definition: deparsedOr(wrap(s), r.statement.Text), StatsTarget: -1,
	})
	slices.SortFunc(t.Statistics, func(a, b *dialects.ExtendedStatistics) int { return strings.Compare(a.Name.Name, b.Name.Name) })
}

// publish adds a publication to the tables that it sends.
func (r replayer) publish(name string, all bool, objects []*astNode) {
	if all {
		for _, t := range r.tablesWhere(isPublishable) {
			t.Publications = append(t.Publications, dialects.PublicationUse{Name: name})
		}
		return
	}
	for _, n := range objects {
		spec := n.GetPublicationObjSpec()
		if table := spec.GetPubtable(); table != nil {
			if t := r.Table(rangeName(table.Relation)); t != nil {
				for _, member := range r.family(t) {
					member.Publications = append(member.Publications, dialects.PublicationUse{
						Name: name, Columns: texts(table.Columns), RowFilter: expressionText(table.WhereClause),
					})
				}
			}
			continue
		}
		schema := spec.GetName()
		if schema == "" {
			schema = r.DefaultSchema
		}
		for _, t := range r.tablesWhere(func(t *dialects.Table) bool { return t.Name.Schema == schema }) {
			t.Publications = append(t.Publications, dialects.PublicationUse{Name: name})
		}
	}
}

// isPublishable holds for what FOR ALL TABLES sends.
func isPublishable(t *dialects.Table) bool { return t.Kind != dialects.ForeignTable && !t.Temporary }

// publishNew adds the publications of all tables to a new one.
func (r replayer) publishNew(t *dialects.Table) {
	for key, o := range r.Objects {
		if key.Kind != dialects.Publication || !isPublishable(t) {
			continue
		}
		if stmt, err := parseOne(o.Definition); err == nil && stmt.GetCreatePublicationStmt().GetForAllTables() {
			t.Publications = append(t.Publications, dialects.PublicationUse{Name: key.Name.Name})
		}
	}
}

// unpublish takes a publication off the named tables, or with nil off all.
func (r replayer) unpublish(name string, objects []*astNode) {
	listed := func(t *dialects.Table) bool {
		return objects == nil || slices.ContainsFunc(objects, func(n *astNode) bool {
			return r.Resolve(rangeName(n.GetPublicationObjSpec().GetPubtable().GetRelation())) == t.Name
		})
	}
	for _, t := range r.Tables {
		if listed(t) {
			t.Publications = slices.DeleteFunc(t.Publications, func(p dialects.PublicationUse) bool { return p.Name == name })
		}
	}
}

func (r replayer) alterPublication(c dialects.AlterObject) {
	if c.What == "rename" {
		for _, t := range r.Tables {
			for i := range t.Publications {
				if t.Publications[i].Name == c.Object.Name {
					t.Publications[i].Name = c.To
				}
			}
		}
		r.moveObject(c.Kind, c.Object, dialects.Name{Name: c.To})
		return
	}
	stmt, err := treeOf(r.statement)
	if err != nil || stmt.GetAlterPublicationStmt() == nil {
		return
	}
	s := stmt.GetAlterPublicationStmt()
	switch s.Action.String() {
	case "AP_AddObjects":
		r.publish(s.Pubname, false, s.Pubobjects)
	case "AP_SetObjects":
		r.unpublish(s.Pubname, nil)
		r.publish(s.Pubname, false, s.Pubobjects)
	case "AP_DropObjects":
		r.unpublish(s.Pubname, s.Pubobjects)
	}
}
