package postgres

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

func (j judge) tableEffects(change dialects.Change) []dialects.Effect {
	switch c := change.(type) {
	case dialects.CreateTable:
		return j.createTableEffects(c)
	case dialects.DropTable:
		e := j.on(c.Table, accessExclusive)
		t := j.Table(c.Table)
		if t == nil {
			if c.IfExists {
				return quiet(e)
			}
			return quiet(breaks(e, dropTable, "apps that use %s fail, and its rows are gone", e.Table))
		}
		e = breaks(e, dropTable, "apps that use %s fail, and its rows are gone", e.Table)
		effects := quiet(e)
		for _, con := range t.Constraints {
			if con.Kind == dialects.ForeignKey {
				effects = append(effects, j.others(c.Table, *con, accessExclusive)...)
			}
		}
		return effects
	case dialects.RenameTable:
		e := j.on(c.Table, accessExclusive)
		if j.Table(c.Table) == nil && j.tableOfIndex(c.Table) != nil {
			return quiet(e)
		}
		return quiet(breaks(e, renameTable, "apps that use %s by that name fail", e.Table))
	case dialects.AttachPartition:
		return j.attachEffects(c)
	case dialects.DetachPartition:
		parent, part := j.on(c.Table, accessExclusive), j.on(c.Partition, accessExclusive)
		if c.Concurrently {
			parent.Lock, parent.Transactional, part.Transactional = shareUpdateExclusive, false, false
		}
		return []dialects.Effect{parent, part}
	case dialects.AlterTable:
		return quiet(j.alterTableEffect(c))
	}
	return nil
}

// createTableEffects are on the tables that exist: a partition's parent, and those that foreign keys
// refer to. The new table itself concerns nobody.
func (j judge) createTableEffects(c dialects.CreateTable) []dialects.Effect {
	effects := quiet(dialects.Effect{Table: j.Resolve(c.Table), Transactional: true})
	if c.IfNotExists && j.Table(c.Table) != nil {
		return effects
	}
	if c.PartitionOf != nil {
		effects = append(effects, j.on(*c.PartitionOf, accessExclusive))
		if part := j.defaultPartition(*c.PartitionOf); part != nil && c.Bound != "DEFAULT" {
			effects = append(effects, scans(j.on(part.Name, accessExclusive), attachPartition))
		}
	}
	for _, con := range c.Constraints {
		if con.Kind == dialects.ForeignKey {
			effects = append(effects, j.referenced(c.Table, con)...)
		}
	}
	return effects
}

func (j judge) attachEffects(c dialects.AttachPartition) []dialects.Effect {
	parent := j.on(c.Table, shareUpdateExclusive)
	if !j.version().AtLeast(12, 0) {
		parent.Lock = accessExclusive
	}
	part := j.on(c.Partition, accessExclusive)
	if !j.provesBound(c) {
		part = scans(part, attachPartition)
	}
	effects := []dialects.Effect{parent, part}
	if other := j.defaultPartition(c.Table); other != nil && c.Bound != "DEFAULT" {
		effects = append(effects, scans(j.on(other.Name, accessExclusive), attachPartition))
	}
	return effects
}

// provesBound reports whether the partition has a valid CHECK on all columns of the key, which spares
// the scan if it says what the bound says. That it does is the author's claim.
func (j judge) provesBound(c dialects.AttachPartition) bool {
	parent, part := j.Table(c.Table), j.Table(c.Partition)
	if parent == nil || part == nil || parent.Partition == nil || len(parent.Partition.Expressions) > 0 {
		return false
	}
	return slices.ContainsFunc(part.Constraints, func(con *dialects.Constraint) bool {
		if con.Kind != dialects.Check || con.NotValid {
			return false
		}
		for _, column := range parent.Partition.Columns {
			if !slices.Contains(con.Columns, column) {
				return false
			}
		}
		return true
	})
}

// defaultPartition is the partition that takes what no other does; nil if there is none.
func (j judge) defaultPartition(parent dialects.Name) *dialects.Table {
	for _, t := range j.Tables {
		if t.PartitionOf != nil && *t.PartitionOf == j.Resolve(parent) && t.Bound == "DEFAULT" {
			return t
		}
	}
	return nil
}

func (j judge) alterTableEffect(c dialects.AlterTable) dialects.Effect {
	e := dialects.Effect{Lock: accessExclusive, Transactional: true}
	if c.Table.Name != "" {
		e = j.on(c.Table, accessExclusive)
	}
	switch c.What {
	case "set logged", "set unlogged", "set access method":
		return rewrites(e, tableRewrite)
	case "set tablespace":
		if t := j.Table(c.Table); t != nil && t.Kind == dialects.PartitionedTable {
			return e
		}
		return rewrites(e, tableRewrite)
	case "vacuum full":
		e.Transactional = false
		return j.rewriteAll(e)
	case "cluster":
		e.Transactional = c.Table.Name != ""
		return j.rewriteAll(e)
	case "vacuum":
		e.Lock, e.Transactional = shareUpdateExclusive, false
	case "set schema":
		return breaks(e, renameTable, "apps that use %s by that name fail", e.Table)
	case "set options", "reset options", "cluster on", "set without cluster", "detach partition finalize":
		e.Lock = shareUpdateExclusive
	case "enable trigger", "enable always trigger", "enable replica trigger", "disable trigger":
		e.Lock = shareRowExclusive
	}
	return e
}

// rewriteAll is rewrites for a statement that may name no table and then means all.
func (j judge) rewriteAll(e dialects.Effect) dialects.Effect {
	if e.Table.Name != "" {
		return rewrites(e, tableRewrite)
	}
	e.Scans, e.Rewrites = true, true
	return stops(e, tableRewrite, "rewrites one table after the other under %s: %s", e.Lock, waits(e.Lock))
}
