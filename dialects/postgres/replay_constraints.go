package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (r replayer) addConstraint(table dialects.Name, con dialects.Constraint, usingIndex string) {
	t := r.Table(table)
	if t == nil {
		return
	}
	if usingIndex != "" {
		r.adoptIndex(t, con, usingIndex)
		return
	}
	added := r.putConstraint(t, con)
	if added == nil {
		return
	}
	switch added.Kind {
	case dialects.Check:
		for _, child := range r.family(t)[1:] {
			if !isNoInherit(added) {
				r.putInherited(child, *added)
			}
		}
	case dialects.ForeignKey:
		for _, child := range r.partitions(t) {
			r.putInherited(child, *added)
		}
	}
}

// putConstraint adds a constraint to one table: its name, its index, the NOT NULL of a primary key. It
// is nil where a constraint of that name is there.
func (r replayer) putConstraint(t *dialects.Table, con dialects.Constraint) *dialects.Constraint {
	if con.Definition == "" || con.Name != "" && findConstraint(t, con.Name) != nil {
		return nil
	}
	var node *astConstraint
	if con.Kind != dialects.Check { // it names nothing that is to be resolved
		if node = parseConstraint(con.Definition); node == nil {
			return nil
		}
	}
	added := &con
	var index *dialects.Index
	switch con.Kind {
	case dialects.Check:
		if added.Name == "" {
			added.Name = constraintName(r.Catalog, t, con)
		}
		added.Columns = slices.DeleteFunc(added.Columns, func(name string) bool { return t.Column(name) == nil })
	case dialects.ForeignKey:
		r.resolveReference(t, added, node)
		if added.Name == "" {
			added.Name = constraintName(r.Catalog, t, con)
		}
	default:
		index = r.putIndex(t, constraintIndexStmt(node, con.Name), indexLabels[con.Kind])
		if index == nil {
			return nil
		}
		added.Name, added.Index, index.Constraint = index.Name.Name, index.Name.Name, index.Name.Name
		index.Primary = con.Kind == dialects.PrimaryKey
	}
	if con.Kind == dialects.PrimaryKey {
		r.setKeyNotNull(t, con.Columns)
	}
	t.Constraints = append(t.Constraints, added)
	r.sortConstraints(t)
	if index != nil {
		r.partitionIndex(t, index, indexLabels[con.Kind])
	}
	return added
}

// indexLabels end the names of constraints that an index carries.
var indexLabels = map[dialects.ConstraintKind]string{
	dialects.PrimaryKey: "pkey", dialects.Unique: "key", dialects.Exclusion: "excl",
}

func (r replayer) setKeyNotNull(t *dialects.Table, columns []string) {
	for _, member := range r.family(t) {
		for _, name := range columns {
			if column := member.Column(name); column != nil {
				column.NotNull = true
			}
		}
	}
}

// resolveReference gives a foreign key's table its schema, and names the columns of its primary key
// where none are said.
func (r replayer) resolveReference(t *dialects.Table, con *dialects.Constraint, node *astConstraint) {
	name := r.Resolve(*con.References)
	con.References = &name
	referenced := r.Tables[name]
	if len(con.ReferencedColumns) == 0 && referenced != nil {
		for _, other := range referenced.Constraints {
			if other.Kind == dialects.PrimaryKey {
				con.ReferencedColumns = slices.Clone(other.Columns)
			}
		}
	}
	node.Pktable.Schemaname, node.Pktable.Relname = name.Schema, name.Name
	node.PkAttrs = nil
	for _, column := range con.ReferencedColumns {
		node.PkAttrs = append(node.PkAttrs, stringNode(column))
	}
	con.Definition = constraintText(node)
}

