package postgres

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

// partitions are all partitions below a table.
func (r replayer) partitions(t *dialects.Table) []*dialects.Table {
	return slices.DeleteFunc(r.family(t)[1:], func(member *dialects.Table) bool { return member.PartitionOf == nil })
}

// partitionIndex gives the partitions of a table an index like the parent's, or takes one that they
// have.
func (r replayer) partitionIndex(t *dialects.Table, parent *dialects.Index, label string) {
	for _, child := range r.children(t) {
		if child.PartitionOf != nil {
			r.partIndex(child, parent, label)
		}
	}
}

func (r replayer) partIndex(child *dialects.Table, parent *dialects.Index, label string) {
	if partWith(child, parent.Name) != nil {
		return
	}
	for _, i := range child.Indexes {
		if i.Parent == nil && sameIndex(i, parent) && (parent.Constraint == "" || i.Constraint != "") {
			r.attachPart(parent, child, i)
			return
		}
	}
	node, err := parseOne(parent.Definition)
	if err != nil {
		return
	}
	s := node.GetIndexStmt()
	s.Idxname = ""
	part := r.putIndex(child, s, label)
	name := parent.Name
	part.Parent, part.Primary = &name, parent.Primary
	if parent.Constraint != "" {
		r.partConstraint(child, parent, part)
	}
	r.partitionIndex(child, part, label)
}

// sameIndex reports whether two indexes differ in nothing but their names.
func sameIndex(a, b *dialects.Index) bool {
	shape := func(i *dialects.Index) string {
		node, err := parseOne(i.Definition)
		if err != nil {
			return i.Definition
		}
		s := node.GetIndexStmt()
		s.Idxname, s.Relation = "", &astRangeVar{Relname: "t", Relpersistence: "p", Inh: true}
		return indexText(s)
	}
	return shape(a) == shape(b)
}

// partConstraint gives a partition the constraint that its part of the parent's index carries.
func (r replayer) partConstraint(child *dialects.Table, parent, part *dialects.Index) {
	of := r.Tables[*child.PartitionOf]
	con := findConstraint(of, parent.Constraint)
	if con == nil {
		return
	}
	own := *con
	own.Name, own.Index, own.Inherited, own.Comment = part.Name.Name, part.Name.Name, true, ""
	own.Columns = slices.Clone(con.Columns)
	part.Constraint = part.Name.Name
	child.Constraints = append(child.Constraints, &own)
	r.sortConstraints(child)
}

// inheritParts gives a new partition its parent's indexes, keys, foreign keys and row triggers.
func (r replayer) inheritParts(t *dialects.Table) {
	parent := r.Tables[*t.PartitionOf]
	if parent == nil {
		return
	}
	for _, index := range parent.Indexes {
		label := "idx"
		switch {
		case index.Primary:
			label = "pkey"
		case index.Constraint != "":
			label = "key"
		}
		r.partIndex(t, index, label)
	}
	for _, con := range parent.Constraints {
		if con.Kind == dialects.ForeignKey {
			r.putInherited(t, *con)
		}
	}
	for _, trigger := range parent.Triggers {
		if trigger.Row {
			r.putTriggerPart(t, *trigger)
		}
	}
}

func (r replayer) attachPartition(c dialects.AttachPartition) {
	parent, t := r.Table(c.Table), r.Table(c.Partition)
	if parent == nil || t == nil {
		return
	}
	name := parent.Name
	t.PartitionOf, t.Bound = &name, c.Bound
	r.Link(t)
	for _, column := range parent.Columns {
		if own := t.Column(column.Name); own != nil && column.NotNull {
			own.NotNull = true
		}
	}
	r.inheritChecks(t)
	r.inheritParts(t)
}

// detachPartition leaves a table all that it has, as its own.
func (r replayer) detachPartition(c dialects.DetachPartition) {
	t := r.Table(c.Partition)
	if t == nil {
		return
	}
	t.PartitionOf, t.Bound = nil, ""
	for _, con := range t.Constraints {
		con.Inherited = false
	}
	for _, index := range t.Indexes {
		index.Parent = nil
	}
	t.Triggers = slices.DeleteFunc(t.Triggers, func(g *dialects.Trigger) bool { return g.Inherited })
}
