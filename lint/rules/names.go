package rules

import (
	"iter"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// newName is a name that a statement gives.
type newName struct {
	kind  string // of what it is the name: table, column, index, constraint, or an object's kind
	name  string
	table dialects.Name // resolved; zero where it is of no table
}

// newNames are the names that the statement gives, each once; those that the server finds are left out.
func newNames(p *lint.Pass) iter.Seq[newName] {
	return func(yield func(newName) bool) {
		given := map[newName]bool{}
		for _, change := range p.Statement.Changes {
			for _, n := range namesIn(change) {
				if n.table.Name != "" {
					n.table = p.Catalog.Resolve(n.table)
				}
				if n.name == "" || given[n] {
					continue
				}
				given[n] = true
				if !yield(n) {
					return
				}
			}
		}
	}
}

// namesIn are the names that a change gives.
func namesIn(change dialects.Change) []newName {
	switch c := change.(type) {
	case dialects.CreateTable:
		if c.Temporary {
			return nil
		}
		names := []newName{{"table", c.Table.Name, c.Table}}
		for _, column := range c.Columns {
			names = append(names, newName{"column", column.Name, c.Table})
		}
		return append(names, partNames(change)...)
	case dialects.RenameTable:
		return []newName{{"table", c.To, c.Table}}
	case dialects.AddColumn:
		return append(partNames(change), newName{"column", c.Column.Name, c.Table})
	case dialects.RenameColumn:
		return []newName{{"column", c.To, c.Table}}
	case dialects.RedefineColumn:
		if c.To.Name == c.Column {
			return partNames(change)
		}
		return append(partNames(change), newName{"column", c.To.Name, c.Table})
	case dialects.RenameConstraint:
		return []newName{{"constraint", c.To, c.Table}}
	case dialects.RenameIndex:
		return []newName{{"index", c.To, c.Table}}
	case dialects.CreateObject:
		if c.Kind == dialects.Extension {
			return nil // its name is given by who wrote it
		}
		return []newName{{kind: string(c.Kind), name: c.Object.Name}}
	case dialects.AlterObject:
		if c.What == "rename" {
			return []newName{{kind: string(c.Kind), name: c.To}}
		}
		return nil
	}
	return partNames(change)
}

// partNames are the names of the constraints and indexes that a change makes. MariaDB calls a column's own
// check after the column, and every primary key of the MySQL family has one name.
func partNames(change dialects.Change) []newName {
	var names []newName
	constraints, indexes := parts(change)
	for _, c := range constraints {
		if len(c.Columns) != 1 || c.Columns[0] != c.Name {
			names = append(names, newName{"constraint", c.Name, change.Target()})
		}
	}
	for _, i := range indexes {
		if !i.Primary {
			names = append(names, newName{"index", i.Name.Name, change.Target()})
		}
	}
	return names
}

// String is what messages call it.
func (n newName) String() string {
	if n.kind == "column" || n.kind == "index" && n.table.Name != "" || n.kind == "constraint" {
		return n.kind + " " + n.name + " of " + n.table.String()
	}
	return n.kind + " " + n.name
}
