package mysql

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Probe is a query that tells whether a statement was carried out, as dialects.Action has it: a single
// ALTER is done or absent, never partial. What may be run again without harm counts as absent. The
// answer is unknown where the catalog cannot tell. The catalog is that before the statement.
func (d Dialect) Probe(c *dialects.Catalog, s dialects.Statement) string {
	after := c.Clone()
	d.Replay(after, s)
	p := prober{before: c, after: after}
	probe := ""
	if _, renames := s.Changes[0].(dialects.RenameTable); renames && len(s.Changes) > 1 {
		return unknown // names may have been swapped
	}
	for _, change := range s.Changes {
		found := p.probe(change)
		if found == "" {
			return unknown
		}
		// Of several tables that are dropped MariaDB may have dropped the first alone.
		_, drops := change.(dialects.DropTable)
		if probe == "" || probe == again || drops && found != again {
			probe = found
		}
	}
	return probe
}

// again is the probe of what may be run again.
const again = `SELECT 'absent'`

// unknown is the probe of what only a person can tell.
const unknown = `SELECT 'unknown'`

// prober knows the catalog before and after a statement: what the server names itself is found there.
type prober struct {
	before, after *dialects.Catalog
}

// probe of one change. What the catalog shows before the statement tells nothing after it: then the
// statement does nothing, or is refused, as often as it is run.
func (p prober) probe(change dialects.Change) string {
	table := p.before.Resolve(change.Target())
	before, after := p.before.Tables[table], p.after.Tables[table]
	switch c := change.(type) {
	case dialects.AddColumn:
		if before != nil && findColumn(before, c.Column.Name) != nil {
			return again
		}
		return exists("columns", table, "column_name", c.Column.Name)
	case dialects.DropColumn:
		switch {
		case before != nil && findColumn(before, c.Column) == nil:
			return again
		case after != nil && findColumn(after, c.Column) != nil:
			return "" // another by its name is added
		}
		return absent("columns", table, "column_name", c.Column)
	case dialects.RenameColumn:
		return p.renamedColumn(table, c.Column, c.To)
	case dialects.RedefineColumn:
		return p.renamedColumn(table, c.Column, c.To.Name)
	case dialects.CreateIndex:
		if before != nil && findIndex(before, c.Index.Name.Name) != nil {
			return again
		}
		if name := p.newIndex(table); name != "" {
			return exists("statistics", table, "index_name", name)
		}
	case dialects.DropIndex:
		table := p.before.Resolve(c.Table)
		if before := p.before.Tables[table]; before != nil && findIndex(before, c.Index.Name) == nil {
			return again
		}
		return absent("statistics", table, "index_name", c.Index.Name)
	case dialects.RenameIndex:
		return p.renamedIndex(p.before.Resolve(c.Table), c.Index.Name, c.To)
	case dialects.AddForeignKey:
		return p.addedConstraint(table, c.Constraint.Name)
	case dialects.AddConstraint:
		return p.addedConstraint(table, c.Constraint.Name)
	case dialects.DropConstraint:
		return absent("table_constraints", table, "constraint_name", c.Name)
	case dialects.CreateTable:
		switch {
		case before != nil && c.Replace:
			return ""
		case before != nil:
			return again
		}
		return exists("tables", table, "table_name", table.Name)
	case dialects.DropTable:
		if before == nil {
			return again
		}
		return absent("tables", table, "table_name", table.Name)
	case dialects.RenameTable:
		return exists("tables", dialects.Name{Schema: table.Schema, Name: c.To}, "table_name", c.To)
	case dialects.SetDefault, dialects.AlterColumn, dialects.AlterConstraint:
		return again
	case dialects.AlterObject:
		if c.Kind == dialects.IndexObject {
			return again
		}
	case dialects.CreateObject:
		return p.object(c.Kind, c.Object, c.Replace, "done", "absent")
	case dialects.DropObject:
		return p.object(c.Kind, c.Object, c.IfExists, "absent", "done")
	case dialects.AlterTable:
		if dictionaryOptions[c.What] {
			return again
		}
	}
	return ""
}

// renamedColumn is the probe of a column's name. Two that swap names look the same afterwards, and
// letters in another case like no change at all.
func (p prober) renamedColumn(table dialects.Name, from, to string) string {
	before := p.before.Tables[table]
	switch {
	case strings.EqualFold(from, to):
		return again
	case before != nil && findColumn(before, to) != nil:
		return ""
	}
	return exists("columns", table, "column_name", to)
}

// renamedIndex is the same for an index.
func (p prober) renamedIndex(table dialects.Name, from, to string) string {
	before := p.before.Tables[table]
	switch {
	case strings.EqualFold(from, to):
		return again
	case before != nil && findIndex(before, to) != nil:
		return ""
	}
	return exists("statistics", table, "index_name", to)
}

// newIndex is the name of the index that the table has after the statement alone.
func (p prober) newIndex(table dialects.Name) string {
	before, after := p.before.Tables[table], p.after.Tables[table]
	if before == nil || after == nil {
		return ""
	}
	for _, i := range after.Indexes {
		if findIndex(before, i.Name.Name) == nil {
			return i.Name.Name
		}
	}
	return ""
}

// addedConstraint is the probe of the constraint that the table has after the statement alone.
func (p prober) addedConstraint(table dialects.Name, name string) string {
	before, after := p.before.Tables[table], p.after.Tables[table]
	if before == nil || after == nil {
		return ""
	}
	if findConstraint(before, name) != nil {
		return again
	}
	for _, con := range after.Constraints {
		if findConstraint(before, con.Name) == nil {
			return exists("table_constraints", table, "constraint_name", con.Name)
		}
	}
	return ""
}

// objectViews are where objects beside tables are listed: information_schema's view, and what its
// columns for schema and name begin with.
var objectViews = map[dialects.ObjectKind][2]string{
	dialects.View: {"views", "table"}, dialects.TriggerObject: {"triggers", "trigger"}, dialects.Function: {"routines", "routine"},
}

// object is the probe of an object that is made or dropped. Routines of both kinds share a view: one
// that has a namesake cannot be told from it.
func (p prober) object(kind dialects.ObjectKind, name dialects.Name, conditional bool, there, gone string) string {
	at, listed := objectViews[kind]
	_, namesake := p.before.Objects[dialects.ObjectKey{Kind: kind, Name: p.before.Resolve(name)}]
	switch {
	case conditional:
		return again
	case !listed || namesake && there == "done":
		return ""
	}
	return fmt.Sprintf("SELECT IF(COUNT(*) > 0, '%s', '%s') FROM information_schema.%s WHERE %s_schema = %s AND %s_name = %s",
		there, gone, at[0], at[1], schemaText(name.Schema), at[1], quoteLiteral(name.Name))
}

func exists(view string, table dialects.Name, column, name string) string {
	return probeText("done", "absent", view, table, column, name)
}

func absent(view string, table dialects.Name, column, name string) string {
	return probeText("absent", "done", view, table, column, name)
}

// probeText asks one of information_schema's views.
func probeText(there, gone, view string, table dialects.Name, column, name string) string {
	return fmt.Sprintf("SELECT IF(COUNT(*) > 0, '%s', '%s') FROM information_schema.%s WHERE table_schema = %s AND table_name = %s AND %s = %s",
		there, gone, view, schemaText(table.Schema), quoteLiteral(table.Name), column, quoteLiteral(name))
}

// schemaText is a schema as a value; none is the session's.
func schemaText(schema string) string {
	if schema == "" {
		return "DATABASE()"
	}
	return quoteLiteral(schema)
}
