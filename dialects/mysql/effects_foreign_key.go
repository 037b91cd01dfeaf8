package mysql

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// refusedKey is of a new foreign key that the server does not take. Of tables that no migration shows it
// says nothing; on other engines than InnoDB a foreign key is read over.
func (j judge) refusedKey(e dialects.Effect, table dialects.Name, con dialects.Constraint) dialects.Effect {
	if con.Kind != dialects.ForeignKey || con.References == nil {
		return e
	}
	if holder := j.holder(table, con.Name); holder != nil {
		return j.refuseKey(e, "give the new one another name",
			"%s is the name of a foreign key of %s, until the statement is through too, and a database has each name once", con.Name, holder.Name)
	}
	if !j.settings.foreignKeyChecks {
		return e
	}
	references := *con.References
	if references.Schema == "" {
		references.Schema = j.Resolve(table).Schema
	}
	after := j.after()
	t, parent := after.Table(table), after.Tables[references]
	if t == nil || parent == nil || !hasForeignKeys(t.Engine) || len(con.Columns) != len(con.ReferencedColumns) {
		return e
	}
	refuse := func(instead, format string, args ...any) dialects.Effect {
		return j.refuseKey(e, instead, format, args...)
	}
	switch {
	case !hasForeignKeys(parent.Engine):
		return refuse("make it an InnoDB table first", "the engine of %s is %s, and none but InnoDB has foreign keys", parent.Name, parent.Engine)
	case t.Partition != nil || parent.Partition != nil:
		return refuse("do without the foreign key, or without the partitions", "a partitioned table has no foreign keys, on neither side")
	}
	for n, name := range con.Columns {
		a, b := findColumn(t, name), findColumn(parent, con.ReferencedColumns[n])
		switch {
		case a == nil:
			return e
		case b == nil:
			return refuse("name a column that is there", "%s has no column %s", parent.Name, con.ReferencedColumns[n])
		case !j.fits(a, b):
			return refuse("give both columns the same type, with sign and collation",
				"%s is %s, and %s of %s is %s", name, typeWords(a), b.Name, parent.Name, typeWords(b))
		case a.NotNull && (link{&con, t}).setsNull():
			return refuse("let the column be NULL, or leave out SET NULL", "it sets %s to NULL, which is NOT NULL", name)
		}
	}
	columns := strings.Join(con.ReferencedColumns, ", ")
	if slices.ContainsFunc(parent.Indexes, func(i *dialects.Index) bool { return j.isParentKey(i, con.ReferencedColumns) }) {
		return e
	}
	if j.wantsUniqueParent() {
		return refuse("add a unique key on ("+columns+") first, or refer to the primary key",
			"%s has no unique key on (%s), which MySQL wants from 8.4 on unless restrict_fk_on_non_standard_key is off", parent.Name, columns)
	}
	return refuse("add a unique key on ("+columns+") first, or refer to the primary key", "%s has no index that starts with (%s)", parent.Name, columns)
}

// refuseKey adds that the server refuses a foreign key, and with that all that the key would have cost.
func (j judge) refuseKey(e dialects.Effect, instead, format string, args ...any) dialects.Effect {
	e.Hazards = slices.DeleteFunc(e.Hazards, func(h dialects.Hazard) bool { return h.ID == foreignKeyNotOnline })
	return wayOut(breaks(e, foreignKeyRefused, format, args...), "%s", instead)
}

// holder is the table that has a foreign key of a name already; nil if none has. A key that the same statement drops
// counts (seen on MySQL 9.7 and MariaDB 10.11, by each algorithm).
func (j judge) holder(table dialects.Name, name string) *dialects.Table {
	if name == "" || j.isMariaDB() && j.server.AtLeast(12, 1) { // there names are a table's
		return nil
	}
	replaces := func(t *dialects.Table) bool {
		c, ok := j.statement.Changes[0].(dialects.CreateTable)
		return ok && c.Replace && j.Table(c.Table) == t
	}
	for _, t := range j.Tables {
		if replaces(t) {
			continue
		}
		for _, con := range t.Constraints {
			if con.Kind == dialects.ForeignKey && t.Name.Schema == j.Resolve(table).Schema && strings.EqualFold(con.Name, name) {
				return t
			}
		}
	}
	return nil
}

// typeGroups are types whose values a foreign key compares. Those of no group are not judged.
var typeGroups = map[string]string{
	"char": "text", "varchar": "text", "binary": "bytes", "varbinary": "bytes", "decimal": "decimal", "float": "float", "double": "float",
	"date": "date", "time": "time", "datetime": "datetime", "timestamp": "datetime",
}

// fits reports whether a foreign key may tie two columns together: integers of one size and sign, characters
// of one collation, whatever their lengths. What the database's own collation is no migration shows.
func (j judge) fits(a, b *dialects.Column) bool {
	if a == nil || b == nil {
		return true
	}
	x, y := parseType(a.Type), parseType(b.Type)
	_, whole := displayWidths[x.base]
	_, wholeOther := displayWidths[y.base]
	switch {
	case whole && wholeOther:
		return x.base == y.base && x.unsigned == y.unsigned
	case whole:
		return typeGroups[y.base] == ""
	case wholeOther:
		return typeGroups[x.base] == ""
	}
	group, other := typeGroups[x.base], typeGroups[y.base]
	switch {
	case group == "" || other == "":
		return true
	case group != other:
		return false
	case group == "text" && j.settings.foreignKeyChecks:
		byDefault := !j.Live && (a.Collation.Name == j.Collation || b.Collation.Name == j.Collation)
		return a.Collation.Name == b.Collation.Name || byDefault
	}
	return true
}
