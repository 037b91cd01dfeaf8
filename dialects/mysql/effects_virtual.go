package mysql

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

// A virtual column comes and goes in the dictionary alone, but in place InnoDB lets few changes go with it: its
// check_if_supported_inplace_alter says "INPLACE ADD or DROP of virtual columns cannot be combined with other ALTER TABLE
// actions". To MySQL an index over an expression is an index of a hidden virtual column. Held against MySQL 9.7 and MariaDB
// 10.11 by testdata/matrix.txt.

// besideVirtual reports whether the statement makes a change that does not go with virtual columns in place.
func (j judge) besideVirtual(t *dialects.Table) bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool { return !j.goesWithVirtual(t, change) })
}

func (j judge) goesWithVirtual(t *dialects.Table, change dialects.Change) bool {
	switch c := change.(type) {
	case dialects.AddColumn:
		return c.Column.Generated != "" && !c.Column.Stored && !slices.ContainsFunc(c.Indexes, func(i dialects.Index) bool { return !isPlain(&i) })
	case dialects.DropColumn:
		return isVirtual(findColumn(t, c.Column)) || j.isMariaDB() && j.instantColumns(t, true) == ""
	case dialects.CreateIndex:
		return isPlain(&c.Index)
	case dialects.DropIndex:
		i := findIndex(t, c.Index.Name)
		return i == nil || !i.Unique
	case dialects.SetDefault:
		return !j.isMariaDB() && !slices.ContainsFunc(j.statement.Changes, isOfIndex)
	case dialects.AlterTable:
		return c.What == "nothing"
	}
	return false
}

func isOfIndex(change dialects.Change) bool {
	switch change.(type) {
	case dialects.CreateIndex, dialects.DropIndex:
		return true
	}
	return false
}

// isPlain reports whether an index is neither unique nor of a kind of its own.
func isPlain(i *dialects.Index) bool {
	return !i.Unique && !i.Primary && i.Method != fulltext && i.Method != rtree && i.Method != vector
}

func isVirtual(c *dialects.Column) bool { return c != nil && c.Generated != "" && !c.Stored }

// virtualAbility is of a virtual column that comes or goes. MySQL may still do it at once where all of the
// statement is done at once; not beside a rename.
func (j judge) virtualAbility(t *dialects.Table, a ability) ability {
	const beside = "a virtual column comes or goes while others change"
	for _, change := range j.statement.Changes {
		switch change.(type) {
		case dialects.RenameColumn, dialects.RedefineColumn:
			return copies(beside)
		}
	}
	if j.isMariaDB() && t.Partition != nil {
		return copies("the table is partitioned")
	}
	if !j.besideVirtual(t) {
		return a
	}
	if j.isMariaDB() {
		return copies(beside)
	}
	a.work, a.cause = impossible, beside
	return a
}

// expressionIndexAbility is of an index over an expression that comes or goes (MySQL).
func (j judge) expressionIndexAbility(t *dialects.Table, a ability) ability {
	comes, goes := false, false
	for _, change := range j.statement.Changes {
		switch c := change.(type) {
		case dialects.CreateIndex:
			comes = comes || c.Index.Expressions
		case dialects.DropIndex:
			i := findIndex(t, c.Index.Name)
			goes = goes || i != nil && i.Expressions
		}
	}
	if comes && goes || j.besideVirtual(t) {
		return copies("an index over an expression comes or goes while others change")
	}
	return a
}

// movesVirtual reports whether the statement has a virtual column stand at another place among the columns. To MariaDB it
// is then dropped and added.
func (j judge) movesVirtual(t *dialects.Table) bool {
	if !j.isMariaDB() || j.Table(t.Name) != t || !slices.ContainsFunc(t.Columns, isVirtual) {
		return false
	}
	after := j.after().Table(t.Name)
	if after == nil {
		return false
	}
	for at, c := range t.Columns {
		now := slices.IndexFunc(after.Columns, func(other *dialects.Column) bool { return other.Name == c.Name })
		if isVirtual(c) && now >= 0 && now != at {
			return true
		}
	}
	return false
}

// hasIndexedVirtual reports whether an index of the table has a virtual column. MariaDB rebuilds such a table with writes
// waiting, and lets no column come or go at once.
func (j judge) hasIndexedVirtual(t *dialects.Table) bool {
	return j.isMariaDB() && slices.ContainsFunc(t.Columns, func(c *dialects.Column) bool {
		return isVirtual(c) && slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool { return contains(i.Columns, c.Name) })
	})
}

// indexesNew reports whether the statement makes an index with a column that it adds.
func (j judge) indexesNew(c dialects.AddColumn) bool {
	return len(c.Indexes) > 0 || slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		i, ok := change.(dialects.CreateIndex)
		return ok && contains(i.Index.Columns, c.Column.Name)
	})
}
