package compat

import (
	"slices"
	"strings"
)

// table checks what a manifest says of one table, by the name that it uses.
func (c *check) table(m *Manifest, name string) {
	use := m.Uses[name]
	table := c.resolve(name)
	columns, there := c.schema.Columns[table]
	coming := c.schema.Coming[table]
	if !there && len(coming) == 0 {
		c.add(No, Problem{Kind: Missing, Table: table,
			Message: "there is no table " + table + ", and no migration brings one" + suggestion(name, c.spellings(name))})
		return
	}
	var named []string
	for _, column := range slices.Concat(use.Read, use.Write) {
		if column != AnyColumn && !slices.Contains(named, column) {
			named = append(named, column)
		}
	}
	if !there && len(named) == 0 {
		migration := firstOf(coming)
		c.add(NotYet, Problem{Kind: PendingForm, Table: table, Migration: migration, Until: "expand",
			Message: "table " + table + " comes with migration " + migration + ", which is pending"})
	}
	for _, column := range named {
		c.column(table, column, columns)
	}
	for _, f := range c.schema.Forms {
		if f.Table != table || !gone(f) || m.lets(f) {
			continue
		}
		if use.Positional && f.Order != OrderKept {
			c.add(No, Problem{Kind: Reordered, Table: table, Migration: f.id(),
				Message: "inserts into " + name + " without a column list, and migration " + f.id() +
					" changed the order of its columns; name " + f.id() + " in ready_for if the version knows the new order"})
		}
		if f.keepsName() && slices.Contains(named, f.Old) {
			c.lostOld(f, "ready_for does not name "+f.id())
		}
	}
	if use.Insert && !use.Positional && !slices.Contains(use.Write, AnyColumn) {
		c.insert(table, use)
	}
}

// column checks that one named column may be used.
func (c *check) column(table, column string, columns []string) {
	exists := slices.Contains(columns, column)
	var brings, took *Form // the unfinished form that brings the column, the one that took it
	for i, f := range c.schema.Forms {
		if f.Table != table || f.keepsName() {
			continue
		}
		if f.New == column {
			switch f.Stage {
			case Filling, Undoing: // the column may be there already, or still
				c.newForm(f)
				return
			case Pending, Undone:
				brings = &c.schema.Forms[i]
			}
		}
		if f.Old == column && (f.Stage == Contracting || gone(f) && !exists) {
			took = &c.schema.Forms[i]
		}
	}
	switch migration := c.schema.Coming[table][column]; {
	case took != nil && took.Stage == Contracting:
		c.lostOld(*took, "the version uses it")
	case exists:
	case brings != nil:
		c.newForm(*brings)
	case migration != "":
		c.add(NotYet, Problem{Kind: PendingForm, Table: table, Column: column, Migration: migration, Until: "expand",
			Message: table + "." + column + " comes with migration " + migration + ", which is pending"})
	case took != nil:
		c.lostOld(*took, "the version uses it")
	default:
		c.add(No, Problem{Kind: Missing, Table: table, Column: column,
			Message: "there is no column " + table + "." + column + ", and no migration brings it" + suggestion(column, columns)})
	}
}

// insert checks that every column is given that an INSERT must give. A column of which the other
// form is given is filled by the sync trigger.
func (c *check) insert(table string, use Use) {
	for _, column := range c.schema.Required[table] {
		given := slices.Contains(use.Write, column)
		for _, f := range c.schema.Forms {
			given = given || f.Table == table &&
				(f.Old == column && slices.Contains(use.Write, f.New) || f.New == column && slices.Contains(use.Write, f.Old))
		}
		if !given {
			c.add(No, Problem{Kind: NotInserted, Table: table, Column: column,
				Message: "inserts into " + table + " without " + column + ", which is NOT NULL and has no default"})
		}
	}
}

// resolve finds the table that a manifest means: a full name; else the one in the default schema;
// else the only one of that name in any schema; else where the default schema would have it.
func (c *check) resolve(name string) string {
	names := c.tableNames()
	if slices.Contains(names, name) {
		return name
	}
	usual := name
	if c.schema.DefaultSchema != "" {
		usual = c.schema.DefaultSchema + "." + name
	}
	if slices.Contains(names, usual) {
		return usual
	}
	var found []string
	for _, table := range names {
		if bareName(table) == name {
			found = append(found, table)
		}
	}
	switch {
	case len(found) == 1:
		return found[0]
	case strings.Contains(name, "."):
		return name
	}
	return usual
}

// tableNames are the tables that are there or coming.
func (c *check) tableNames() []string {
	var names []string
	for table := range c.schema.Columns {
		names = append(names, table)
	}
	for table := range c.schema.Coming {
		if _, there := c.schema.Columns[table]; !there {
			names = append(names, table)
		}
	}
	slices.Sort(names)
	return names
}

// spellings are the names that a manifest may give tables, with their schemas if name has one.
func (c *check) spellings(name string) []string {
	names := c.tableNames()
	if !strings.Contains(name, ".") {
		for i := range names {
			names[i] = bareName(names[i])
		}
	}
	return names
}

// firstOf is the first migration, in order of text, that brings any of the columns.
func firstOf(coming map[string]string) string {
	first := ""
	for _, migration := range coming {
		if first == "" || migration < first {
			first = migration
		}
	}
	return first
}
