package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// needed adds what the server refuses of a change, since something else needs what it takes away or changes: of
// tables that the same file made too. What may be needed, and may not, is left out. All of it was seen on 15.
func (j judge) needed(change dialects.Change, e dialects.Effect) dialects.Effect {
	switch c := change.(type) {
	case dialects.AlterColumnType:
		return j.neededColumn(e, c.Table, c.Column, "that its type changes")
	case dialects.DropColumn:
		return j.neededColumn(e, c.Table, c.Column, "that it is dropped")
	case dialects.DropTable:
		return j.neededTable(e, c)
	case dialects.DropConstraint:
		return j.neededKey(e, c)
	case dialects.DropIndex:
		return j.neededIndex(e, c)
	case dialects.DropObject:
		return j.neededObject(e, c)
	case dialects.WriteData:
		if c.Kind != dialects.Truncate || c.Cascade {
			return e
		}
		for _, r := range j.references(c.Table, "") {
			if !j.truncates(r.from.Name) {
				return withInstead(breaks(e, stillNeeded, "foreign key %s of %s refers to %s, and the server empties none that is referred to",
					r.Name, r.from.Name, e.Table), "name %s in the same TRUNCATE if its rows are to go too, or DELETE the rows", r.from.Name)
			}
		}
	}
	return e
}

// neededColumn is of a column that a view shows, that another is computed of, that a trigger names, that the
// partitions go by, or that is the parent's.
func (j judge) neededColumn(e dialects.Effect, table dialects.Name, column, what string) dialects.Effect {
	t := j.Table(table)
	if t == nil || t.Column(column) == nil {
		return e
	}
	if t.Partition != nil && slices.Contains(t.Partition.Columns, column) {
		return withInstead(breaks(e, stillNeeded, "the partitions of %s go by %s, so the server refuses %s", t.Name, column, what),
			"make a new partitioned table, copy the rows in batches, and move the apps to it")
	}
	if parent := t.PartitionOf; parent != nil && j.Tables[*parent] != nil && j.Tables[*parent].Column(column) != nil {
		return withInstead(breaks(e, stillNeeded, "%s is %s's, of which %s is a partition, so the server refuses %s", column, *parent, t.Name, what),
			"change it in %s", *parent)
	}
	if j.cascades() {
		return e
	}
	if view := j.viewOf(t, column); view != nil {
		return withInstead(breaks(e, stillNeeded, "%s %s reads %s, so the server refuses %s", view.Kind, view.Name, column, what),
			"in one transaction DROP %s %s, make the change, and create it again with its privileges", strings.ToUpper(string(view.Kind)), view.Name)
	}
	for _, other := range t.Columns {
		expr, err := parseExpression(other.Generated)
		if other.Generated == "" || err != nil || !slices.Contains(columnNames(expr), column) || j.dropsColumn(t.Name, other.Name) {
			continue
		}
		return withInstead(breaks(e, stillNeeded, "column %s is computed of %s, so the server refuses %s", other.Name, column, what),
			"drop %s first, and add it again", other.Name)
	}
	for _, g := range t.Triggers {
		if slices.Contains(g.Columns, column) {
			return withInstead(breaks(e, stillNeeded, "trigger %s names %s, so the server refuses %s", g.Name, column, what),
				"in one transaction drop the trigger, make the change, and create it again")
		}
	}
	return e
}

// neededTable is of a table that foreign keys refer to, that views read, or that others inherit from.
func (j judge) neededTable(e dialects.Effect, c dialects.DropTable) dialects.Effect {
	if c.Cascade || j.Table(c.Table) == nil {
		return e
	}
	const what = "so the server refuses that it is dropped"
	for _, name := range j.withAncestors(c.Table) { // a foreign key that refers to them does so to each partition
		for _, r := range j.references(name, "") {
			if !j.dropsTable(r.from.Name) {
				return withInstead(breaks(e, stillNeeded, "foreign key %s of %s refers to %s, %s", r.Name, r.from.Name, name, what),
					"drop the foreign key first")
			}
		}
	}
	for _, o := range j.viewsOn(e.Table) {
		return withInstead(breaks(e, stillNeeded, "%s %s reads %s, %s", o.Kind, o.Name, e.Table, what), "drop it first, when no app version uses it")
	}
	for t := range j.Linked(dialects.ParentLink, e.Table) {
		if slices.Contains(t.Inherits, e.Table) && !j.dropsTable(t.Name) {
			return withInstead(breaks(e, stillNeeded, "%s inherits from %s, %s", t.Name, e.Table, what), "ALTER TABLE %s NO INHERIT %s first", t.Name, e.Table)
		}
	}
	return e
}

