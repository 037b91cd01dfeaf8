package postgres

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

// A change reaches further than the table that it names: to the tables below it, to those at the other
// end of its foreign keys, to the views that read it. What is here finds them, in the catalog.

// family is a table, its partitions, and the tables that inherit from it, at any depth; nil for one
// that the catalog does not have.
func (j judge) family(table dialects.Name) []*dialects.Table {
	t := j.Table(table)
	if t == nil {
		return nil
	}
	return replayer{Catalog: j.Catalog}.family(t)
}

// partitions are the partitions of a table, at any depth.
func (j judge) partitions(table dialects.Name) []*dialects.Table {
	if t := j.Table(table); t == nil || t.Kind != dialects.PartitionedTable {
		return nil
	}
	return j.family(table)[1:]
}

// also is the same effect on other tables; its hazards are told of the first.
func also(e dialects.Effect, tables []*dialects.Table) []dialects.Effect {
	effects := quiet(e)
	e.Hazards = nil
	for _, t := range tables {
		if t.Name != effects[0].Table {
			e.Table = t.Name
			effects = append(effects, e)
		}
	}
	return effects
}

// below is an effect on a table and on each of those below it, unless the statement says ONLY.
func (j judge) below(e dialects.Effect) []dialects.Effect {
	return also(e, j.unlessOnly(e.Table, j.family(e.Table)))
}

// inPartitions is an effect on a table and on each of its partitions, unless the statement says ONLY.
func (j judge) inPartitions(e dialects.Effect) []dialects.Effect {
	return also(e, j.unlessOnly(e.Table, j.partitions(e.Table)))
}

// belowOrBequeathed is below for what goes from a table; with ONLY it stays with those right below as
// their own.
func (j judge) belowOrBequeathed(e dialects.Effect) []dialects.Effect {
	effects := j.below(e)
	if t := j.Table(e.Table); t != nil && len(effects) == 1 {
		return also(effects[0], replayer{Catalog: j.Catalog}.children(t))
	}
	return effects
}

func (j judge) unlessOnly(table dialects.Name, others []*dialects.Table) []*dialects.Table {
	if len(others) > 0 && j.onlyOne(table) {
		return nil
	}
	return others
}

// locks is a lock on a table and its partitions for a moment.
func (j judge) locks(table dialects.Name, lock dialects.Lock) []dialects.Effect {
	return j.inPartitions(j.on(table, lock))
}

// onlyOne reports whether the statement says ONLY of the table.
func (j judge) onlyOne(table dialects.Name) bool {
	stmt, err := treeOf(j.statement)
	if err != nil {
		return false
	}
	only := false
	walk(stmt, func(m any) bool {
		if r, ok := m.(*astRangeVar); ok {
			only = only || !r.Inh && j.Resolve(rangeName(r)) == table
		}
		return !only
	})
	return only
}

// reference is a foreign key and the table that it is on.
type reference struct {
	from *dialects.Table
	*dialects.Constraint
}

// references are the foreign keys of other tables that refer to a table, or to that column of it, by
// the tables' names. A partition's copy of its parent's is left out.
func (j judge) references(table dialects.Name, column string) []reference {
	var found []reference
	table = j.Resolve(table)
	for _, t := range byName(j.Linked(dialects.ReferenceLink, table), func(t *dialects.Table) bool { return t.Name != table }) {
		for _, con := range t.Constraints {
			if con.Kind == dialects.ForeignKey && con.References != nil && *con.References == table && !con.Inherited &&
				(column == "" || slices.Contains(con.ReferencedColumns, column)) {
				found = append(found, reference{t, con})
			}
		}
	}
	return found
}

// lockReferencing is a lock on the tables that refer to a table, or to that column of it.
func (j judge) lockReferencing(table dialects.Name, column string, lock dialects.Lock) []dialects.Effect {
	var effects []dialects.Effect
	for _, r := range j.references(table, column) {
		effects = append(effects, j.locks(r.from.Name, lock)...)
	}
	return effects
}

// lockReferenced is a lock on the tables that a table's own foreign keys refer to, those that a
// condition holds for.
func (j judge) lockReferenced(t *dialects.Table, lock dialects.Lock, holds func(*dialects.Constraint) bool) []dialects.Effect {
	var effects []dialects.Effect
	for _, con := range t.Constraints {
		if con.Kind == dialects.ForeignKey && holds(con) {
			effects = append(effects, j.others(t.Name, *con, lock)...)
		}
	}
	return effects
}

// lockViews is a lock on the views that read a relation, or that column of it, and on the views on those.
func (j judge) lockViews(relation dialects.Name, column string, lock dialects.Lock) []dialects.Effect {
	relation = j.Resolve(relation)
	var effects []dialects.Effect
	for _, o := range j.Objects {
		if o.Kind != dialects.View && o.Kind != dialects.MaterializedView || !slices.Contains(o.Reads, relation) {
			continue
		}
		ref := dialects.ColumnRef{Table: relation, Column: column}
		if column != "" && len(o.Columns) > 0 && !slices.Contains(o.Columns, ref) {
			continue
		}
		effects = append(effects, j.on(o.Name, lock))
		effects = append(effects, j.lockViews(o.Name, "", lock)...)
	}
	sortEffects(effects)
	return effects
}
