package mysql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// neededIndex is of an index that goes though a foreign key needs it: it looks up rows by it, on either side.
func (j judge) neededIndex(e dialects.Effect, table dialects.Name, name string) dialects.Effect {
	t := j.Table(table)
	if t == nil {
		return e
	}
	index := findIndex(t, name)
	if index == nil || j.isMariaDB() && !j.settings.foreignKeyChecks {
		return e
	}
	left := j.indexesLeft(t)
	lost := func(serves func(*dialects.Index) bool) bool {
		return serves(index) && !slices.ContainsFunc(left, serves)
	}
	for _, l := range j.held(t) {
		if lost(func(i *dialects.Index) bool { return startsWith(i, l.Columns) }) {
			return wayOut(breaks(e, stillNeeded, "foreign key %s looks up rows by index %s, and no other one starts with (%s)",
				l.Name, index.Name.Name, strings.Join(l.Columns, ", ")),
				"drop the foreign key first, or add another index that starts with (%s) in the same ALTER TABLE", strings.Join(l.Columns, ", "))
		}
	}
	for _, l := range slices.Concat(j.held(t), j.holding(t)) {
		if *l.References != t.Name {
			continue
		}
		if lost(func(i *dialects.Index) bool { return j.isParentKey(i, l.ReferencedColumns) }) {
			return wayOut(breaks(e, stillNeeded, "foreign key %s of %s refers to rows by %s, and no other key has (%s)",
				l.Name, l.child.Name, index.Name.Name, strings.Join(l.ReferencedColumns, ", ")), "drop the foreign key first")
		}
	}
	return e
}

// countedIndex is of the index of an AUTO_INCREMENT column: the column must be the first of one (error 1075).
func (j judge) countedIndex(e dialects.Effect, table dialects.Name, name string) dialects.Effect {
	t := j.Table(table)
	if t == nil || t.Engine != innoDB || findIndex(t, name) == nil {
		return e
	}
	after := j.after().Table(table)
	if after == nil {
		return e
	}
	for _, c := range after.Columns {
		counts := c.Identity == dialects.AutoIncrement
		if counts && indexStartsWith(t, []string{c.Name}) && !indexStartsWith(after, []string{c.Name}) {
			return wayOut(breaks(e, stillNeeded, "AUTO_INCREMENT column %s is the first of no other key", c.Name),
				"add a key that starts with %s in the same ALTER TABLE, or take AUTO_INCREMENT from the column in it", c.Name)
		}
	}
	return e
}

// isParentKey reports whether a foreign key may refer to a table by an index. MySQL wants a unique key of
// the very columns from 8.4 on (restrict_fk_on_non_standard_key).
func (j judge) isParentKey(i *dialects.Index, columns []string) bool {
	if j.wantsUniqueParent() {
		return i.Unique && len(i.Parts) == len(columns) && startsWith(i, columns)
	}
	return startsWith(i, columns)
}

func (j judge) wantsUniqueParent() bool { return !j.isMariaDB() && number(j.server) >= 80400 }

// indexesLeft are a table's indexes behind the statement.
func (j judge) indexesLeft(t *dialects.Table) []*dialects.Index {
	var left []*dialects.Index
	for _, i := range t.Indexes {
		if !j.drops(t, i.Name.Name) {
			left = append(left, i)
		}
	}
	for _, change := range j.statement.Changes {
		var added []dialects.Index
		switch c := change.(type) {
		case dialects.CreateIndex:
			added = []dialects.Index{c.Index}
		case dialects.AddColumn:
			added = c.Indexes
		case dialects.RedefineColumn:
			added = c.Indexes
		}
		for n := range added {
			left = append(left, &added[n])
		}
	}
	return left
}

