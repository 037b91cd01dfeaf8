package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (r replayer) createIndex(c dialects.CreateIndex) {
	t := r.Table(c.Table)
	node, err := treeOf(r.statement)
	if err == nil && node.GetIndexStmt() == nil { // within CREATE SCHEMA
		node, err = parseOne(c.Index.Definition)
	}
	if t == nil || err != nil {
		r.keyView(c)
		return
	}
	index := r.putIndex(t, node.GetIndexStmt(), "idx")
	if index == nil {
		return
	}
	if c.Only && t.Kind == dialects.PartitionedTable {
		index.Valid = false
		return
	}
	r.partitionIndex(t, index, "idx")
}

// keyView notes a unique index of a materialized view.
func (r replayer) keyView(c dialects.CreateIndex) {
	view := r.object(dialects.MaterializedView, r.Resolve(c.Table))
	if i := c.Index; view != nil && i.Unique && !i.Partial && !i.Expressions {
		name := i.Name.Name
		if name == "" {
			name = freeName(view.Name.Name, strings.Join(i.Keys, "_"), "idx", func(name string) bool {
				return relationTaken(r.Catalog, view.Name.Schema, name)
			})
		}
		view.Keys = append(view.Keys, name)
	}
}

// unkeyView forgets an index of a materialized view.
func (r replayer) unkeyView(index dialects.Name) {
	for key, o := range r.Objects {
		if key.Kind == dialects.MaterializedView && key.Name.Schema == r.Resolve(index).Schema {
			o.Keys = slices.DeleteFunc(o.Keys, func(name string) bool { return name == index.Name })
		}
	}
}

// putIndex adds an index to one table. It is nil where the name is taken.
func (r replayer) putIndex(t *dialects.Table, s *astIndexStmt, label string) *dialects.Index {
	s = shallow(s)
	if s.Idxname == "" {
		s.Idxname = indexName(r.Catalog, t, s, label)
	} else if relationTaken(r.Catalog, t.Name.Schema, s.Idxname) {
		return nil
	}
	s.Relation = indexRelation(t)
	index := lowerIndex(s)
	index.Name.Schema = t.Name.Schema
	index.Columns = slices.DeleteFunc(index.Columns, func(name string) bool { return t.Column(name) == nil })
	t.Indexes = append(t.Indexes, &index)
	r.LinkIndex(t, &index)
	sortIndexes(t)
	return &index
}

// indexRelation is the table as its indexes' definitions name it: a partitioned one's are ON ONLY.
func indexRelation(t *dialects.Table) *astRangeVar {
	return &astRangeVar{
		Schemaname: t.Name.Schema, Relname: t.Name.Name, Relpersistence: "p",
		Inh: t.Kind != dialects.PartitionedTable,
	}
}

// sortIndexes is called wherever indexes have been added or renamed.
func sortIndexes(t *dialects.Table) {
	slices.SortStableFunc(t.Indexes, func(a, b *dialects.Index) int { return strings.Compare(a.Name.Name, b.Name.Name) })
}

// constraintIndexStmt is the index that carries a constraint.
func constraintIndexStmt(con *astConstraint, name string) *astIndexStmt {
	method := con.AccessMethod
	if method == "" {
		method = "btree"
	}
	s := &astIndexStmt{
		Idxname: name, AccessMethod: method, Unique: len(con.Exclusions) == 0, NullsNotDistinct: con.NullsNotDistinct,
		IndexParams: indexElements(texts(con.Keys)), IndexIncludingParams: indexElements(texts(con.Including)),
		Options: con.Options, TableSpace: con.Indexspace,
	}
	if len(con.Exclusions) > 0 {
		s.IndexParams, s.IndexIncludingParams = nil, nil
		for _, e := range con.Exclusions {
			s.IndexParams = append(s.IndexParams, e.GetList().GetItems()[0])
		}
		s.WhereClause = con.WhereClause
	}
	return s
}

func (r replayer) dropIndex(name dialects.Name) {
	t := tableOfIndex(r.Catalog, name)
	if t == nil {
		r.unkeyView(name)
		return
	}
	if index := findIndex(t, name.Name); index.Constraint == "" {
		r.removeIndex(t, index)
	}
}

// removeIndex takes an index out, its parts on partitions with their constraints too.
func (r replayer) removeIndex(t *dialects.Table, index *dialects.Index) {
	t.Indexes = slices.DeleteFunc(t.Indexes, func(other *dialects.Index) bool { return other == index })
	for _, child := range r.children(t) {
		for _, part := range slices.Clone(child.Indexes) {
			if part.Parent != nil && *part.Parent == index.Name {
				child.Constraints = slices.DeleteFunc(child.Constraints, func(con *dialects.Constraint) bool {
					return part.Constraint != "" && con.Name == part.Constraint
				})
				r.removeIndex(child, part)
			}
		}
	}
}

// renameIndex renames an index and the constraint that it carries.
func (r replayer) renameIndex(name dialects.Name, to string) {
	t := tableOfIndex(r.Catalog, name)
	if t == nil {
		return
	}
	index := findIndex(t, name.Name)
	if con := findConstraint(t, index.Constraint); index.Constraint != "" && con != nil {
		con.Name, con.Index, index.Constraint = to, to, to
		r.sortConstraints(t)
	}
	r.nameIndex(t, index, to)
}

func (r replayer) nameIndex(t *dialects.Table, index *dialects.Index, to string) {
	if t.ReplicaIdentity == index.Name.Name {
		t.ReplicaIdentity = to
	}
	before := index.Name
	index.Name.Name = to
	r.rewriteIndex(t, index, func(*astIndexStmt) {})
	for _, child := range r.children(t) {
		for _, part := range child.Indexes {
			if part.Parent != nil && *part.Parent == before {
				part.Parent = &dialects.Name{Schema: before.Schema, Name: to}
			}
		}
	}
	r.LinkIndex(t, index)
	sortIndexes(t)
}

// rewriteIndex lets change work on an index's tree, and writes its definition anew with the names
// that it and its table have.
func (r replayer) rewriteIndex(t *dialects.Table, index *dialects.Index, change func(*astIndexStmt)) {
	node, err := parseOne(index.Definition)
	if err != nil || node.GetIndexStmt() == nil {
		return
	}
	s := node.GetIndexStmt()
	change(s)
	s.Idxname, s.Relation = index.Name.Name, indexRelation(t)
	index.Definition = indexText(s)
}

func (r replayer) attachIndex(c dialects.AttachIndex) {
	t, child := tableOfIndex(r.Catalog, c.Index), tableOfIndex(r.Catalog, c.Partition)
	if t == nil || child == nil {
		return
	}
	parent := findIndex(t, c.Index.Name)
	r.attachPart(parent, child, findIndex(child, c.Partition.Name))
	for _, partition := range r.children(t) {
		if partWith(partition, parent.Name) == nil {
			return
		}
	}
	parent.Valid = true
}

// attachPart makes a partition's index a part of its parent's.
func (r replayer) attachPart(parent *dialects.Index, child *dialects.Table, part *dialects.Index) {
	name := parent.Name
	part.Parent = &name
	if con := findConstraint(child, part.Constraint); part.Constraint != "" && con != nil && parent.Constraint != "" {
		con.Inherited = true
	}
}

// partWith is a partition's index that is a part of the parent's; nil if there is none.
func partWith(t *dialects.Table, parent dialects.Name) *dialects.Index {
	for _, i := range t.Indexes {
		if i.Parent != nil && *i.Parent == parent {
			return i
		}
	}
	return nil
}
