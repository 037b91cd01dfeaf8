package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (r replayer) createTable(c dialects.CreateTable) {
	name := r.Resolve(c.Table)
	if r.Tables[name] != nil {
		return
	}
	t := &dialects.Table{
		Name: name, Kind: dialects.PlainTable, Bound: c.Bound, Temporary: c.Temporary,
		Partition: c.Partition, ReplicaIdentity: "default", Rows: -1,
	}
	if c.Partition != nil {
		t.Kind = dialects.PartitionedTable
	}
	if makesForeignTable(r.statement.Text) {
		t.Kind = dialects.ForeignTable
	}
	if stmt, err := treeOf(r.statement); err == nil && stmt.GetCreateStmt().GetOfTypename() != nil {
		name := r.Resolve(typeName(stmt.GetCreateStmt().OfTypename))
		t.OfType = &name
	}
	r.Tables[name] = t
	for _, parent := range c.Inherits {
		t.Inherits = append(t.Inherits, r.Resolve(parent))
	}
	if c.PartitionOf != nil {
		parent := r.Resolve(*c.PartitionOf)
		t.PartitionOf = &parent
	}
	r.Link(t)
	r.inheritColumns(t)
	for i := range len(c.Columns) + 1 {
		for _, like := range c.Like {
			if like.At == i {
				r.copyColumns(t, like)
			}
		}
		if i < len(c.Columns) {
			r.putColumn(t, c.Columns[i])
		}
	}
	r.inheritChecks(t)
	r.addAll(t, c.Constraints)
	for _, like := range c.Like {
		r.copyParts(t, like)
	}
	if t.PartitionOf != nil {
		r.inheritParts(t)
	}
	r.Link(t)
	r.publishNew(t)
}

// makesForeignTable reports whether a CREATE TABLE is CREATE FOREIGN TABLE.
func makesForeignTable(text string) bool {
	l := lexer{src: text}
	l.next()
	t, ok := l.next()
	for ok && t.kind == commentToken {
		t, ok = l.next()
	}
	return ok && strings.EqualFold(text[t.start:t.end], "foreign")
}

// addAll adds a new table's constraints in the order in which the server names them.
func (r replayer) addAll(t *dialects.Table, constraints []dialects.Constraint) {
	for _, kinds := range [][]dialects.ConstraintKind{
		{dialects.Check}, {dialects.PrimaryKey}, {dialects.Unique, dialects.Exclusion}, {dialects.ForeignKey},
	} {
		for _, con := range constraints {
			if slices.Contains(kinds, con.Kind) {
				r.putConstraint(t, con)
			}
		}
	}
}

// inheritColumns gives a new table its parents' columns.
func (r replayer) inheritColumns(t *dialects.Table) {
	for _, parent := range r.parents(t) {
		for _, column := range parent.Columns {
			if t.Column(column.Name) == nil {
				inherited := *column
				inherited.Identity, inherited.Sequence, inherited.Comment = "", nil, ""
				t.Columns = append(t.Columns, &inherited)
			}
		}
	}
}

func (r replayer) parents(t *dialects.Table) []*dialects.Table {
	names := t.Inherits
	if t.PartitionOf != nil {
		names = []dialects.Name{*t.PartitionOf}
	}
	var parents []*dialects.Table
	for _, name := range names {
		if parent := r.Tables[name]; parent != nil {
			parents = append(parents, parent)
		}
	}
	return parents
}

// inheritChecks gives a table the CHECKs of its parents.
func (r replayer) inheritChecks(t *dialects.Table) {
	for _, parent := range r.parents(t) {
		for _, con := range parent.Constraints {
			if con.Kind == dialects.Check && !isNoInherit(con) {
				r.putInherited(t, *con)
			}
		}
	}
}

func isNoInherit(con *dialects.Constraint) bool {
	return parseConstraint(con.Definition).GetIsNoInherit()
}

