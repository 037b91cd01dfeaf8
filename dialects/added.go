package dialects

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// BesideNew are effects beside the columns that the script has added before the statement. No app knows them, so that
// renaming or dropping one breaks none; and in one without a default every row is NULL, so that an UPDATE which fills it
// wherever it is NULL writes them all.
func BesideNew(c *Catalog, script []ScriptStatement, s Statement, fresh Fresh, effects []Effect) []Effect {
	for i, e := range effects {
		var column string
		switch x := e.Change.(type) {
		case WriteData:
			if added, ok := ColumnAdded(c, script, s.Start, c.Resolve(x.Table), x.Unfilled); ok && x.Unfilled != "" && e.Table == c.Resolve(x.Table) &&
				added.Column.Default == "" && !added.IfNotExists && !fresh[e.Table] {
				effects = slices.Clone(effects)
				effects[i].Scans = true
				effects[i].Hazards = append(slices.Clone(e.Hazards), Hazard{ID: "unbounded-write", Family: LockFamily, Detail: fmt.Sprintf(
					"%s is new, and NULL in every row of %s: each stays locked until the transaction ends", x.Unfilled, e.Table)})
			}
			continue
		case DropColumn:
			column = x.Column
		case RenameColumn:
			column = x.Column
		default:
			continue
		}
		known := func(h Hazard) bool { return h.ID == "drop-column" || h.ID == "rename-column" }
		if !slices.ContainsFunc(e.Hazards, known) {
			continue
		}
		added, ok := ColumnAdded(c, script, s.Start, c.Resolve(e.Change.Target()), column)
		if ok && !added.IfNotExists { // which may have been there before the script
			effects = slices.Clone(effects)
			effects[i].Hazards = slices.DeleteFunc(slices.Clone(e.Hazards), known)
		}
	}
	return effects
}

// ColumnAdded finds what adds a table's column in a script before a place. The names are those of the place.
func ColumnAdded(c *Catalog, script []ScriptStatement, before Place, table Name, column string) (AddColumn, bool) {
	for change := range above(c, script, before, table) {
		switch x := change.(type) {
		case RenameColumn:
			if c.sameName(x.To, column) {
				column = x.Column
			}
		case RedefineColumn:
			if c.sameName(x.To.Name, column) {
				column = x.Column
			}
		case AddColumn:
			if c.sameName(x.Column.Name, column) {
				return x, true
			}
		case DropColumn:
			if c.sameName(x.Column, column) {
				return AddColumn{}, false
			}
		}
	}
	return AddColumn{}, false
}

// IndexMade reports whether a script makes a table's index before a place, by itself or with its constraint. The names
// are those of the place.
func IndexMade(c *Catalog, script []ScriptStatement, before Place, table Name, index string) bool {
	for change := range above(c, script, before, table) {
		switch x := change.(type) {
		case RenameIndex:
			if c.sameName(x.To, index) {
				index = x.Index.Name
			}
		case RenameConstraint:
			if c.sameName(x.To, index) {
				index = x.Name
			}
		case CreateIndex:
			if c.sameName(x.Index.Name.Name, index) {
				return !x.IfNotExists
			}
		case AddConstraint:
			switch {
			case !c.sameName(x.Constraint.Name, index):
			case x.UsingIndex == "":
				return true
			default:
				index = x.UsingIndex
			}
		}
	}
	return false
}

// above are the changes of a script to a table before a place, the last one first. The table's name is that of the place.
// Indexes that are renamed without their table's name are any table's.
func above(c *Catalog, script []ScriptStatement, before Place, table Name) iter.Seq[Change] {
	return func(yield func(Change) bool) {
		for _, s := range slices.Backward(script) {
			if s.Start.Offset >= before.Offset {
				continue
			}
			for _, change := range slices.Backward(s.Changes) {
				name := c.Resolve(change.Target())
				switch x := change.(type) {
				case RenameTable:
					if name.Schema == table.Schema && c.sameName(x.To, table.Name) {
						table.Name = name.Name
					}
				case RenameIndex:
					if (x.Table.Name == "" || c.Resolve(x.Table) == table) && !yield(change) {
						return
					}
				default:
					if name == table && !yield(change) {
						return
					}
				}
			}
		}
	}
}

// sameName reports whether the server takes two names of columns, indexes or constraints for one.
func (c *Catalog) sameName(a, b string) bool {
	return a == b || c.Version.Kind != Postgres && strings.EqualFold(a, b)
}
