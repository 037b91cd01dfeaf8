package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// refused adds what the server has no such form of, for a table that is new as well. Of a partitioned table's
// indexes it was seen on 14, 16 and 17, and https://www.postgresql.org/docs/18/sql-createindex.html says so of all
// releases; the rest was seen on 14 to 18, by the effects test.
func (j judge) refused(change dialects.Change, e dialects.Effect) dialects.Effect {
	t := j.Table(e.Table)
	whole := t != nil && t.Kind == dialects.PartitionedTable
	switch c := change.(type) {
	case dialects.CreateIndex:
		if whole && c.Concurrently {
			return stops(e, concurrentOnWhole, "the server builds no index on a partitioned table concurrently, and %s is one", t.Name)
		}
		if whole && c.Index.Unique && j.Resolve(c.Table) == t.Name {
			return j.uniqueInParts(e, t, c.Index.Keys)
		}
	case dialects.DropIndex:
		return j.refusedDrop(e, c, whole)
	case dialects.DetachPartition:
		if rest := j.defaultPartition(c.Table); c.Concurrently && rest != nil && j.Resolve(c.Table) == e.Table {
			return withInstead(breaks(e, formRefused, "beside a DEFAULT partition, as %s is, the server detaches none concurrently", rest.Name),
				"SET lock_timeout = '1s', leave CONCURRENTLY out, and try again until it goes through")
		}
	case dialects.Reindex:
		if of := j.tableOfIndex(c.Object); c.Concurrently && of != nil && of == t {
			if con := findConstraint(of, findIndex(of, j.Resolve(c.Object).Name).Constraint); con != nil && con.Kind == dialects.Exclusion {
				return withInstead(breaks(e, formRefused, "the server builds no index of an EXCLUDE constraint concurrently"),
					"build it without CONCURRENTLY when nobody uses the table")
			}
		}
	case dialects.CreateObject:
		if c.Kind == dialects.View && c.Replace {
			return j.refusedView(e, c)
		}
	case dialects.AlterObject:
		if c.What == "refresh" && c.Value == "concurrently" && !j.Live {
			return j.refusedRefresh(e, c.Object)
		}
	case dialects.AddForeignKey:
		if whole && c.Constraint.NotValid && j.Version.Major != 0 && !j.Version.AtLeast(18, 0) && j.Resolve(c.Table) == t.Name {
			return withInstead(breaks(e, formRefused, "before Postgres 18 no foreign key of a partitioned table is NOT VALID, and %s is one", t.Name),
				"add it NOT VALID to each partition and VALIDATE it there, then add it to the whole: that takes those for its parts, and looks at no row")
		}
	case dialects.AddConstraint:
		if t == nil || j.Resolve(c.Table) != t.Name {
			return e
		}
		if at := slices.IndexFunc(t.Constraints, func(con *dialects.Constraint) bool { return con.Kind == dialects.PrimaryKey }); at >= 0 &&
			c.Constraint.Kind == dialects.PrimaryKey && !j.drops(t.Constraints[at].Name) {
			return withInstead(breaks(e, formRefused, "%s has a primary key, %s, and gets no second one", t.Name, t.Constraints[at].Name),
				"drop %s in the same ALTER TABLE, or make this one UNIQUE", quote(t.Constraints[at].Name))
		}
		if c.UsingIndex != "" {
			return j.refusedIndex(e, t, c)
		}
		if whole && (c.Constraint.Kind == dialects.PrimaryKey || c.Constraint.Kind == dialects.Unique) {
			return j.uniqueInParts(e, t, c.Constraint.Columns)
		}
	}
	return e
}

// refusedView is of a view that would have fewer columns than it has. Names are not compared: those that CREATE VIEW
// lists are not kept.
func (j judge) refusedView(e dialects.Effect, c dialects.CreateObject) dialects.Effect {
	view := j.Objects[dialects.ObjectKey{Kind: c.Kind, Name: j.Resolve(c.Object)}]
	if view == nil {
		return e
	}
	was, err := parseOne(view.Definition)
	if err != nil {
		return e
	}
	stmt, err := parseOne(c.Definition)
	if err != nil {
		return e
	}
	before, known := columnsOfQuery(was)
	after, too := columnsOfQuery(stmt.GetViewStmt().GetQuery())
	if !known || !too || after >= before {
		return e
	}
	return withInstead(breaks(e, formRefused, "view %s has %d columns, and CREATE OR REPLACE takes none away: this has %d", view.Name, before, after),
		"keep the columns; or in one transaction DROP VIEW and CREATE VIEW, when no app version reads them")
}

