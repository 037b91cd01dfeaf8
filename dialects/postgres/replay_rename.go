package postgres

import (
	"maps"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// renameRelation follows ALTER TABLE ... RENAME TO, which takes views, indexes and sequences too.
func (r replayer) renameRelation(name dialects.Name, to string) {
	if t := r.Table(name); t != nil {
		r.moveTable(t, dialects.Name{Schema: t.Name.Schema, Name: to})
		return
	}
	if tableOfIndex(r.Catalog, name) != nil {
		r.renameIndex(name, to)
		return
	}
	for _, kind := range []dialects.ObjectKind{dialects.View, dialects.MaterializedView, dialects.Sequence} {
		if r.object(kind, name) != nil {
			r.moveObject(kind, r.Resolve(name), dialects.Name{Schema: r.Resolve(name).Schema, Name: to})
		}
	}
}

// moveTable gives a table another name or schema, and tells all that names it.
func (r replayer) moveTable(t *dialects.Table, to dialects.Name) {
	if r.Tables[to] != nil || t.Name == to {
		return
	}
	from := t.Name
	delete(r.Tables, from)
	t.Name = to
	r.Tables[to] = t
	for _, index := range t.Indexes {
		index.Name.Schema = to.Schema
		r.rewriteIndex(t, index, func(*astIndexStmt) {})
	}
	for _, trigger := range t.Triggers {
		trigger.Definition = rewriteTrigger(trigger.Definition, t.Name, func(*astCreateTrigStmt) {})
	}
	for _, s := range t.Statistics {
		s.Definition = rewriteStatistics(s.Definition, func(stmt *astCreateStatsStmt) {
			stmt.Relations = []*astNode{wrap(&astRangeVar{Schemaname: to.Schema, Relname: to.Name, Relpersistence: "p", Inh: true})}
		})
	}
	moved := func(n *dialects.Name) {
		if *n == from {
			*n = to
		}
	}
	for child := range r.Linked(dialects.ParentLink, from) {
		if child.PartitionOf != nil {
			moved(child.PartitionOf)
		}
		for i := range child.Inherits {
			moved(&child.Inherits[i])
		}
		r.Link(child)
	}
	for other := range r.Linked(dialects.ReferenceLink, from) {
		for _, con := range other.Constraints {
			if con.References != nil && *con.References == from {
				target := to
				con.References = &target
				con.Definition = rewriteConstraint(con.Definition, func(n *astConstraint) {
					n.Pktable.Schemaname, n.Pktable.Relname = to.Schema, to.Name
				})
			}
		}
		r.Link(other)
	}
	r.Link(t)
	r.tellObjects(func(o *dialects.Object) {
		for i := range o.Reads {
			moved(&o.Reads[i])
		}
		for i := range o.Columns {
			moved(&o.Columns[i].Table)
		}
		if o.OwnedBy != nil {
			moved(&o.OwnedBy.Table)
			if from.Schema != to.Schema && o.Kind == dialects.Sequence && o.OwnedBy.Table == to {
				r.moveObject(o.Kind, o.Name, dialects.Name{Schema: to.Schema, Name: o.Name.Name})
			}
		}
	})
}

func (r replayer) tellObjects(tell func(*dialects.Object)) {
	for _, o := range slices.Collect(maps.Values(r.Objects)) {
		tell(o)
	}
}

func (r replayer) renameColumn(c dialects.RenameColumn) {
	t := r.Table(c.Table)
	if t == nil || t.Column(c.Column) == nil || t.Column(c.To) != nil {
		return
	}
	for _, member := range r.family(t) {
		if member.Column(c.Column) != nil {
			r.renameIn(member, c.Column, c.To)
		}
	}
}

// renameIn renames a table's column in all that names it.
func (r replayer) renameIn(t *dialects.Table, from, to string) {
	t.Column(from).Name = to
	rename := func(names []string) []string {
		for i := range names {
			if names[i] == from {
				names[i] = to
			}
		}
		return names
	}
	for _, column := range t.Columns {
		column.Generated = renameInExpression(column.Generated, from, to)
	}
	for _, con := range t.Constraints {
		if !mayName(con.Definition, from) {
			continue
		}
		rename(con.Columns)
		con.Expression = renameInExpression(con.Expression, from, to)
		con.Definition = rewriteConstraint(con.Definition, func(n *astConstraint) {
			renameStrings(from, to, n.Keys, n.Including, n.FkAttrs, n.FkDelSetCols)
			for _, e := range n.Exclusions {
				renameElements(from, to, e.GetList().GetItems()[:1])
			}
			renameRefs(n, from, to)
		})
	}
	for _, index := range t.Indexes {
		if !mayName(index.Definition, from) {
			continue
		}
		rename(index.Columns)
		rename(index.Keys)
		r.rewriteIndex(t, index, func(s *astIndexStmt) {
			renameElements(from, to, s.IndexParams)
			renameElements(from, to, s.IndexIncludingParams)
			renameRefs(s, from, to)
		})
	}
	for _, trigger := range t.Triggers {
		rename(trigger.Columns)
		trigger.Definition = rewriteTrigger(trigger.Definition, t.Name, func(s *astCreateTrigStmt) {
			renameStrings(from, to, s.Columns)
			renameRefs(s, from, to)
		})
	}
	for _, policy := range t.Policies {
		rename(policy.Columns)
	}
	for _, s := range t.Statistics {
		rename(s.Columns)
		s.Definition = rewriteStatistics(s.Definition, func(stmt *astCreateStatsStmt) {
			for _, n := range stmt.Exprs {
				if e := n.GetStatsElem(); e.GetName() == from {
					e.Name = to
				}
			}
			renameRefs(stmt, from, to)
		})
	}
	if t.Partition != nil {
		rename(t.Partition.Columns)
		for i, e := range t.Partition.Expressions {
			t.Partition.Expressions[i] = renameInExpression(e, from, to)
		}
	}
	for i := range t.Publications {
		rename(t.Publications[i].Columns)
		t.Publications[i].RowFilter = renameInExpression(t.Publications[i].RowFilter, from, to)
	}
	r.renameOutside(t, from, to, rename)
}

// renameOutside renames the column in foreign keys to it, views and sequences.
func (r replayer) renameOutside(t *dialects.Table, from, to string, rename func([]string) []string) {
	for other := range r.Linked(dialects.ReferenceLink, t.Name) {
		for _, con := range other.Constraints {
			if con.References != nil && *con.References == t.Name {
				rename(con.ReferencedColumns)
				con.Definition = rewriteConstraint(con.Definition, func(n *astConstraint) { renameStrings(from, to, n.PkAttrs) })
			}
		}
	}
	r.tellObjects(func(o *dialects.Object) {
		for i, ref := range o.Columns {
			if ref.Table == t.Name && ref.Column == from {
				o.Columns[i].Column = to
			}
		}
		if o.OwnedBy != nil && o.OwnedBy.Table == t.Name && o.OwnedBy.Column == from {
			o.OwnedBy.Column = to
		}
	})
}

// mayName reports whether a definition can have a column's name in it. It looks at the text, which is much quicker
// than to read it.
func mayName(definition, column string) bool {
	return strings.Contains(definition, strings.ReplaceAll(column, `"`, `""`))
}

func renameStrings(from, to string, lists ...[]*astNode) {
	for _, list := range lists {
		for _, n := range list {
			if s := n.GetString_(); s.GetSval() == from {
				s.Sval = to
			}
		}
	}
}

func renameElements(from, to string, elements []*astNode) {
	for _, n := range elements {
		if e := n.GetIndexElem(); e.GetName() == from {
			e.Name = to
		}
	}
}

func renameInExpression(text, from, to string) string {
	if !namesIn(text, from) {
		return text
	}
	expr, err := parseExpression(text)
	if err != nil {
		return text
	}
	renameRefs(expr, from, to)
	return expressionText(expr)
}

// rewriteConstraint, rewriteTrigger and rewriteStatistics let change work on the tree of a definition;
// one that cannot be read stays as it is.
func rewriteConstraint(definition string, change func(*astConstraint)) string {
	n := parseConstraint(definition)
	if n == nil {
		return definition
	}
	change(n)
	return constraintText(n)
}

func rewriteTrigger(definition string, table dialects.Name, change func(*astCreateTrigStmt)) string {
	stmt, err := parseOne(definition)
	if err != nil || stmt.GetCreateTrigStmt() == nil {
		return definition
	}
	s := stmt.GetCreateTrigStmt()
	change(s)
	s.Replace = false
	s.Relation.Schemaname, s.Relation.Relname = table.Schema, table.Name
	return deparsedOr(stmt, definition)
}

func rewriteStatistics(definition string, change func(*astCreateStatsStmt)) string {
	stmt, err := parseOne(definition)
	if err != nil || stmt.GetCreateStatsStmt() == nil {
		return definition
	}
	change(stmt.GetCreateStatsStmt())
	return deparsedOr(stmt, definition)
}

func deparsedOr(stmt *astNode, text string) string {
	if written, err := deparse(stmt); err == nil {
		return written
	}
	return text
}

// renameRefs renames a column wherever an expression in the tree names it.
func renameRefs(root astMessage, from, to string) {
	walk(root, func(m any) bool {
		ref, ok := m.(*astColumnRef)
		if !ok {
			return true
		}
		if last := ref.Fields[len(ref.Fields)-1].GetString_(); last.GetSval() == from {
			last.Sval = to
		}
		return false
	})
}
