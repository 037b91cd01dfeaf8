package mysql

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
)

// onlineTools copy a table beside the traffic. What a tool refuses unless it is told otherwise is said.
func (j judge) onlineTools(e dialects.Effect) string {
	t := j.Table(e.Table)
	switch {
	case t == nil:
	case len(j.held(t)) > 0 || len(j.holding(t)) > 0:
		return "let pt-online-schema-change copy the table beside the traffic, with --alter-foreign-keys-method (gh-ost takes no table with foreign keys)"
	case len(t.Triggers) > 0:
		return "let gh-ost (--include-triggers) or pt-online-schema-change (--preserve-triggers) copy the table beside the traffic"
	}
	return "let gh-ost or pt-online-schema-change copy the table beside the traffic"
}

// inQuiet is for a rebuild in place that there is no way around.
func (j judge) inQuiet() string {
	if j.statement.Algorithm != "" {
		return "run it when replicas may fall behind, and allow it"
	}
	return "ask for ALGORITHM=INPLACE, LOCK=NONE by name when replicas may fall behind, and allow it"
}

// instead is the way out of a hazard; empty where it is the same on every server.
func (j judge) instead(e dialects.Effect, id string) string {
	switch id {
	case addColumnRewrite:
		return j.addColumnOtherwise(e)
	case changeColumnType:
		return "add a column of the new type, write both, copy the old rows in batches, move the reads, and drop the old column once " +
			"no app version uses it; or " + j.onlineTools(e)
	case dropColumn:
		return "first deploy a version that does not name it, and take it out of triggers and views; drop it when no other version runs"
	case foreignKeyNotOnline:
		return "look for rows without a partner first; then SET foreign_key_checks = 0 and add it with ALGORITHM=INPLACE, LOCK=NONE, " +
			"which looks at no row that is there"
	case indexNotOnline:
		return j.indexOtherwise(e)
	case notNullWithoutDefault:
		return "give it a constant default, or add it without NOT NULL, fill it in batches, and make it NOT NULL once every app version writes it"
	case renameColumn:
		return "add the new column, write both, copy the old rows in batches, move the reads, and drop the old column once no app version uses it"
	case renameTableHazard:
		return "keep the name until no app version uses it; a view of the old name over the table takes reads and writes, but between " +
			"the two statements the old name is missing"
	case setNotNull:
		if e.Algorithm == dialects.AlgorithmCopy {
			return "fill the NULLs in batches first; then " + j.onlineTools(e)
		}
		return "fill the NULLs in batches first (one that is left fails the statement at its very end); then " + j.inQuiet()
	case tableRewrite:
		return j.rewriteOtherwise(e)
	}
	return ""
}

func (j judge) addColumnOtherwise(e dialects.Effect) string {
	c, ok := e.Change.(dialects.AddColumn)
	switch {
	case !ok:
		return ""
	case c.Column.Generated != "":
		return "make it VIRTUAL, which is done at once; or a plain column that the apps write, its old rows filled in batches"
	case c.Column.Identity != "":
		return j.onlineTools(e)
	case len(c.Constraints) > 0 || len(c.Indexes) > 0:
		return "add the column alone, with ALGORITHM=INSTANT, and its constraint or index in a statement of its own"
	case c.Column.Default != "" && !isConstantDefault(c.Column.Default):
		return fmt.Sprintf("add the column without a default; ALTER COLUMN %s SET DEFAULT in a statement of its own is for new rows only; "+
			"fill the old rows in batches", c.Column.Name)
	case e.Algorithm == dialects.AlgorithmCopy:
		return j.onlineTools(e)
	case (c.First || c.After != "") && !j.isMariaDB() && number(j.server) < 80029:
		return "add it at the end, without FIRST or AFTER, with ALGORITHM=INSTANT"
	}
	return j.inQuiet() + "; or " + j.onlineTools(e)
}

func (j judge) indexOtherwise(e dialects.Effect) string {
	c, ok := e.Change.(dialects.CreateIndex)
	switch {
	case !ok:
		return "build the index in a statement of its own"
	case c.Index.Primary && e.Blocks == dialects.BlocksNothing:
		return j.inQuiet()
	case c.Index.Expressions && e.Algorithm != dialects.AlgorithmCopy:
		return "add a VIRTUAL column of the expression, and index that one in a statement of its own, with ALGORITHM=INPLACE, LOCK=NONE"
	}
	if c.Index.Unique && !c.Index.Primary {
		return "build it when writes to the table may wait, and allow it; gh-ost and pt-online-schema-change lose the rows that are the same in it"
	}
	return "build it when writes to the table may wait, and allow it; or " + j.onlineTools(e)
}

func (j judge) rewriteOtherwise(e dialects.Effect) string {
	switch c := e.Change.(type) {
	case dialects.DropColumn:
		if t := j.Table(c.Table); t == nil || slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool { return slices.Contains(i.Columns, c.Column) }) {
			return "drop the indexes that have the column in a statement before; then it goes at once"
		}
	case dialects.AddConstraint, dialects.AlterConstraint:
		if j.isMariaDB() {
			return "check it in the app; or " + j.onlineTools(e)
		}
		return "check it in the app, and add it NOT ENFORCED, which is done at once; or " + j.onlineTools(e)
	case dialects.DropNotNull:
		return "leave the column NOT NULL and give it a default where that will do; else " + j.inQuiet()
	case dialects.DropConstraint:
		return "drop the primary key and add the new one in one ALTER TABLE: that is done in place"
	case dialects.AlterTable:
		if c.What == "optimize" {
			return "leave it out of migrations: run it by hand when replicas may fall behind"
		}
	case dialects.RedefineColumn:
		if c.First || c.After != "" {
			return "leave out FIRST or AFTER where that will do: a column's place means nothing to an app that names its columns; else " + j.inQuiet()
		}
	}
	if e.Algorithm == dialects.AlgorithmCopy || e.Blocks != dialects.BlocksNothing {
		return j.onlineTools(e) + "; or do it when writes may wait, and allow it"
	}
	return j.inQuiet() + "; or " + j.onlineTools(e)
}
