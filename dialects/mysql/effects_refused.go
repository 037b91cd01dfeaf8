package mysql

import (
	"maps"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// refusals are the hazards of what the server refuses, however few rows there are: they hold for the tables
// that the same file made too.
var refusals = map[string]bool{algorithmRefused: true, foreignKeyRefused: true, stillNeeded: true}

// refused adds what the server refuses of a change, going by what else the schema has. All of it was
// held against MySQL 9.7 and MariaDB 10.11.
func (j judge) refused(e dialects.Effect, i int) dialects.Effect {
	switch c := j.statement.Changes[i].(type) {
	case dialects.CreateTable:
		if c.IfNotExists && j.Table(c.Table) != nil {
			return e
		}
		for _, con := range c.Constraints {
			e = j.refusedKey(e, c.Table, con)
		}
	case dialects.AddForeignKey:
		e = j.refusedKey(e, c.Table, c.Constraint)
	case dialects.CreateIndex:
		e = j.uniqueWithin(e, c.Table, c.Index)
	case dialects.AddColumn:
		for _, i := range c.Indexes {
			e = j.uniqueWithin(e, c.Table, i)
		}
		for _, con := range c.Constraints {
			e = j.refusedKey(e, c.Table, con)
		}
	case dialects.DropIndex:
		e = j.countedIndex(j.neededIndex(e, c.Table, c.Index.Name), c.Table, c.Index.Name)
	case dialects.DropConstraint:
		if c.Kind == dialects.PrimaryKey {
			e = j.countedIndex(j.neededIndex(e, c.Table, primary), c.Table, primary)
		}
	case dialects.DropColumn:
		e = j.neededColumn(e, c.Table, c.Column, dropped)
	case dialects.RenameColumn:
		e = j.neededColumn(e, c.Table, c.Column, renamed)
	case dialects.RedefineColumn:
		if !strings.EqualFold(c.Column, c.To.Name) {
			e = j.neededColumn(e, c.Table, c.Column, renamed)
		}
		e = j.misfits(e, c.Table)
		e = j.neededNull(e, c)
	case dialects.AlterTable:
		switch {
		case c.What == "convert charset":
			e = j.misfits(e, c.Table)
		case c.What == "engine" && c.Value != innoDB, c.What == "partition by":
			e = j.keyless(e, c)
		}
	case dialects.DropTable:
		e = j.referencedTable(e, c.Table, i)
	case dialects.WriteData:
		if c.Kind == dialects.Truncate {
			e = j.referencedTable(e, c.Table, i)
		}
	}
	return e
}

// fate is what becomes of a column.
type fate string

const (
	dropped fate = "dropped"
	renamed fate = "renamed"
)

// link is a foreign key with the table that has it.
type link struct {
	*dialects.Constraint
	child *dialects.Table
}

// held are the foreign keys of a table that the statement does not drop.
func (j judge) held(t *dialects.Table) []link {
	var links []link
	for _, con := range t.Constraints {
		if con.Kind == dialects.ForeignKey && con.References != nil && !j.drops(t, con.Name) {
			links = append(links, link{con, t})
		}
	}
	return links
}

// holding are the foreign keys of other tables that refer to a table.
func (j judge) holding(t *dialects.Table) []link {
	var links []link
	for _, other := range j.Tables {
		if other == t {
			continue
		}
		for _, con := range other.Constraints {
			if con.References != nil && *con.References == t.Name && !j.drops(other, con.Name) {
				links = append(links, link{con, other})
			}
		}
	}
	slices.SortFunc(links, func(a, b link) int {
		return strings.Compare(a.child.Name.String()+a.Name, b.child.Name.String()+b.Name)
	})
	return links
}

// drops reports whether the statement drops a constraint or index of a table.
func (j judge) drops(t *dialects.Table, name string) bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		switch c := change.(type) {
		case dialects.DropConstraint:
			return j.Table(c.Table) == t && strings.EqualFold(c.Name, name)
		case dialects.DropIndex:
			return j.Table(c.Table) == t && strings.EqualFold(c.Index.Name, name)
		}
		return false
	})
}

func (j judge) dropsColumn(t *dialects.Table, name string) bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		c, ok := change.(dialects.DropColumn)
		return ok && j.Table(c.Table) == t && strings.EqualFold(c.Column, name)
	})
}

// after is the schema behind the statement, as far as its own tables go.
func (j judge) after() *dialects.Catalog {
	after := *j.Catalog
	after.Tables = maps.Clone(j.Tables)
	own := func(t *dialects.Table) {
		if after.Tables[t.Name] == t {
			after.Tables[t.Name] = t.Clone()
		}
	}
	for _, change := range j.statement.Changes {
		name := change.Target()
		if table := tableOfChange(change); table.Name != "" {
			name = table
		}
		if t := j.Table(name); t != nil {
			own(t)
			for _, l := range j.holding(t) { // a rename reaches them
				own(l.child)
			}
		}
	}
	r := replayer{Catalog: &after, server: j.server}
	for _, change := range r.inOrder(j.statement.Changes) {
		r.replay(change)
	}
	return &after
}

// neededNull is of NOT NULL on a column that a foreign key sets to NULL.
func (j judge) neededNull(e dialects.Effect, c dialects.RedefineColumn) dialects.Effect {
	t := j.Table(c.Table)
	if t == nil || !c.To.NotNull {
		return e
	}
	for _, l := range j.held(t) {
		if contains(l.Columns, c.Column) && l.setsNull() {
			return wayOut(breaks(e, stillNeeded, "foreign key %s sets %s to NULL, so the server refuses NOT NULL", l.Name, c.Column),
				"let %s be NULL, or drop the foreign key and add it without SET NULL", c.Column)
		}
	}
	return e
}

func (l link) setsNull() bool { return l.OnDelete == "SET NULL" || l.OnUpdate == "SET NULL" }

// keyless is of an engine, or partitions, that no foreign key goes with.
func (j judge) keyless(e dialects.Effect, c dialects.AlterTable) dialects.Effect {
	t := j.Table(c.Table)
	if t == nil {
		return e
	}
	links := slices.Concat(j.held(t), j.holding(t))
	if len(links) == 0 {
		return e
	}
	what := "partitions"
	if c.What == "engine" {
		what = "engine " + c.Value
	}
	return wayOut(breaks(e, stillNeeded, "no foreign key goes with %s, and %s of %s is there", what, links[0].Name, links[0].child.Name),
		"drop the foreign key first, where the apps can do without it")
}

// referencedTable is of a table that goes, or loses its rows, while foreign keys of others refer to it. In
// one DROP TABLE MariaDB wants those others first.
func (j judge) referencedTable(e dialects.Effect, name dialects.Name, at int) dialects.Effect {
	t := j.Table(name)
	if t == nil || !j.settings.foreignKeyChecks {
		return e
	}
	for _, l := range j.holding(t) {
		goes := slices.IndexFunc(j.statement.Changes, func(change dialects.Change) bool {
			c, ok := change.(dialects.DropTable)
			return ok && j.Table(c.Table) == l.child
		})
		if goes >= 0 && (!j.isMariaDB() || goes < at) {
			continue
		}
		return wayOut(breaks(e, stillNeeded, "foreign key %s of %s refers to %s", l.Name, l.child.Name, e.Table),
			"drop the foreign key, or %s, in a statement before", l.child.Name)
	}
	return e
}
