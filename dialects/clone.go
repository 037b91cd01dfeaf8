package dialects

import (
	"maps"
	"slices"
)

// Clone is a copy that can be replayed on without touching c.
func (c *Catalog) Clone() *Catalog {
	n := *c
	n.links = nil
	n.Schemas = maps.Clone(c.Schemas)
	n.Tables = make(map[Name]*Table, len(c.Tables))
	for name, t := range c.Tables {
		n.Tables[name] = t.Clone()
	}
	n.Objects = make(map[ObjectKey]*Object, len(c.Objects))
	for key, o := range c.Objects {
		copied := *o
		copied.Values = slices.Clone(o.Values)
		copied.Keys = slices.Clone(o.Keys)
		copied.Columns = slices.Clone(o.Columns)
		copied.Reads = slices.Clone(o.Reads)
		copied.OwnedBy = pointer(o.OwnedBy)
		n.Objects[key] = &copied
	}
	return &n
}

// CloneTable is a copy on which what changes one table alone can be replayed; all else is c's own.
func (c *Catalog) CloneTable(name Name) *Catalog {
	n := *c
	n.links = nil
	n.Tables = maps.Clone(c.Tables)
	if t := c.Table(name); t != nil {
		n.Tables[t.Name] = t.Clone()
	}
	return &n
}

// Clone is a copy that can be changed without touching t.
func (t *Table) Clone() *Table {
	n := *t
	n.Columns = each(t.Columns, func(c *Column) {
		c.Grants, c.Options = slices.Clone(c.Grants), slices.Clone(c.Options)
		c.Sequence, c.Domain = pointer(c.Sequence), pointer(c.Domain)
	})
	n.Constraints = each(t.Constraints, func(c *Constraint) {
		c.Columns, c.ReferencedColumns = slices.Clone(c.Columns), slices.Clone(c.ReferencedColumns)
		c.References = pointer(c.References)
	})
	n.Indexes = each(t.Indexes, func(i *Index) {
		i.Columns, i.Keys, i.Parts = slices.Clone(i.Columns), slices.Clone(i.Keys), slices.Clone(i.Parts)
		i.Parent = pointer(i.Parent)
	})
	n.Triggers = each(t.Triggers, func(g *Trigger) { g.Columns, g.Events = slices.Clone(g.Columns), slices.Clone(g.Events) })
	n.Policies = each(t.Policies, func(p *PolicyDef) { p.Columns = slices.Clone(p.Columns) })
	n.Statistics = each(t.Statistics, func(s *ExtendedStatistics) { s.Columns = slices.Clone(s.Columns) })
	n.PartitionOf, n.OfType = pointer(t.PartitionOf), pointer(t.OfType)
	n.Publications = slices.Clone(t.Publications)
	for i := range n.Publications {
		n.Publications[i].Columns = slices.Clone(n.Publications[i].Columns)
	}
	n.Inherits = slices.Clone(t.Inherits)
	n.Partitions = slices.Clone(t.Partitions)
	if t.Partition != nil {
		key := *t.Partition
		key.Columns, key.Expressions = slices.Clone(key.Columns), slices.Clone(key.Expressions)
		n.Partition = &key
	}
	return &n
}

func pointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// each copies the pointed-to values, and lets own give the copy slices of its own.
func each[T any](from []*T, own func(*T)) []*T {
	to := make([]*T, len(from))
	for i, p := range from {
		v := *p
		own(&v)
		to[i] = &v
	}
	return to
}