// putInherited puts a parent's constraint on a child, or marks the child's own of that name.
func (r replayer) putInherited(t *dialects.Table, con dialects.Constraint) {
	if own := findConstraint(t, con.Name); own != nil {
		own.Inherited = true
		return
	}
	con.Inherited, con.Comment = true, ""
	con.Columns = slices.Clone(con.Columns)
	t.Constraints = append(t.Constraints, &con)
	r.sortConstraints(t)
}

func (r replayer) dropTable(name dialects.Name, cascade bool) {
	t := r.Table(name)
	if t == nil {
		return
	}
	children := r.children(t)
	delete(r.Tables, t.Name)
	for _, child := range children {
		if child.PartitionOf != nil || cascade {
			r.dropTable(child.Name, cascade)
		}
	}
	for key, o := range r.Objects {
		if o.OwnedBy != nil && o.OwnedBy.Table == t.Name {
			delete(r.Objects, key)
		}
	}
	for other := range r.Linked(dialects.ReferenceLink, t.Name) {
		other.Constraints = slices.DeleteFunc(other.Constraints, func(con *dialects.Constraint) bool {
			return con.References != nil && *con.References == t.Name
		})
	}
	r.dropViewsOf(func(o *dialects.Object) bool { return slices.Contains(o.Reads, t.Name) })
}

// dropViewsOf drops views that a condition holds for, and the views on those.
func (r replayer) dropViewsOf(holds func(*dialects.Object) bool) {
	for key, o := range r.Objects {
		if (o.Kind == dialects.View || o.Kind == dialects.MaterializedView) && holds(o) {
			delete(r.Objects, key)
			name := o.Name
			r.dropViewsOf(func(o *dialects.Object) bool { return slices.Contains(o.Reads, name) })
		}
	}
}

// alterTable follows the subcommands that the catalog knows of.
func (r replayer) alterTable(c dialects.AlterTable) {
	t := r.Table(c.Table)
	if t == nil {
		return
	}
	switch c.What {
	case "set schema":
		r.moveTable(t, dialects.Name{Schema: c.Value, Name: t.Name.Name})
	case "enable row security", "disable row security":
		t.RowSecurity = c.What == "enable row security"
	case "force row security", "no force row security":
		t.ForceRowSecurity = c.What == "force row security"
	case "replica identity":
		t.ReplicaIdentity = c.Value
	case "cluster on":
		for _, i := range t.Indexes {
			i.Clustered = i.Name.Name == c.Value
		}
	case "set without cluster":
		for _, i := range t.Indexes {
			i.Clustered = false
		}
	case "cluster":
		if c.Value != "" {
			r.alterTable(dialects.AlterTable{Table: c.Table, What: "cluster on", Value: c.Value})
		}
	case "of":
		name := r.Resolve(splitName(c.Value))
		t.OfType = &name
	case "not of":
		t.OfType = nil
	case "inherit", "no inherit":
		parent := r.Resolve(splitName(c.Value))
		t.Inherits = slices.DeleteFunc(t.Inherits, func(n dialects.Name) bool { return n == parent })
		if c.What == "inherit" {
			t.Inherits = append(t.Inherits, parent)
			r.Link(t)
		}
		for _, con := range t.Constraints {
			con.Inherited = false
		}
		r.inheritChecks(t)
	case "enable trigger", "enable always trigger", "enable replica trigger", "disable trigger":
		state := map[string]string{
			"enable trigger": "origin", "enable always trigger": "always",
			"enable replica trigger": "replica", "disable trigger": "disabled",
		}[c.What]
		for _, member := range r.family(t) {
			for _, trigger := range member.Triggers {
				if trigger.Name == c.Value || c.Value == "all" || c.Value == "user" {
					trigger.Enabled = state
				}
			}
		}
	}
}

// splitName reads a Name's String back.
func splitName(s string) dialects.Name {
	if schema, name, ok := strings.Cut(s, "."); ok {
		return dialects.Name{Schema: schema, Name: name}
	}
	return dialects.Name{Name: s}
}
