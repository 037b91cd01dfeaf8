package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// alterObject follows ALTER of objects beside tables.
func (r replayer) alterObject(c dialects.AlterObject) {
	if t := r.Table(c.Table); c.Table.Name != "" && t != nil {
		r.alterPart(t, c)
		return
	}
	switch c.Kind {
	case dialects.EnumType: // its values: a rename of the type is one of CompositeType
		if o := r.object(c.Kind, c.Object); o != nil {
			alterEnum(o, c)
		}
		return
	case dialects.Publication:
		r.alterPublication(c)
		return
	}
	switch c.What {
	case "rename":
		if c.Kind == dialects.Schema {
			r.renameSchema(c.Object.Name, c.To)
			return
		}
		name := r.objectName(c.Kind, c.Object)
		r.moveAny(c.Kind, name, dialects.Name{Schema: name.Schema, Name: c.To})
	case "set schema":
		name := r.objectName(c.Kind, c.Object)
		r.moveAny(c.Kind, name, dialects.Name{Schema: c.To, Name: name.Name})
	case "refresh":
		if o := r.object(c.Kind, c.Object); o != nil {
			stmt, err := treeOf(r.statement)
			o.Empty = err == nil && stmt.GetRefreshMatViewStmt().GetSkipData()
		}
	case "set options":
		o := r.object(c.Kind, c.Object)
		if stmt, err := treeOf(r.statement); err == nil && c.Kind == dialects.Sequence && o != nil {
			r.ownSequence(o, stmt.GetAlterSeqStmt().GetOptions())
		}
	case "set not null", "drop not null":
		if o := r.object(c.Kind, c.Object); o != nil {
			o.NotNull = c.What == "set not null"
		}
	case "add constraint":
		if o := r.object(c.Kind, c.Object); o != nil {
			if stmt, err := treeOf(r.statement); err == nil {
				o.Definition += " " + constraintText(stmt.GetAlterDomainStmt().GetDef().GetConstraint())
			}
		}
	}
}

// moveAny moves an object of a kind. A statement that names a type does not say which kind it is.
func (r replayer) moveAny(kind dialects.ObjectKind, from, to dialects.Name) {
	if !slices.Contains(typeKinds, kind) {
		r.moveObject(kind, from, to)
		return
	}
	for _, kind := range typeKinds {
		if r.Objects[dialects.ObjectKey{Kind: kind, Name: from}] != nil {
			r.retype(from, to)
			r.moveObject(kind, from, to)
		}
	}
}

// retype gives columns of a type its new name.
func (r replayer) retype(from, to dialects.Name) {
	j := judge{Catalog: r.Catalog}
	for _, t := range r.Tables {
		for _, name := range j.columnsOf(t, from) {
			column := t.Column(name)
			column.Type = qualified(to) + strings.TrimPrefix(column.Type, qualified(from))
			column.BaseType = qualified(to) + strings.TrimPrefix(column.BaseType, qualified(from))
			column.Default = strings.ReplaceAll(column.Default, "::"+qualified(from), "::"+qualified(to))
			if column.Domain != nil {
				column.Domain, column.BaseType = &to, strings.TrimPrefix(column.BaseType, qualified(to))
			}
		}
		r.Link(t)
	}
}

// moveObject gives an object another name or schema, and tells all that names it.
func (r replayer) moveObject(kind dialects.ObjectKind, from, to dialects.Name) {
	key := dialects.ObjectKey{Kind: kind, Name: from}
	o := r.Objects[key]
	if o == nil {
		return
	}
	delete(r.Objects, key)
	o.Name = to
	r.Objects[dialects.ObjectKey{Kind: kind, Name: to}] = o
	switch kind {
	case dialects.Sequence:
		for _, t := range r.Tables {
			for _, column := range t.Columns {
				if column.Sequence != nil && *column.Sequence == from {
					column.Sequence = &to
				}
				if column.Default == nextvalText(from) {
					column.Default = nextvalText(to)
				}
			}
		}
	case dialects.View, dialects.MaterializedView:
		for _, other := range r.Objects {
			for i := range other.Reads {
				if other.Reads[i] == from {
					other.Reads[i] = to
				}
			}
		}
	case dialects.Function:
		for _, t := range r.Tables {
			for _, trigger := range t.Triggers {
				if trigger.Function == from {
					trigger.Function = to
					trigger.Definition = rewriteTrigger(trigger.Definition, t.Name, func(s *astCreateTrigStmt) {
						s.Funcname = []*astNode{stringNode(to.Schema), stringNode(to.Name)}
					})
				}
			}
		}
	}
}

// renameSchema moves all that is in a schema to its new name.
func (r replayer) renameSchema(from, to string) {
	if !r.Schemas[from] || r.Schemas[to] {
		return
	}
	delete(r.Schemas, from)
	r.Schemas[to] = true
	delete(r.Objects, dialects.ObjectKey{Kind: dialects.Schema, Name: dialects.Name{Name: from}})
	r.put(dialects.Object{Kind: dialects.Schema, Name: dialects.Name{Name: to}})
	for _, t := range r.tablesWhere(func(t *dialects.Table) bool { return t.Name.Schema == from }) {
		r.moveTable(t, dialects.Name{Schema: to, Name: t.Name.Name})
	}
	r.tellObjects(func(o *dialects.Object) {
		if o.Name.Schema == from {
			r.moveAny(o.Kind, o.Name, dialects.Name{Schema: to, Name: o.Name.Name})
		}
	})
}

func alterEnum(o *dialects.Object, c dialects.AlterObject) {
	at := slices.Index(o.Values, c.Value)
	switch {
	case c.What == "rename value" && at >= 0:
		o.Values[at] = c.To
	case c.What == "add value" && at < 0:
		place := len(o.Values)
		if before := slices.Index(o.Values, c.Before); c.Before != "" && before >= 0 {
			place = before
		}
		if after := slices.Index(o.Values, c.After); c.After != "" && after >= 0 {
			place = after + 1
		}
		o.Values = slices.Insert(o.Values, place, c.Value)
	}
}

// alterPart follows ALTER of a trigger or policy.
func (r replayer) alterPart(t *dialects.Table, c dialects.AlterObject) {
	switch {
	case c.Kind == dialects.TriggerObject && c.What == "rename":
		for _, member := range r.family(t) {
			for _, g := range member.Triggers {
				if g.Name == c.Object.Name && (member == t || g.Inherited) {
					g.Name = c.To
					g.Definition = rewriteTrigger(g.Definition, member.Name, func(s *astCreateTrigStmt) { s.Trigname = c.To })
				}
			}
			sortTriggers(member)
		}
	case c.Kind == dialects.Policy:
		for _, p := range t.Policies {
			if p.Name != c.Object.Name {
				continue
			}
			if c.What == "rename" {
				p.Name = c.To
			} else if stmt, err := treeOf(r.statement); err == nil {
				s := stmt.GetAlterPolicyStmt()
				p.Columns = appendNew(p.Columns, policyColumns(t, s.GetQual(), s.GetWithCheck())...)
			}
		}
	}
}
