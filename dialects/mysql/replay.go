package mysql

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Replay carries a statement's changes out on the catalog, as the server would. What the server would
// refuse leaves the catalog as it is. USE holds for the statements that follow: whoever replays several
// migrations on one catalog sets DefaultSchema back between them.
func (d Dialect) Replay(c *dialects.Catalog, s dialects.Statement) {
	r := replayer{Catalog: c, server: d.serverOf(c)}
	for _, change := range r.inOrder(s.Changes) {
		c.NoteGaps(change)
		r.replay(change)
	}
}

// inOrder are changes in the order in which the servers carry them out: an ALTER TABLE first takes away
// what it drops, wherever it says so, keys before columns and computed columns before those they need.
func (r replayer) inOrder(changes []dialects.Change) []dialects.Change {
	if len(changes) < 2 {
		return changes
	}
	ordered := slices.Clone(changes)
	slices.SortStableFunc(ordered, func(a, b dialects.Change) int { return r.rank(a) - r.rank(b) })
	return ordered
}

func (r replayer) rank(change dialects.Change) int {
	switch c := change.(type) {
	case dialects.DropConstraint, dialects.DropIndex:
		return 0
	case dialects.DropColumn:
		if t := r.Table(c.Table); t != nil {
			if column := findColumn(t, c.Column); column != nil && column.Generated != "" {
				return 1
			}
		}
		return 2
	}
	return 3
}

// serverOf is the release of a catalog's server, or the dialect's own where the catalog does not say.
func (d Dialect) serverOf(c *dialects.Catalog) dialects.Version {
	if c.Version.Major != 0 {
		return released(c.Version)
	}
	return d.server()
}

type replayer struct {
	*dialects.Catalog
	server dialects.Version
}

func (r replayer) isMariaDB() bool { return r.server.Kind == dialects.MariaDB }

func (r replayer) replay(change dialects.Change) {
	switch c := change.(type) {
	case dialects.CreateTable:
		r.createTable(c)
	case dialects.DropTable:
		delete(r.Tables, r.Resolve(c.Table))
	case dialects.RenameTable:
		r.renameTable(c.Table, dialects.Name{Schema: r.Resolve(c.Table).Schema, Name: c.To})
	case dialects.CreateObject:
		r.createObject(c)
	case dialects.DropObject:
		r.dropObject(c)
	case dialects.Setting:
		r.set(c)
	case dialects.DropIndex:
		r.onTable(c.Table, func(t *dialects.Table) { dropIndexOf(t, c.Index.Name) })
	case dialects.RenameIndex:
		r.onTable(c.Table, func(t *dialects.Table) { renameIndexOf(t, c.Index.Name, c.To) })
	case dialects.AlterObject:
		if c.Kind == dialects.IndexObject {
			r.onTable(c.Table, func(t *dialects.Table) { showIndex(t, c.Object.Name, c.What == "set visible") })
		}
	default:
		r.onTable(change.Target(), func(t *dialects.Table) { r.alter(t, change) })
	}
}

// onTable calls f with a table where the catalog has it.
func (r replayer) onTable(name dialects.Name, f func(*dialects.Table)) {
	if t := r.Table(name); t != nil {
		f(t)
	}
}

// alter carries out what ALTER TABLE and CREATE INDEX do to a table.
func (r replayer) alter(t *dialects.Table, change dialects.Change) {
	switch c := change.(type) {
	case dialects.AddColumn:
		r.addColumn(t, c)
	case dialects.DropColumn:
		r.dropColumn(t, c.Column)
	case dialects.RenameColumn:
		r.renameColumn(t, c.Column, c.To)
	case dialects.RedefineColumn:
		r.redefineColumn(t, c)
	case dialects.SetDefault:
		if column := findColumn(t, c.Column); column != nil {
			column.Default = defaultText(c.Default, column.Type)
		}
	case dialects.AlterColumn:
		if column := findColumn(t, c.Column); column != nil {
			column.Invisible = c.What == "set invisible"
		}
	case dialects.CreateIndex:
		r.putIndex(t, c.Index)
	case dialects.AddForeignKey:
		r.putConstraint(t, c.Constraint)
	case dialects.AddConstraint:
		r.putConstraint(t, c.Constraint)
	case dialects.DropConstraint:
		r.dropConstraint(t, c)
	case dialects.AlterConstraint:
		if con := findConstraint(t, c.Name); con != nil && con.Kind == dialects.Check {
			enforce(con, c.What == "enforced")
		}
	case dialects.AlterTable:
		r.alterTable(t, c)
	}
}

// findColumn finds a column as the servers do: without regard to case.
func findColumn(t *dialects.Table, name string) *dialects.Column {
	if i := columnAt(t, name); i >= 0 {
		return t.Columns[i]
	}
	return nil
}

func columnAt(t *dialects.Table, name string) int {
	return slices.IndexFunc(t.Columns, func(c *dialects.Column) bool { return strings.EqualFold(c.Name, name) })
}

func findIndex(t *dialects.Table, name string) *dialects.Index {
	for _, i := range t.Indexes {
		if strings.EqualFold(i.Name.Name, name) {
			return i
		}
	}
	return nil
}

func findConstraint(t *dialects.Table, name string) *dialects.Constraint {
	for _, c := range t.Constraints {
		if strings.EqualFold(c.Name, name) {
			return c
		}
	}
	return nil
}
