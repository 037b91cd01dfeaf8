package postgres

import "github.com/segue-db/segue/dialects"

func (j judge) indexEffects(change dialects.Change) []dialects.Effect {
	switch c := change.(type) {
	case dialects.CreateIndex:
		return quiet(j.createIndexEffect(c))
	case dialects.DropIndex:
		e := dialects.Effect{Lock: accessExclusive, Transactional: !c.Concurrently}
		if c.Concurrently {
			e.Lock = shareUpdateExclusive
		}
		if t := j.tableOfIndex(c.Index); t != nil {
			e.Table = t.Name
		}
		return quiet(e)
	case dialects.RenameIndex:
		e := dialects.Effect{Transactional: true}
		if t := j.tableOfIndex(c.Index); t != nil {
			e = j.on(t.Name, shareUpdateExclusive)
		}
		return quiet(e)
	case dialects.AttachIndex:
		return quiet(dialects.Effect{Transactional: true})
	case dialects.Reindex:
		return quiet(j.reindexEffect(c))
	}
	return nil
}

func (j judge) createIndexEffect(c dialects.CreateIndex) dialects.Effect {
	e := j.on(c.Table, share)
	t := j.Table(c.Table)
	if c.Concurrently {
		e.Lock, e.Scans, e.Transactional = shareUpdateExclusive, true, false
		return e
	}
	if t == nil {
		view := dialects.ObjectKey{Kind: dialects.MaterializedView, Name: j.Resolve(c.Table)}
		if j.Objects[view] != nil { // nobody writes it but REFRESH
			e.Scans = true
			return e
		}
		return builds(e)
	}
	exists := c.IfNotExists && c.Index.Name.Name != "" && findIndex(t, c.Index.Name.Name) != nil
	if exists || c.Only && t.Kind == dialects.PartitionedTable {
		return e
	}
	return builds(e)
}

// reindexEffect judges REINDEX of an index, a table, a schema or a database. An index is locked
// ACCESS EXCLUSIVE, which reads of the table meet when they are planned.
func (j judge) reindexEffect(c dialects.Reindex) dialects.Effect {
	e := dialects.Effect{Table: j.Resolve(c.Object), Lock: accessExclusive, Scans: true, Transactional: !c.Concurrently}
	if t := j.tableOfIndex(c.Object); t != nil {
		e.Table = t.Name
	} else if j.Table(c.Object) == nil && c.Object.Schema == "" && j.Schemas[c.Object.Name] {
		e.Table, e.Transactional = dialects.Name{}, false
	}
	if c.Concurrently {
		e.Lock = shareUpdateExclusive
		return e
	}
	return stops(e, indexNotConcurrent, "rebuilds %s under %s: %s", c.Object, e.Lock, waits(e.Lock))
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