// adoptIndex makes an index the carrier of a constraint, which gives it its name.
func (r replayer) adoptIndex(t *dialects.Table, con dialects.Constraint, usingIndex string) {
	index := findIndex(t, usingIndex)
	node := parseConstraint(con.Definition)
	if index == nil || node == nil {
		return
	}
	if con.Name == "" {
		con.Name = usingIndex
	}
	node.Indexname, node.Keys, node.Including = "", nil, nil
	for _, key := range index.Keys {
		node.Keys = append(node.Keys, stringNode(key))
	}
	for _, column := range index.Columns {
		if !slices.Contains(index.Keys, column) {
			node.Including = append(node.Including, stringNode(column))
		}
	}
	node.NullsNotDistinct = index.NullsNotDistinct && con.Kind == dialects.Unique
	if made, err := parseOne(index.Definition); err == nil {
		node.Options, node.Indexspace = made.GetIndexStmt().GetOptions(), made.GetIndexStmt().GetTableSpace()
	}
	con.Columns, con.Definition, con.Index = slices.Clone(index.Keys), constraintText(node), con.Name
	r.renameIndex(index.Name, con.Name)
	index.Constraint, index.Primary = con.Name, con.Kind == dialects.PrimaryKey
	if con.Kind == dialects.PrimaryKey {
		r.setKeyNotNull(t, con.Columns)
	}
	t.Constraints = append(t.Constraints, &con)
	r.sortConstraints(t)
}

// sortConstraints is called wherever constraints have been added or renamed.
func (r replayer) sortConstraints(t *dialects.Table) {
	for _, con := range t.Constraints {
		r.LinkConstraint(t, con)
	}
	slices.SortStableFunc(t.Constraints, func(a, b *dialects.Constraint) int { return strings.Compare(a.Name, b.Name) })
}

// constraintsNamed are a table's constraint and those that its children have from it.
func (r replayer) constraintsNamed(table dialects.Name, name string, do func(*dialects.Table, *dialects.Constraint)) {
	t := r.Table(table)
	if t == nil || findConstraint(t, name) == nil {
		return
	}
	for _, member := range r.family(t) {
		con := findConstraint(member, name)
		if con != nil && (member == t || con.Inherited) {
			do(member, con)
		}
	}
}

func (r replayer) validateConstraint(c dialects.ValidateConstraint) {
	r.constraintsNamed(c.Table, c.Name, func(_ *dialects.Table, con *dialects.Constraint) {
		con.NotValid = false
		con.Definition = strings.TrimSuffix(con.Definition, " NOT VALID")
	})
}

func (r replayer) dropConstraint(c dialects.DropConstraint) {
	r.constraintsNamed(c.Table, c.Name, func(t *dialects.Table, con *dialects.Constraint) {
		t.Constraints = slices.DeleteFunc(t.Constraints, func(other *dialects.Constraint) bool { return other == con })
		if index := findIndex(t, con.Index); con.Index != "" && index != nil {
			r.removeIndex(t, index)
			r.dropReferencesTo(t, con.Columns)
		}
	})
}

// dropReferencesTo drops the foreign keys that need a unique key which is gone.
func (r replayer) dropReferencesTo(t *dialects.Table, key []string) {
	for other := range r.Linked(dialects.ReferenceLink, t.Name) {
		other.Constraints = slices.DeleteFunc(other.Constraints, func(con *dialects.Constraint) bool {
			return con.References != nil && *con.References == t.Name && slices.Equal(con.ReferencedColumns, key)
		})
	}
}

func (r replayer) renameConstraint(c dialects.RenameConstraint) {
	r.constraintsNamed(c.Table, c.Name, func(t *dialects.Table, con *dialects.Constraint) {
		con.Name = c.To
		if index := findIndex(t, con.Index); con.Index != "" && index != nil {
			con.Index, index.Constraint = c.To, c.To
			r.nameIndex(t, index, c.To)
		}
		r.sortConstraints(t)
	})
}

// alterConstraint follows ALTER CONSTRAINT, which says anew whether it is deferrable.
func (r replayer) alterConstraint(c dialects.AlterConstraint) {
	stmt, err := treeOf(r.statement)
	if err != nil {
		return
	}
	for _, n := range stmt.GetAlterTableStmt().GetCmds() {
		said := n.GetAlterTableCmd().GetDef().GetConstraint()
		if said.GetConname() != c.Name {
			continue
		}
		r.constraintsNamed(c.Table, c.Name, func(_ *dialects.Table, con *dialects.Constraint) {
			con.Deferrable = said.Deferrable
			if node := parseConstraint(con.Definition); node != nil {
				node.Deferrable, node.Initdeferred = said.Deferrable, said.Initdeferred
				con.Definition = constraintText(node)
			}
		})
	}
}
