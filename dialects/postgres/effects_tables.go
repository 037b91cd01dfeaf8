package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (j judge) tableEffects(change dialects.Change) []dialects.Effect {
	switch c := change.(type) {
	case dialects.CreateTable:
		return j.createTableEffects(c)
	case dialects.DropTable:
		return j.dropTableEffects(c)
	case dialects.RenameTable:
		if t := j.tableOfIndex(c.Table); j.Table(c.Table) == nil && t != nil {
			return quiet(j.on(t.Name, accessExclusive))
		}
		e := j.on(c.Table, accessExclusive)
		return quiet(breaks(e, renameTable, "apps that use %s by that name fail", e.Table))
	case dialects.AttachPartition:
		return j.attachEffects(c)
	case dialects.DetachPartition:
		return j.detachEffects(c)
	case dialects.AlterTable:
		return j.alterTableEffects(c)
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
	for _, parent := range c.Inherits {
		effects = append(effects, j.on(parent, shareUpdateExclusive))
	}
	if c.PartitionOf != nil {
		effects = append(effects, j.on(*c.PartitionOf, accessExclusive))
		effects = append(effects, j.newPartitionEffects(*c.PartitionOf, c.Bound)...)
	}
	for _, con := range c.Constraints {
		if con.Kind == dialects.ForeignKey {
			effects = append(effects, j.referenced(c.Table, con)...)
		}
	}
	return effects
}

func (j judge) dropTableEffects(c dialects.DropTable) []dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	t := j.Table(c.Table)
	if t == nil && c.IfExists && j.Whole() {
		return quiet(e)
	}
	e = breaks(e, dropTable, "apps that use %s fail, and its rows are gone", e.Table)
	if t == nil {
		return quiet(e)
	}
	effects := j.inPartitions(e)
	if c.Cascade {
		effects = also(e, j.family(c.Table))
	}
	if t.PartitionOf != nil {
		effects = append(effects, j.on(*t.PartitionOf, accessExclusive))
		if rest := j.defaultPartition(*t.PartitionOf); rest != nil && rest != t {
			effects = append(effects, j.on(rest.Name, accessExclusive))
		}
	}
	for _, other := range j.lockReferenced(t, accessExclusive, func(con *dialects.Constraint) bool {
		return !con.Inherited && !con.NotEnforced // which has no triggers to drop
	}) {
		if !j.version().AtLeast(15, 0) && len(j.partitions(other.Table)) > 0 {
			continue // the partitions alone
		}
		effects = append(effects, other)
	}
	if c.Cascade {
		effects = append(effects, j.lockReferencing(c.Table, "", accessExclusive)...)
		effects = append(effects, j.lockViews(c.Table, "", accessExclusive)...)
	}
	return effects
}

func (j judge) attachEffects(c dialects.AttachPartition) []dialects.Effect {
	parent := j.on(c.Table, shareUpdateExclusive)
	if !j.version().AtLeast(12, 0) {
		parent.Lock = accessExclusive
	}
	part := j.on(c.Partition, accessExclusive)
	if lacking := j.lacking(c); lacking != "" {
		part.Scans = true
		part = stops(part, attachPartition, "%s under %s: %s", lacking, part.Lock, waits(part.Lock))
	} else if !j.provesBound(c) {
		part = scans(part, attachPartition)
	}
	effects := append(quiet(parent), j.inPartitions(part)...)
	effects = append(effects, j.newPartitionEffects(c.Table, c.Bound)...)
	if t, of := j.Table(c.Partition), j.Table(c.Table); t != nil && of != nil {
		// A foreign key that it has already is made a part of its parent's.
		effects = append(effects, j.lockReferenced(of, accessExclusive, func(con *dialects.Constraint) bool { return likeOwn(t, con) })...)
	}
	return effects
}

// likeOwn reports whether a table has a foreign key like another's, valid.
func likeOwn(t *dialects.Table, con *dialects.Constraint) bool {
	return slices.ContainsFunc(t.Constraints, func(own *dialects.Constraint) bool {
		return own.Kind == dialects.ForeignKey && !own.NotValid && own.Definition == con.Definition
	})
}

// lacking is what a table is given to become a partition, with a scan of it: its parent's indexes and
// foreign keys; empty where it has them.
func (j judge) lacking(c dialects.AttachPartition) string {
	parent, part := j.Table(c.Table), j.Table(c.Partition)
	if parent == nil || part == nil {
		return ""
	}
	for _, index := range parent.Indexes {
		if !slices.ContainsFunc(part.Indexes, func(own *dialects.Index) bool {
			return own.Valid && sameIndex(own, index) && (index.Constraint == "" || own.Constraint != "")
		}) {
			return fmt.Sprintf("builds an index like %s on %s", index.Name.Name, part.Name)
		}
	}
	for _, con := range parent.Constraints {
		if con.Kind == dialects.ForeignKey && !likeOwn(part, con) {
			return fmt.Sprintf("scans %s for foreign key %s", part.Name, con.Name)
		}
	}
	return ""
}

// newPartitionEffects are on those beside a new partition and its parent: the default partition, which
// must hold no row of the new one, and the tables at the other end of the parent's foreign keys.
func (j judge) newPartitionEffects(parent dialects.Name, bound string) []dialects.Effect {
	var effects []dialects.Effect
	if rest := j.defaultPartition(parent); rest != nil && bound != "DEFAULT" {
		e := j.on(rest.Name, accessExclusive)
		if !j.shutsOut(j.Table(parent), rest, bound) {
			e = scans(e, attachPartition)
		}
		effects = append(effects, j.inPartitions(e)...)
	}
	if t := j.Table(parent); t != nil {
		effects = append(effects, j.lockReferenced(t, shareRowExclusive, func(*dialects.Constraint) bool { return true })...)
	}
	if j.version().AtLeast(15, 0) {
		for _, name := range j.withAncestors(parent) {
			effects = append(effects, j.lockReferencing(name, "", shareRowExclusive)...)
		}
	}
	return effects
}

