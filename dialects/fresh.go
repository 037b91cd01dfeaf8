package dialects

import "slices"

// Fresh are the tables, views and sequences that a migration has made itself: nobody can be using them yet.
type Fresh map[Name]bool

// Replay carries a statement of the migration out on the catalog, and follows what it makes, moves and drops.
func (f Fresh) Replay(d Dialect, c *Catalog, s Statement) {
	var made, touched []Name
	moved := map[*Table]bool{} // whether it is fresh
	for _, change := range s.Changes {
		name := c.Resolve(change.Target())
		switch x := change.(type) {
		case CreateTable:
			if c.Table(x.Table) == nil {
				made = append(made, name)
			}
		case CreateObject:
			if slices.Contains(relations, x.Kind) && c.Objects[ObjectKey{x.Kind, name}] == nil && !x.Replace {
				made = append(made, name)
			}
		case RenameTable, AlterTable, DropTable, DropObject:
			if a, ok := x.(AlterTable); ok && a.What != "set schema" {
				continue
			}
			if t := c.Tables[name]; t != nil {
				moved[t] = f[name]
			}
			touched = append(touched, name)
		}
	}
	d.Replay(c, s)
	for _, name := range touched {
		if !c.hasRelation(name) {
			delete(f, name)
		}
	}
	for t, fresh := range moved {
		f.set(t.Name, fresh && c.Tables[t.Name] == t)
	}
	for _, name := range made {
		f[name] = true
	}
}

func (f Fresh) set(name Name, fresh bool) {
	if fresh {
		f[name] = true
		return
	}
	delete(f, name)
}

// hasAny reports whether there is a table or any object of the name: DROP TYPE says not which kind of type.
func (c *Catalog) hasAny(name Name) bool {
	if c.Tables[name] != nil {
		return true
	}
	for key := range c.Objects {
		if key.Name == name {
			return true
		}
	}
	return false
}

// Whole reports whether what the catalog has not is not there, so that IF EXISTS finds nothing. Migrations that
// have made no table yet may be the first, or a few out of the middle.
func (c *Catalog) Whole() bool { return c.Live || len(c.Tables) > 0 && !c.Gaps }

// NoteGaps is told of each change before it is replayed.
func (c *Catalog) NoteGaps(change Change) {
	switch x := change.(type) {
	case DropTable:
		c.Gaps = c.Gaps || !x.IfExists && !c.hasRelation(c.Resolve(x.Table))
	case AddColumn, RedefineColumn, DropColumn, RenameColumn, AlterColumnType, SetDefault, SetNotNull, DropNotNull, AlterColumn,
		AddForeignKey, AddConstraint, ValidateConstraint, DropConstraint, RenameConstraint, AlterConstraint, CreateIndex, RenameTable:
		c.Gaps = c.Gaps || !c.hasRelation(c.Resolve(change.Target()))
	}
}

var relations = []ObjectKind{View, MaterializedView, Sequence}

func (c *Catalog) hasRelation(name Name) bool {
	if c.Tables[name] != nil {
		return true
	}
	for _, kind := range relations {
		if c.Objects[ObjectKey{kind, name}] != nil {
			return true
		}
	}
	return false
}
