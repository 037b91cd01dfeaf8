package postgres

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

func (j judge) indexEffects(change dialects.Change) []dialects.Effect {
	switch c := change.(type) {
	case dialects.CreateIndex:
		return j.createIndexEffects(c)
	case dialects.DropIndex:
		lock := accessExclusive
		if c.Concurrently {
			lock = shareUpdateExclusive
		}
		e := j.onIndex(c.Index, lock)
		if c.IfExists && e.Table.Name == "" && j.Whole() && !j.hasFilledViews() { // as far as is known it is not there
			e.Lock = ""
		}
		e.Transactional = !c.Concurrently
		return j.inPartitions(e)
	case dialects.RenameIndex:
		return quiet(j.onIndex(c.Index, shareUpdateExclusive))
	case dialects.AttachIndex:
		// The lock is on the partition's index, which reads of the partition meet when they are planned.
		return []dialects.Effect{j.onIndex(c.Index, shareUpdateExclusive), j.onIndex(c.Partition, accessExclusive)}
	case dialects.Reindex:
		return j.reindexEffects(c)
	}
	return nil
}

// onIndex is a lock on an index, which is as one on its table: reads and writes of the table open all
// of its indexes. The table of a materialized view's index is not known.
func (j judge) onIndex(index dialects.Name, lock dialects.Lock) dialects.Effect {
	if t := j.tableOfIndex(index); t != nil {
		return j.on(t.Name, lock)
	}
	return dialects.Effect{Lock: lock, Transactional: true}
}

func (j judge) createIndexEffects(c dialects.CreateIndex) []dialects.Effect {
	e := j.on(c.Table, share)
	t := j.Table(c.Table)
	// The name may be that of an index of another table.
	exists := c.IfNotExists && j.tableOfIndex(dialects.Name{Schema: e.Table.Schema, Name: c.Index.Name.Name}) != nil
	if c.Concurrently {
		e.Lock, e.Scans, e.Transactional = shareUpdateExclusive, !exists, false
		return quiet(e)
	}
	if t == nil {
		view := dialects.ObjectKey{Kind: dialects.MaterializedView, Name: j.Resolve(c.Table)}
		if j.Objects[view] != nil { // nobody writes it but REFRESH
			e.Scans = true
			return quiet(e)
		}
		return quiet(builds(e))
	}
	switch {
	case exists:
		return j.inPartitions(e)
	case t.Kind != dialects.PartitionedTable:
		return quiet(builds(e))
	}
	return j.buildsParts(e, func(part *dialects.Table) bool {
		return slices.ContainsFunc(part.Indexes, func(own *dialects.Index) bool { return own.Parent == nil && sameIndex(own, &c.Index) })
	})
}

// buildsParts is the build of an index on each partition of a table that has none like it; one that has is
// given to the new index as its part. A table without partitions may have some that the catalog lacks.
func (j judge) buildsParts(e dialects.Effect, has func(*dialects.Table) bool) []dialects.Effect {
	effects := j.inPartitions(e)
	if len(effects) == 1 {
		if j.onlyOne(e.Table) {
			return effects
		}
		return quiet(builds(e))
	}
	for i := range effects[1:] {
		part := &effects[i+1]
		up := j.withAncestors(part.Table)
		up = up[:slices.Index(up, e.Table)] // the index of a partitioned partition has parts of its own
		if !slices.ContainsFunc(up, func(name dialects.Name) bool { return has(j.Tables[name]) }) {
			part.Scans, effects[0].Scans = true, true
		}
	}
	if effects[0].Scans {
		effects[0] = builds(effects[0])
	}
	return effects
}

// reindexEffects go through the partitions one after the other: all are found under SHARE first where the
// table is named.
func (j judge) reindexEffects(c dialects.Reindex) []dialects.Effect {
	effects := quiet(j.reindexEffect(c))
	parts := j.partitions(effects[0].Table)
	if len(parts) == 0 {
		return effects
	}
	byTable := j.Table(c.Object) != nil
	if byTable && !c.Concurrently {
		effects[0].Lock = share
	}
	for _, t := range parts {
		e := effects[0]
		e.Table, e.Hazards, e.Lock = t.Name, nil, accessExclusive
		switch {
		case t.Kind == dialects.PartitionedTable && !byTable:
			continue
		case t.Kind == dialects.PartitionedTable:
			e.Lock, e.Scans = share, false
		case c.Concurrently && byTable:
			e.Lock = share
		case c.Concurrently:
			e.Lock = shareUpdateExclusive
		}
		effects = append(effects, e)
	}
	return effects
}

// reindexEffect judges REINDEX of an index, a table, a schema or a database. An index is locked
// ACCESS EXCLUSIVE, which reads of the table meet when they are planned.
func (j judge) reindexEffect(c dialects.Reindex) dialects.Effect {
	e := dialects.Effect{Table: j.Resolve(c.Object), Lock: accessExclusive, Scans: true, Transactional: !c.Concurrently}
	t := j.Table(c.Object)
	if of := j.tableOfIndex(c.Object); of != nil {
		t, e.Table = of, of.Name
	} else if t == nil && (c.Object.Name == "" || c.Object.Schema == "" && j.Schemas[c.Object.Name]) {
		e.Table, e.Transactional = dialects.Name{}, false
	} else if view := (dialects.ObjectKey{Kind: dialects.MaterializedView, Name: e.Table}); t == nil && j.Objects[view] == nil {
		e.Table = dialects.Name{} // the index of one, as far as is known
	}
	if c.Concurrently {
		e.Lock = shareUpdateExclusive
		return e
	}
	if t != nil && t.Kind == dialects.PartitionedTable {
		e.Transactional = false
	}
	if t != nil && len(t.Indexes) == 0 {
		e.Lock, e.Scans = share, false
		return e
	}
	return stops(e, indexNotConcurrent, "rebuilds %s under %s: %s", c.Object, e.Lock, waits(e.Lock))
}

// hasFilledViews reports whether there is a materialized view, whose indexes are not all known.
func (j judge) hasFilledViews() bool {
	for key := range j.Objects {
		if key.Kind == dialects.MaterializedView {
			return true
		}
	}
	return false
}

// tableOfIndex finds the table that has an index of this name; nil if there is none.
func (j judge) tableOfIndex(index dialects.Name) *dialects.Table {
	return tableOfIndex(j.Catalog, index)
}

func tableOfIndex(c *dialects.Catalog, index dialects.Name) *dialects.Table {
	index = c.Resolve(index)
	for t := range c.Linked(dialects.IndexLink, index) {
		if t.Name.Schema == index.Schema && findIndex(t, index.Name) != nil {
			return t
		}
	}
	return nil
}

func findIndex(t *dialects.Table, name string) *dialects.Index {
	for _, i := range t.Indexes {
		if i.Name.Name == name {
			return i
		}
	}
	return nil
}
