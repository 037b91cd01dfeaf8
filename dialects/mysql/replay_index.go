package mysql

import (
	"slices"
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// putIndex adds an index. A unique one, and the primary key, is a constraint of the same name too.
func (r replayer) putIndex(t *dialects.Table, i dialects.Index) {
	i.Parts = slices.Clone(i.Parts)
	for n, p := range i.Parts {
		c := findColumn(t, p.Column)
		if p.Expression == "" && c == nil {
			return
		}
		if c != nil {
			i.Parts[n].Column = c.Name
			c.NotNull = c.NotNull || i.Primary
			if p.Length > 0 && p.Length == parseType(c.Type).length() {
				i.Parts[n].Length = 0 // the whole of it
			}
		}
	}
	i.Name.Schema = t.Name.Schema
	if i.Name.Name == "" {
		i.Name.Name = freeIndexName(t, i.Parts)
	} else if findIndex(t, i.Name.Name) != nil {
		return
	}
	describeIndex(&i)
	t.Indexes = append(t.Indexes, &i)
	slices.SortStableFunc(t.Indexes, func(a, b *dialects.Index) int { return strings.Compare(a.Name.Name, b.Name.Name) })
	if i.Unique {
		t.Constraints = append(t.Constraints, &dialects.Constraint{Name: i.Name.Name, Index: i.Name.Name})
		sortConstraints(t)
		carry(t, &i)
	}
}

// carry makes the constraint of a unique index say what the index does.
func carry(t *dialects.Table, i *dialects.Index) {
	con := findConstraint(t, i.Name.Name)
	if !i.Unique || con == nil || con.Index == "" {
		return
	}
	con.Kind, i.Constraint = dialects.Unique, i.Name.Name
	if i.Primary {
		con.Kind = dialects.PrimaryKey
	}
	con.Columns, con.Definition = slices.Clone(i.Columns), i.Definition
}

// freeIndexName is the name that an index without one gets: its first column's, then with _2 and on.
func freeIndexName(t *dialects.Table, parts []dialects.IndexPart) string {
	base := "functional_index"
	if len(parts) > 0 && parts[0].Expression == "" {
		base = parts[0].Column
	}
	name := base
	for n := 2; findIndex(t, name) != nil || strings.EqualFold(name, primary); n++ {
		name = base + "_" + strconv.Itoa(n)
	}
	return name
}

func dropIndexOf(t *dialects.Table, name string) {
	t.Indexes = slices.DeleteFunc(t.Indexes, func(i *dialects.Index) bool { return strings.EqualFold(i.Name.Name, name) })
	t.Constraints = slices.DeleteFunc(t.Constraints, func(con *dialects.Constraint) bool {
		return con.Index != "" && strings.EqualFold(con.Index, name)
	})
}

func renameIndexOf(t *dialects.Table, from, to string) {
	i := findIndex(t, from)
	if i == nil || findIndex(t, to) != nil {
		return
	}
	con := findConstraint(t, i.Name.Name)
	i.Name.Name = to
	describeIndex(i)
	if con != nil && con.Index != "" {
		con.Name, con.Index = to, to
		carry(t, i)
		sortConstraints(t)
	}
}

func showIndex(t *dialects.Table, name string, visible bool) {
	if i := findIndex(t, name); i != nil {
		i.Invisible = !visible
	}
}