// neededColumn is of a column that goes, or gets another name, though something else is made of it. MariaDB
// renames it there.
func (j judge) neededColumn(e dialects.Effect, table dialects.Name, column string, f fate) dialects.Effect {
	t := j.Table(table)
	if t == nil || findColumn(t, column) == nil || f == renamed && j.isMariaDB() {
		return e
	}
	needs := func(what string) dialects.Effect {
		return wayOut(breaks(e, stillNeeded, "%s needs %s, so the server refuses that it is %s", what, column, f),
			"drop %s first, or in the same ALTER TABLE", what)
	}
	if f == dropped && j.settings.foreignKeyChecks {
		for _, l := range j.held(t) {
			if contains(l.Columns, column) {
				return needs("foreign key " + l.Name)
			}
		}
		for _, l := range j.holding(t) {
			if contains(l.ReferencedColumns, column) {
				return needs(fmt.Sprintf("foreign key %s of %s", l.Name, l.child.Name))
			}
		}
	}
	for _, c := range t.Columns {
		if c.Generated != "" && !j.dropsColumn(t, c.Name) && contains(expressionColumns(c.Generated), column) {
			return needs("generated column " + c.Name)
		}
	}
	for _, con := range t.Constraints {
		own := f == dropped && (len(con.Columns) == 1 || strings.EqualFold(con.Name, column))
		if con.Kind == dialects.Check && contains(con.Columns, column) && !own && !j.drops(t, con.Name) {
			return needs("check " + con.Name)
		}
	}
	for _, i := range t.Indexes {
		for _, p := range i.Parts {
			if p.Expression != "" && !j.drops(t, i.Name.Name) && contains(expressionColumns(p.Expression), column) {
				return needs("index " + i.Name.Name)
			}
		}
	}
	if t.Partition != nil && contains(t.Partition.Columns, column) {
		return wayOut(breaks(e, stillNeeded, "the partitions of %s go by %s, so the server refuses that it is %s", t.Name, column, f),
			"keep the column, or fill a new table that is partitioned otherwise")
	}
	return e
}

// misfits is of columns that a foreign key ties together and that would no longer be of one type.
func (j judge) misfits(e dialects.Effect, table dialects.Name) dialects.Effect {
	t := j.Table(table)
	if t == nil {
		return e
	}
	links := slices.Concat(j.held(t), j.holding(t))
	if len(links) == 0 {
		return e
	}
	after := j.after()
	for _, l := range links {
		parent := j.Tables[*l.References]
		child, parentAfter := after.Tables[l.child.Name], after.Tables[*l.References]
		if parent == nil || child == nil || parentAfter == nil || len(l.Columns) != len(l.ReferencedColumns) {
			continue
		}
		for n := range l.Columns {
			before, beforeThere := findColumn(l.child, l.Columns[n]), findColumn(parent, l.ReferencedColumns[n])
			a, b := findColumn(child, l.Columns[n]), findColumn(parentAfter, l.ReferencedColumns[n])
			if j.isMariaDB() && (retyped(before, a) || retyped(beforeThere, b)) {
				return wayOut(breaks(e, stillNeeded, "foreign key %s has the column, and MariaDB changes the type of no such column", l.Name),
					"drop foreign key %s, change both columns, and add it again", l.Name)
			}
			if j.fits(before, beforeThere) && !j.fits(a, b) {
				return wayOut(breaks(e, stillNeeded, "foreign key %s ties %s.%s to %s.%s: one would be %s, the other %s",
					l.Name, l.child.Name, l.Columns[n], *l.References, l.ReferencedColumns[n], typeWords(a), typeWords(b)),
					"drop foreign key %s, change both columns, and add it again", l.Name)
			}
		}
	}
	return e
}

// retyped reports whether a column's type, or its collation, is another.
func retyped(from, to *dialects.Column) bool {
	return from != nil && to != nil && (from.Type != to.Type || from.Collation != to.Collation)
}

// typeWords are a column's type, with the collation of characters.
func typeWords(c *dialects.Column) string {
	if c.Collation.Name == "" {
		return c.Type
	}
	return c.Type + " " + c.Collation.Name
}

// uniqueWithin is of a unique key of a partitioned table: it must have every column that the table is partitioned by (error
// 1503), since each partition looks after its own rows.
func (j judge) uniqueWithin(e dialects.Effect, table dialects.Name, i dialects.Index) dialects.Effect {
	t := j.Table(table)
	if t == nil || t.Partition == nil || !i.Unique && !i.Primary {
		return e
	}
	for _, column := range t.Partition.Columns {
		if !contains(i.Columns, column) {
			return wayOut(breaks(e, stillNeeded, "%s is partitioned by %s, which each of its unique keys must have", t.Name, column),
				"add %s to the key, or have the app look for values that come twice", column)
		}
	}
	return e
}
