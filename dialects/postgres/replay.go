package postgres

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Replay carries a statement's changes out on the catalog, as the server would. What the server would
// refuse leaves the catalog as it is. SET search_path and SET TIME ZONE hold for the statements that follow:
// whoever replays several migrations on one catalog sets DefaultSchema and Session back between them.
func (d Dialect) Replay(c *dialects.Catalog, s dialects.Statement) {
	c.KeepLinks()
	if len(s.Body) > 0 {
		for _, inner := range s.Body {
			d.Replay(c, inner)
		}
		return
	}
	r := replayer{Catalog: c, statement: s}
	nowhere := judge{Catalog: c, statement: s}.passesOver()
	for _, change := range s.Changes {
		if !nowhere {
			c.NoteGaps(change)
		}
		r.replay(change)
	}
}

// replayer carries out one statement, whose tree has what changes do not hold.
type replayer struct {
	*dialects.Catalog
	statement dialects.Statement
}

func (r replayer) replay(change dialects.Change) {
	switch c := change.(type) {
	case dialects.CreateTable:
		r.createTable(c)
	case dialects.DropTable:
		r.dropTable(c.Table, c.Cascade)
	case dialects.RenameTable:
		r.renameRelation(c.Table, c.To)
	case dialects.AttachPartition:
		r.attachPartition(c)
	case dialects.DetachPartition:
		r.detachPartition(c)
	case dialects.AlterTable:
		r.alterTable(c)

	case dialects.AddColumn:
		r.addColumn(c)
	case dialects.DropColumn:
		r.dropColumn(c)
	case dialects.RenameColumn:
		r.renameColumn(c)
	case dialects.AlterColumnType, dialects.SetDefault, dialects.SetNotNull, dialects.DropNotNull, dialects.AlterColumn:
		r.alterColumn(change)

	case dialects.AddForeignKey:
		r.addConstraint(c.Table, c.Constraint, "")
	case dialects.AddConstraint:
		r.addConstraint(c.Table, c.Constraint, c.UsingIndex)
	case dialects.ValidateConstraint:
		r.validateConstraint(c)
	case dialects.DropConstraint:
		r.dropConstraint(c)
	case dialects.RenameConstraint:
		r.renameConstraint(c)
	case dialects.AlterConstraint:
		r.alterConstraint(c)

	case dialects.CreateIndex:
		r.createIndex(c)
	case dialects.DropIndex:
		r.dropIndex(c.Index)
	case dialects.RenameIndex:
		r.renameIndex(c.Index, c.To)
	case dialects.AttachIndex:
		r.attachIndex(c)

	case dialects.CreateObject:
		r.createObject(c)
	case dialects.DropObject:
		r.dropObject(c)
	case dialects.AlterObject:
		r.alterObject(c)

	case dialects.Setting:
		r.set(c)
	case dialects.Describe:
		if c.What == "comment" {
			r.comment()
		}
	}
}

// set follows SET search_path and SET TIME ZONE. An empty path, as pg_dump sets it, changes nothing: every
// name is qualified then. A time zone that may be over with the transaction is not known.
func (r replayer) set(c dialects.Setting) {
	switch {
	case strings.EqualFold(c.Name, "timezone"):
		r.Session.TimeZone = c.Value
		if c.Local {
			r.Session.TimeZone = ""
		}
		return
	case c.Name != "search_path":
		return
	}
	for word := range strings.SplitSeq(c.Value, ",") {
		if schema := strings.Trim(strings.TrimSpace(word), `"`); schema != "" && schema != "$user" {
			r.DefaultSchema = schema
			return
		}
	}
}

// family is a table and all below it, each once: partitions and classical children.
func (r replayer) family(t *dialects.Table) []*dialects.Table {
	all := []*dialects.Table{t}
	for i := 0; i < len(all); i++ {
		all = appendNew(all, r.children(all[i])...)
	}
	return all
}

// children are the tables right below one, by name.
func (r replayer) children(parent *dialects.Table) []*dialects.Table {
	return byName(r.Linked(dialects.ParentLink, parent.Name), func(t *dialects.Table) bool {
		if t.PartitionOf != nil {
			return *t.PartitionOf == parent.Name
		}
		return slices.Contains(t.Inherits, parent.Name)
	})
}

// tablesWhere are the tables that a condition holds for, by name.
func (r replayer) tablesWhere(holds func(*dialects.Table) bool) []*dialects.Table {
	return byName(maps.Values(r.Tables), holds)
}

func byName(all iter.Seq[*dialects.Table], holds func(*dialects.Table) bool) []*dialects.Table {
	var tables []*dialects.Table
	for t := range all {
		if holds(t) {
			tables = append(tables, t)
		}
	}
	slices.SortFunc(tables, func(a, b *dialects.Table) int { return strings.Compare(a.Name.String(), b.Name.String()) })
	return tables
}

// comment follows COMMENT ON a column, constraint, index or statistics object.
func (r replayer) comment() {
	stmt, err := treeOf(r.statement)
	if err != nil {
		return
	}
	s := stmt.GetCommentStmt()
	switch s.GetObjtype().String() {
	case "OBJECT_COLUMN":
		table, column := partName(s.Object)
		if t := r.Table(table); t != nil && t.Column(column.Name) != nil {
			t.Column(column.Name).Comment = s.Comment
		}
	case "OBJECT_TABCONSTRAINT":
		table, name := partName(s.Object)
		if t := r.Table(table); t != nil && findConstraint(t, name.Name) != nil {
			findConstraint(t, name.Name).Comment = s.Comment
		}
	case "OBJECT_INDEX":
		name := objectName(s.Object)
		if t := tableOfIndex(r.Catalog, name); t != nil {
			findIndex(t, name.Name).Comment = s.Comment
		}
	case "OBJECT_STATISTIC_EXT":
		name := r.Resolve(objectName(s.Object))
		for _, t := range r.Tables {
			for _, x := range t.Statistics {
				if x.Name == name {
					x.Comment = s.Comment
				}
			}
		}
	}
}