// columnsOfQuery is how many columns a query has; not known where it has a star.
func columnsOfQuery(query *astNode) (n int, known bool) {
	targets := query.GetSelectStmt().GetTargetList()
	for _, t := range targets {
		star := false
		walk(t, func(m any) bool {
			_, is := m.(*astAStar)
			_, within := m.(*astSubLink)
			star = star || is
			return !within
		})
		if star {
			return 0, false
		}
	}
	return len(targets), len(targets) > 0
}

// refusedRefresh asks of a view what only the replay of migrations tells.
func (j judge) refusedRefresh(e dialects.Effect, name dialects.Name) dialects.Effect {
	view := j.Objects[dialects.ObjectKey{Kind: dialects.MaterializedView, Name: j.Resolve(name)}]
	switch {
	case view == nil:
	case view.Empty:
		return withInstead(breaks(e, formRefused, "%s has not been filled yet, and the server fills none for the first time concurrently", view.Name),
			"leave CONCURRENTLY out: until it is filled nobody can read it")
	case len(view.Keys) == 0:
		return withInstead(breaks(e, formRefused, "%s has no unique index, without which the server refreshes none concurrently", view.Name),
			"CREATE UNIQUE INDEX on columns of it, without WHERE, first")
	}
	return e
}

func (j judge) refusedDrop(e dialects.Effect, c dialects.DropIndex, whole bool) dialects.Effect {
	switch {
	case !c.Concurrently:
	case whole:
		return stops(e, concurrentOnWhole, "the server drops no index of a partitioned table concurrently, and %s is one", e.Table)
	case c.Cascade:
		return withInstead(breaks(e, formRefused, "DROP INDEX CONCURRENTLY has no CASCADE"), "leave CASCADE out: no other object needs a plain index")
	case len(j.statement.Changes) > 1 && j.statement.Changes[0] == dialects.Change(c):
		return withInstead(breaks(e, formRefused, "DROP INDEX CONCURRENTLY drops one index at a time"), "write a statement for each")
	}
	return e
}

// refusedIndex is of an index that no constraint can take over.
func (j judge) refusedIndex(e dialects.Effect, t *dialects.Table, c dialects.AddConstraint) dialects.Effect {
	index := findIndex(t, c.UsingIndex)
	why := ""
	switch {
	case t.Kind == dialects.PartitionedTable:
		return withInstead(breaks(e, formRefused, "%s is partitioned, and no constraint of it can be added USING INDEX", t.Name),
			"%s", keyOfParts(c.Constraint.Kind))
	case index == nil:
		return e
	case !index.Unique:
		why = "it is not unique"
	case index.Partial:
		why = "it has a WHERE"
	case index.Expressions:
		why = "it has an expression"
	case index.Constraint != "":
		why = "constraint " + index.Constraint + " has it"
	default:
		return e
	}
	return withInstead(breaks(e, formRefused, "no constraint can take index %s over: %s", c.UsingIndex, why),
		"CREATE UNIQUE INDEX CONCURRENTLY on plain columns, without WHERE, and add the constraint USING that")
}

// keyOfParts is how a partitioned table gets a key with no scan under its lock: the server takes the partitions'
// own. Seen on 15.
func keyOfParts(kind dialects.ConstraintKind) string {
	word := strings.ToUpper(string(kind))
	return "for each partition CREATE UNIQUE INDEX CONCURRENTLY and ADD CONSTRAINT ... " + word + " USING INDEX; then ADD CONSTRAINT ... " +
		word + " (...) on the whole, which takes those for its parts"
}

// uniqueInParts is of a unique index that lacks a column by which rows are put into partitions.
func (j judge) uniqueInParts(e dialects.Effect, t *dialects.Table, keys []string) dialects.Effect {
	if t.Partition == nil || slices.Contains(keys, "") {
		return e
	}
	if len(t.Partition.Expressions) > 0 {
		return withInstead(breaks(e, formRefused, "the partitions of %s go by an expression, and such a table has no unique index", t.Name),
			"make the key on each partition, where that is enough")
	}
	for _, column := range t.Partition.Columns {
		if !slices.Contains(keys, column) {
			return withInstead(breaks(e, formRefused, "a unique index of a partitioned table has all columns that its partitions go by, and %s is one", column),
				"add %s to the key, or make the key on each partition, where that is enough", column)
		}
	}
	return e
}