// neededKey is of a key that foreign keys of other tables refer to, where there is no other one like it.
func (j judge) neededKey(e dialects.Effect, c dialects.DropConstraint) dialects.Effect {
	con := j.constraint(c.Table, c.Name)
	if c.Cascade || con == nil || con.Kind != dialects.PrimaryKey && con.Kind != dialects.Unique {
		return e
	}
	for _, r := range j.references(c.Table, "") {
		same := func(i *dialects.Index) bool { return i.Unique && sameNames(i.Keys, r.ReferencedColumns) }
		if !sameNames(con.Columns, r.ReferencedColumns) || countOf(j.Table(c.Table).Indexes, same) > 1 {
			continue
		}
		return withInstead(breaks(e, stillNeeded, "foreign key %s of %s refers to rows by %s, so the server refuses that it is dropped",
			r.Name, r.from.Name, c.Name), "drop the foreign key first, and add it again, NOT VALID, when there is another key")
	}
	return e
}

// neededIndex is of an index that a constraint has, or a partitioned index.
func (j judge) neededIndex(e dialects.Effect, c dialects.DropIndex) dialects.Effect {
	t := j.tableOfIndex(c.Index)
	if t == nil {
		return e
	}
	index := findIndex(t, j.Resolve(c.Index).Name)
	switch {
	case index.Parent != nil:
		return withInstead(breaks(e, stillNeeded, "index %s is a part of %s, so the server refuses that it is dropped by itself", index.Name.Name, *index.Parent),
			"drop %s, whose parts go with it", *index.Parent)
	case index.Constraint != "":
		return withInstead(breaks(e, stillNeeded, "constraint %s has index %s, so the server refuses that it is dropped by itself", index.Constraint, index.Name.Name),
			"ALTER TABLE %s DROP CONSTRAINT %s: the index goes with it", t.Name, quote(index.Constraint))
	}
	return e
}

// neededObject is of a view that others read, a trigger's function, a type of columns, or a sequence that
// defaults draw from.
func (j judge) neededObject(e dialects.Effect, c dialects.DropObject) dialects.Effect {
	if c.Cascade {
		return e
	}
	const what = "so the server refuses that it is dropped"
	name := j.Resolve(c.Object)
	if c.Kind == dialects.View || c.Kind == dialects.MaterializedView {
		for _, o := range j.viewsOn(name) {
			return withInstead(breaks(e, stillNeeded, "%s %s reads %s, %s", o.Kind, o.Name, name, what), "drop that one first")
		}
		return e
	}
	for _, t := range j.tablesInOrder() {
		switch c.Kind {
		case dialects.Function:
			for _, g := range t.Triggers {
				if o := j.Objects[dialects.ObjectKey{Kind: c.Kind, Name: name}]; o != nil && o.ForTriggers && !g.Inherited && j.Resolve(g.Function) == name {
					return withInstead(breaks(e, stillNeeded, "trigger %s of %s runs %s, %s", g.Name, t.Name, name, what), "drop the trigger first")
				}
			}
		case dialects.CompositeType, dialects.Domain:
			if columns := j.columnsOf(t, c.Object); len(columns) > 0 {
				return withInstead(breaks(e, stillNeeded, "%s.%s is of type %s, %s", t.Name, columns[0], name, what), "change or drop the column first")
			}
		case dialects.Sequence:
			for _, column := range t.Columns {
				if column.Default == nextvalText(name) {
					return withInstead(breaks(e, stillNeeded, "the default of %s.%s draws from %s, %s", t.Name, column.Name, name, what), "drop the default first")
				}
			}
		}
	}
	return e
}