// withAncestors are a table and those that it is a partition of, at any depth.
func (j judge) withAncestors(table dialects.Name) []dialects.Name {
	names := []dialects.Name{j.Resolve(table)}
	for t := j.Table(table); t != nil && t.PartitionOf != nil; t = j.Tables[*t.PartitionOf] {
		names = append(names, *t.PartitionOf)
	}
	return names
}

// detachEffects are on those at the other end of foreign keys too: the partition gets its parent's as its
// own, and no row may refer to one of its.
func (j judge) detachEffects(c dialects.DetachPartition) []dialects.Effect {
	parent := j.on(c.Table, accessExclusive)
	if c.Concurrently {
		parent.Lock = shareUpdateExclusive
	}
	effects := append(quiet(parent), j.locks(c.Partition, accessExclusive)...)
	if rest := j.defaultPartition(c.Table); rest != nil {
		effects = append(effects, j.on(rest.Name, accessExclusive))
	}
	if t := j.Table(c.Partition); t != nil {
		effects = append(effects, j.lockReferenced(t, shareRowExclusive, func(*dialects.Constraint) bool { return true })...)
	}
	for _, name := range j.withAncestors(c.Table) {
		for _, e := range j.lockReferencing(name, "", accessExclusive) {
			effects = append(effects, scans(e, detachReferenced))
		}
	}
	for i := range effects {
		effects[i].Transactional = !c.Concurrently
	}
	return effects
}

// defaultPartition is the partition that takes what no other does; nil if there is none.
func (j judge) defaultPartition(parent dialects.Name) *dialects.Table {
	for t := range j.Linked(dialects.ParentLink, j.Resolve(parent)) {
		if t.PartitionOf != nil && *t.PartitionOf == j.Resolve(parent) && t.Bound == "DEFAULT" {
			return t
		}
	}
	return nil
}

// strictOptions are the storage options that are changed under ACCESS EXCLUSIVE, where others take SHARE
// UPDATE EXCLUSIVE. Source: src/backend/access/common/reloptions.c.
var strictOptions = wordSet(`user_catalog_table fastupdate gin_pending_list_limit buffering pages_per_range
	autosummarize security_barrier check_option security_invoker`)

// optionsLock is the lock that setting or resetting the options takes.
func optionsLock(options string) dialects.Lock {
	for option := range strings.SplitSeq(options, ", ") {
		if name, _, _ := strings.Cut(option, "="); strictOptions[name] {
			return accessExclusive
		}
	}
	return shareUpdateExclusive
}

func (j judge) alterTableEffects(c dialects.AlterTable) []dialects.Effect {
	e := dialects.Effect{Lock: accessExclusive, Transactional: true}
	if c.Table.Name != "" {
		e = j.on(c.Table, accessExclusive)
	}
	switch c.What {
	case "set logged", "set unlogged", "set access method", "set tablespace":
		if t := j.Table(c.Table); t != nil && t.Kind == dialects.PartitionedTable { // it has nothing in a file
			return quiet(e)
		}
		return quiet(rewrites(e, tableRewrite))
	case "vacuum full":
		e.Transactional = false
		return j.inPartitions(j.rewriteAll(e))
	case "cluster":
		t := j.Table(c.Table)
		e.Transactional = c.Table.Name != "" && (t == nil || t.Kind != dialects.PartitionedTable)
		parts := slices.DeleteFunc(j.partitions(e.Table), func(t *dialects.Table) bool { return t.Kind == dialects.PartitionedTable })
		return also(j.rewriteAll(e), parts)
	case "vacuum":
		e.Lock, e.Transactional = shareUpdateExclusive, false
		return j.inPartitions(e)
	case "set schema":
		return quiet(breaks(e, renameTable, "apps that use %s by that name fail", e.Table))
	case "set options", "reset options":
		e.Lock = optionsLock(c.Value)
	case "cluster on", "set without cluster", "detach partition finalize":
		e.Lock = shareUpdateExclusive
	case "enable trigger", "enable always trigger", "enable replica trigger", "disable trigger":
		e.Lock = shareRowExclusive
		if !j.hasRowTrigger(c.Table, c.Value) {
			return quiet(e)
		}
		return j.inPartitions(e)
	case "inherit":
		return append(quiet(e), j.on(splitName(c.Value), shareUpdateExclusive))
	}
	return quiet(e)
}

// hasRowTrigger reports whether ENABLE or DISABLE TRIGGER of a name, of all or of the user's concerns a row
// trigger, which the partitions have too.
func (j judge) hasRowTrigger(table dialects.Name, which string) bool {
	t := j.Table(table)
	switch {
	case t == nil || which != "all" && which != "user":
		return j.isRowTrigger(table, which)
	case slices.ContainsFunc(t.Triggers, func(g *dialects.Trigger) bool { return g.Row }):
		return true
	}
	return which == "all" && slices.ContainsFunc(t.Constraints, func(con *dialects.Constraint) bool { return con.Kind == dialects.ForeignKey })
}

// rewriteAll is rewrites for a statement that may name no table and then means all.
func (j judge) rewriteAll(e dialects.Effect) dialects.Effect {
	if e.Table.Name != "" {
		return rewrites(e, tableRewrite)
	}
	e.Scans, e.Rewrites = true, true
	return stops(e, tableRewrite, "rewrites one table after the other under %s: %s", e.Lock, waits(e.Lock))
}
