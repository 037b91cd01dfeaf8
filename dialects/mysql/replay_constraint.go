package mysql

import (
	"slices"
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// putConstraint adds a check or foreign key. The server names one that has no name.
func (r replayer) putConstraint(t *dialects.Table, con dialects.Constraint) {
	con.Columns, con.ReferencedColumns = slices.Clone(con.Columns), slices.Clone(con.ReferencedColumns)
	named := con.Name != ""
	switch {
	case named && findConstraint(t, con.Name) != nil:
		return
	case named:
	case con.Kind == dialects.ForeignKey:
		con.Name = t.Name.Name + "_ibfk_" + nextNumber(t, t.Name.Name+"_ibfk_")
	case r.isMariaDB():
		con.Name = "CONSTRAINT_" + nextNumber(t, "CONSTRAINT_")
	default:
		con.Name = t.Name.Name + "_chk_" + nextNumber(t, t.Name.Name+"_chk_")
	}
	if con.Kind == dialects.ForeignKey && con.References != nil {
		r.putForeignKey(t, &con, named)
		if !hasForeignKeys(t.Engine) {
			return
		}
	}
	t.Constraints = append(t.Constraints, &con)
	sortConstraints(t)
}

// nextNumber is one more than the greatest number behind a prefix that is in use.
func nextNumber(t *dialects.Table, prefix string) string {
	greatest := 0
	for _, con := range t.Constraints {
		if text, ok := strings.CutPrefix(con.Name, prefix); ok {
			if n, err := strconv.Atoi(text); err == nil {
				greatest = max(greatest, n)
			}
		}
	}
	return strconv.Itoa(greatest + 1)
}

// putForeignKey resolves a foreign key's table, and makes the index that it needs where there is
// none. Without a name of its own the index goes by its first column.
func (r replayer) putForeignKey(t *dialects.Table, con *dialects.Constraint, named bool) {
	references := *con.References
	if references.Schema == "" {
		references.Schema = t.Name.Schema
	}
	con.References = &references
	con.Definition = r.foreignKeyText(t, *con)
	if indexStartsWith(t, con.Columns) {
		return
	}
	i := dialects.Index{Valid: true, Method: btree}
	for _, c := range con.Columns {
		i.Parts = append(i.Parts, dialects.IndexPart{Column: c})
	}
	if named {
		i.Name.Name = con.Name
	}
	r.putIndex(t, i)
}

// foreignKeyText leaves the schema out where it is the table's own, as the servers print it.
func (r replayer) foreignKeyText(t *dialects.Table, con dialects.Constraint) string {
	if con.References != nil && con.References.Schema == t.Name.Schema {
		con.References = &dialects.Name{Name: con.References.Name}
	}
	return foreignKeyText(con)
}

// indexStartsWith reports whether an index serves a foreign key.
func indexStartsWith(t *dialects.Table, columns []string) bool {
	return slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool { return startsWith(i, columns) })
}

// startsWith reports whether an index's first parts are the columns, in order and whole.
func startsWith(i *dialects.Index, columns []string) bool {
	if len(i.Parts) < len(columns) || i.Method == fulltext || i.Method == rtree {
		return false
	}
	for n, c := range columns {
		if !strings.EqualFold(i.Parts[n].Column, c) || i.Parts[n].Length > 0 {
			return false
		}
	}
	return true
}

func (r replayer) dropConstraint(t *dialects.Table, c dialects.DropConstraint) {
	con := findConstraint(t, c.Name)
	if con == nil || c.Kind != "" && con.Kind != c.Kind {
		return
	}
	if con.Index != "" {
		dropIndexOf(t, con.Index)
		return
	}
	t.Constraints = slices.DeleteFunc(t.Constraints, func(other *dialects.Constraint) bool { return other == con })
}

func enforce(con *dialects.Constraint, enforced bool) {
	con.NotEnforced = !enforced
	con.Definition = "CHECK (" + con.Expression + ")"
	if !enforced {
		con.Definition += " NOT ENFORCED"
	}
}

func sortConstraints(t *dialects.Table) {
	slices.SortStableFunc(t.Constraints, func(a, b *dialects.Constraint) int { return strings.Compare(a.Name, b.Name) })
}