// viewsOn are the views that read a relation, but for those that the statement drops.
func (j judge) viewsOn(relation dialects.Name) []*dialects.Object {
	var views []*dialects.Object
	for _, o := range j.Objects {
		if (o.Kind == dialects.View || o.Kind == dialects.MaterializedView) && slices.Contains(o.Reads, relation) && !j.dropsView(o.Name) {
			views = append(views, o)
		}
	}
	slices.SortFunc(views, func(a, b *dialects.Object) int { return strings.Compare(a.Name.String(), b.Name.String()) })
	return views
}

// viewOf is a view that surely reads a column: by a name that is no other table's, or with its table's name.
func (j judge) viewOf(t *dialects.Table, column string) *dialects.Object {
	for _, o := range j.viewsOn(t.Name) {
		if query, err := parseOne(o.Definition); err == nil && j.readsColumn(query, o.Reads, t, column) {
			return o
		}
	}
	return nil
}

// readsColumn reports whether a query surely reads a column of one of its tables.
func (j judge) readsColumn(query *astNode, tables []dialects.Name, of *dialects.Table, column string) bool {
	aliases := map[string]dialects.Name{}
	bare := true // a name without its table's can only be a column of the tables
	walk(query, func(m any) bool {
		switch n := m.(type) {
		case *astRangeVar:
			name := n.Relname
			if n.Alias != nil {
				name = n.Alias.Aliasname
			}
			if _, twice := aliases[name]; twice {
				bare = false
				aliases[name] = dialects.Name{}
				return false
			}
			aliases[name] = j.Resolve(rangeName(n))
		case *astCommonTableExpr, *astSubLink, *astRangeSubselect, *astRangeFunction, *astSortBy:
			bare = false
		}
		return true
	})
	for _, name := range tables {
		if other := j.Tables[j.Resolve(name)]; other == nil || other != of && other.Column(column) != nil {
			bare = false
		}
	}
	reads := false
	walk(query, func(m any) bool {
		ref, ok := m.(*astColumnRef)
		if !ok || reads {
			return !reads
		}
		last := ref.Fields[len(ref.Fields)-1]
		named := last.GetString_().GetSval() == column
		star := last.GetAStar() != nil
		switch len(ref.Fields) {
		case 1:
			reads = bare && (named || star)
		case 2:
			reads = (named || star) && aliases[ref.Fields[0].GetString_().GetSval()] == of.Name
		}
		return !reads
	})
	return reads
}

func (j judge) tablesInOrder() []*dialects.Table {
	return replayer{Catalog: j.Catalog}.tablesWhere(func(*dialects.Table) bool { return true })
}

// What the statement itself drops, or empties.
func (j judge) cascades() bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		c, ok := change.(dialects.DropColumn)
		return ok && c.Cascade
	})
}

func (j judge) dropsTable(name dialects.Name) bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		c, ok := change.(dialects.DropTable)
		return ok && j.Resolve(c.Table) == name
	})
}

func (j judge) dropsView(name dialects.Name) bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		c, ok := change.(dialects.DropObject)
		return ok && j.Resolve(c.Object) == name
	})
}

func (j judge) dropsColumn(table dialects.Name, column string) bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		c, ok := change.(dialects.DropColumn)
		return ok && j.Resolve(c.Table) == table && c.Column == column
	})
}

func (j judge) truncates(table dialects.Name) bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		c, ok := change.(dialects.WriteData)
		return ok && c.Kind == dialects.Truncate && j.Resolve(c.Table) == table
	})
}

// sameNames reports whether two lists have the same names, in any order.
func sameNames(a, b []string) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(name string) bool { return !slices.Contains(b, name) })
}

func countOf[T any](list []T, holds func(T) bool) int {
	n := 0
	for _, x := range list {
		if holds(x) {
			n++
		}
	}
	return n
}
