package dialects

import (
	"iter"
	"maps"
	"strings"
)

// LinkKind is a way in which a table can be linked to a name.
type LinkKind int

// The kinds of link. An index and a constraint are named with their table's schema, a type is not split: its
// name is all of its spelling.
const (
	IndexLink      LinkKind = iota // has an index of the name
	ConstraintLink                 // has a constraint of the name
	ParentLink                     // is a partition or a child of the table of the name
	ReferenceLink                  // has a foreign key to the table of the name
	TypeLink                       // has a column of the type, or of arrays of it, where it is spelled with a schema
)

type link struct {
	kind LinkKind
	to   Name
}

// links say which tables to look at for a name, so that a replay of thousands of files does not look at all
// tables for each of its statements. A link stays when what made it is gone, so whoever follows one still
// asks the table.
type links map[link]*linked

// linked are the tables of a link. Most have one.
type linked struct {
	one  *Table
	more map[*Table]bool
}

// KeepLinks begins to keep the links of the catalog's tables. From then on Link must be told of every table whose
// indexes, constraints, columns or parents are added to, or become other ones. A clone keeps none.
func (c *Catalog) KeepLinks() {
	if c.links == nil {
		c.links = links{}
		for _, t := range c.Tables {
			c.Link(t)
		}
	}
}

// Link keeps the links of a table.
func (c *Catalog) Link(t *Table) {
	for _, i := range t.Indexes {
		c.LinkIndex(t, i)
	}
	for _, con := range t.Constraints {
		c.LinkConstraint(t, con)
	}
	for _, column := range t.Columns {
		c.LinkType(t, column.Type)
	}
	if t.PartitionOf != nil {
		c.links.add(t, ParentLink, *t.PartitionOf)
	}
	for _, parent := range t.Inherits {
		c.links.add(t, ParentLink, parent)
	}
}

// LinkIndex keeps the link of one index.
func (c *Catalog) LinkIndex(t *Table, i *Index) {
	c.links.add(t, IndexLink, Name{t.Name.Schema, i.Name.Name})
}

// LinkConstraint keeps the links of one constraint.
func (c *Catalog) LinkConstraint(t *Table, con *Constraint) {
	c.links.add(t, ConstraintLink, Name{t.Name.Schema, con.Name})
	if con.References != nil {
		c.links.add(t, ReferenceLink, *con.References)
	}
}

// LinkType keeps the link of one column.
func (c *Catalog) LinkType(t *Table, typ string) {
	if strings.Contains(typ, ".") {
		c.links.add(t, TypeLink, Name{Name: strings.TrimSuffix(typ, "[]")})
	}
}

func (l links) add(t *Table, kind LinkKind, to Name) {
	key := link{kind, to}
	tables := l[key]
	switch {
	case tables == nil:
		l[key] = &linked{one: t}
	case tables.one == t:
	case tables.more == nil:
		tables.more = map[*Table]bool{t: true}
	default:
		tables.more[t] = true
	}
}

func (l *linked) all(yield func(*Table) bool) {
	if l == nil || !yield(l.one) {
		return
	}
	for t := range l.more {
		if !yield(t) {
			return
		}
	}
}

// Linked are the tables that may be linked to a name, in no order: all tables where no links are kept. The
// name has its schema.
func (c *Catalog) Linked(kind LinkKind, to Name) iter.Seq[*Table] {
	if c.links == nil {
		return maps.Values(c.Tables)
	}
	return func(yield func(*Table) bool) {
		for t := range c.links[link{kind, to}].all {
			if c.Tables[t.Name] == t && !yield(t) {
				return
			}
		}
	}
}
