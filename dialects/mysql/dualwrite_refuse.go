package mysql

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segue-db/segue/dialects"
)

// missing are the reasons for which there is nothing to plan: names that are not there.
func (p *pair) missing() []string {
	switch {
	case p.table == nil:
		return []string{fmt.Sprintf("table %s is not there", p.spec.Table)}
	case p.old == nil:
		return []string{fmt.Sprintf("table %s has no column %s", p.spec.Table, p.spec.Old)}
	}
	return nil
}

// taken are the reasons for which the new name cannot be had.
func (p *pair) taken() []string {
	switch to := p.spec.New; {
	case strings.EqualFold(to, p.spec.Old):
		return []string{fmt.Sprintf("%s and %s are one name to the server, which looks away from case; every app version can use either, so use -- segue:plan off", p.spec.Old, to)}
	case findColumn(p.table, to) != nil:
		return []string{fmt.Sprintf("table %s has a column %s already; drop it, or choose another name", p.spec.Table, to)}
	case utf8.RuneCountInString(to) > maxName:
		return []string{fmt.Sprintf("%s is longer than %d characters; choose a shorter name", to, maxName)}
	case !p.isMariaDB() && !droppable(to):
		return []string{fmt.Sprintf("MySQL cannot drop a column called %s at once (error 3507), and so not undo its making; choose a shorter name, or one in ASCII", to)}
	}
	return nil
}

// droppable reports whether MySQL can drop a column of this name at once: it stays in the dictionary under
// its name behind a prefix, cut to 64 bytes, and a cut within a character is refused (tried on 9.7).
// The prefix holds two numbers, of which the greatest have three and four digits.
func droppable(name string) bool {
	for cut := 64 - len("!hidden!_dropped_v255_p1017_"); cut <= 64-len("!hidden!_dropped_v1_p2_"); cut++ {
		if cut < len(name) && !utf8.RuneStart(name[cut]) {
			return false
		}
	}
	return true
}

// obstacles are all reasons for which two forms of this column cannot be kept, each with its object
// and a way out.
func (p *pair) obstacles() []string {
	var reasons []string
	for _, ask := range []func() []string{
		p.badServer, p.badTable, p.badColumn, p.badKeys, p.badIndexes, p.badChecks, p.badTriggers,
	} {
		reasons = append(reasons, ask()...)
	}
	return reasons
}

// badServer: MySQL drops a column at once from 8.0.29 on. MariaDB's DDL survives a crash from 10.6 on.
func (p *pair) badServer() []string {
	switch {
	case p.isMariaDB() && !p.server.AtLeast(10, 6):
		return []string{fmt.Sprintf("%s is too old: a crash in an ALTER may leave it half done; upgrade to mariadb:10.6 or later", p.server)}
	case !p.isMariaDB() && number(p.server) < 80029:
		return []string{fmt.Sprintf("%s is too old: it rebuilds the table to drop a column; upgrade to MySQL 8.0.29 or later", p.server)}
	}
	return nil
}

func (p *pair) badTable() []string {
	var reasons []string
	say := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	t := p.table
	limit := maxRowVersions
	if p.server.AtLeast(9, 1) {
		limit = maxRowVersionsNew
	}
	left := 2 // the column comes and goes
	if p.swapped() || findColumn(t, p.spec.New) != nil {
		left = 1
	}
	switch {
	case t.Temporary:
		say("%s is a temporary table: use -- segue:plan off", t.Name)
	case t.Engine != innoDB && t.Engine != "":
		say("the engine of %s is %s, which copies the table to add a column; convert it first (ALTER TABLE ... ENGINE=InnoDB)", t.Name, t.Engine)
	case t.RowFormat == "Compressed":
		say("%s is ROW_FORMAT=COMPRESSED, and would be rebuilt to add a column; make it ROW_FORMAT=DYNAMIC first", t.Name)
	case !p.isMariaDB() && t.RowVersions+left > limit:
		say("%s has had %d instant changes of its columns, and would be rebuilt to add another; rebuild it first (ALTER TABLE ... FORCE, ALGORITHM=INPLACE, LOCK=NONE)", t.Name, t.RowVersions)
	}
	if t.SystemVersioned {
		say("%s keeps its rows' history (SYSTEM VERSIONING), which no trigger fills; drop the versioning first", t.Name)
	}
	if key := t.Partition; key != nil {
		named := slices.Clone(key.Columns)
		for _, e := range key.Expressions {
			named = append(named, expressionColumns(e)...)
		}
		if contains(named, p.old.Name) {
			say("%s is partitioned by %s; partition a new table by the new column, and move the rows", t.Name, p.old.Name)
		}
	}
	return reasons
}

func (p *pair) badColumn() []string {
	var reasons []string
	say := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	if p.old.Identity != "" {
		say("%s is the table's AUTO_INCREMENT column, whose number no trigger sees before the row is written; keep the name", p.oldName())
	}
	if !p.isMariaDB() && !droppable(p.spec.Old) {
		say("MySQL cannot drop a column called %s at once (error 3507), as contract has to; use -- segue:plan off at a quiet hour", p.oldName())
	}
	if p.old.Generated != "" {
		say("%s is a generated column; add one of the new name with the same expression, and drop it when no app reads it", p.oldName())
	}
	if p.old.OnUpdate != "" {
		say("%s changes by itself with any other column (ON UPDATE %s), so nobody can tell whether an app that leaves the new name alone means to keep it; drop that first, and have apps set the column", p.oldName(), p.old.OnUpdate)
	}
	if p.dflt.kind == volatileDefault && !p.old.NotNull {
		say("%s may be NULL and has a default that differs from row to row, %s: nobody can tell a NULL that was asked for from one that was not given; make it NOT NULL, or drop the default and have apps give the value", p.oldName(), p.old.Default)
	}
	for _, c := range p.table.Columns {
		if c != p.old && c.Generated != "" && contains(expressionColumns(c.Generated), p.old.Name) {
			say("generated column %s.%s uses %s; drop it first, and add it again afterwards", p.table.Name, c.Name, p.old.Name)
		}
		if c != p.old && !p.isMariaDB() && c.Default != "" && !isConstantDefault(c.Default) && contains(expressionColumns(c.Default), p.old.Name) {
			say("the default of %s.%s uses %s, and MySQL renames no such column; drop the default first, and set it again afterwards", p.table.Name, c.Name, p.old.Name)
		}
	}
	return reasons
}

// badKeys are the primary key, and foreign keys by which the server would write the column itself,
// where no trigger runs.
func (p *pair) badKeys() []string {
	var reasons []string
	for _, con := range p.table.Constraints {
		switch {
		case !contains(con.Columns, p.old.Name):
		case con.Kind == dialects.PrimaryKey:
			reasons = append(reasons, fmt.Sprintf("%s is in the primary key, by which the backfill finds its rows and every other index its; make another key the primary one first, or keep the name", p.oldName()))
		case con.Kind == dialects.ForeignKey && changesColumn(con):
			reasons = append(reasons, fmt.Sprintf("foreign key %s of %s writes %s when its parent changes (ON DELETE %s ON UPDATE %s), and no trigger runs for that; make it NO ACTION first, and have apps write the column",
				con.Name, p.table.Name, p.old.Name, orNoAction(con.OnDelete), orNoAction(con.OnUpdate)))
		}
	}
	return reasons
}

// changesColumn reports whether a foreign key changes its own column's value. ON DELETE CASCADE does not: the
// row goes.
func changesColumn(con *dialects.Constraint) bool {
	return strings.HasPrefix(con.OnDelete, "SET") || strings.HasPrefix(con.OnUpdate, "SET") || con.OnUpdate == "CASCADE"
}

func orNoAction(rule string) string {
	if rule == "" {
		return "NO ACTION"
	}
	return rule
}

// maxIndexes is how many secondary indexes InnoDB lets a table have.
const maxIndexes = 64

func (p *pair) badIndexes() []string {
	var reasons []string
	say := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	for _, i := range p.table.Indexes {
		on := contains(i.Columns, p.old.Name)
		functional := slices.ContainsFunc(i.Parts, func(part dialects.IndexPart) bool {
			return part.Expression != "" && contains(expressionColumns(part.Expression), p.old.Name)
		})
		switch {
		case i.Method == fulltext:
			say("%s has the FULLTEXT index %s, and would be rebuilt to add a column; drop the index first, and build it again afterwards", p.table.Name, i.Name)
		case on && (i.Method == rtree || i.Method == vector):
			say("%s index %s is on %s, and writes would wait while its like is built; drop it first, and build it again afterwards", strings.ToLower(i.Method), i.Name, p.oldName())
		case functional:
			say("index %s has an expression with %s, and MySQL renames no such column; drop it first, and build it again afterwards", i.Name, p.old.Name)
		}
	}
	if n := len(p.table.Indexes) + len(p.twins()); n > maxIndexes && findColumn(p.table, p.spec.New) == nil {
		say("%s would have %d indexes for a while, and can have %d; drop some that are not used", p.table.Name, n, maxIndexes)
	}
	return reasons
}

// badChecks: MySQL renames no column of a CHECK, and copies the table to add one (tried on 9.7). MariaDB
// renames the column in it.
func (p *pair) badChecks() []string {
	if p.isMariaDB() {
		return nil
	}
	var reasons []string
	for _, con := range p.table.Constraints {
		if con.Kind == dialects.Check && contains(con.Columns, p.old.Name) {
			reasons = append(reasons, fmt.Sprintf("check %s of %s uses %s: MySQL renames no column of a CHECK, and copies the table while writes wait to add one; drop it first (it is done at once), and add it again afterwards, at a quiet hour or NOT ENFORCED",
				con.Name, p.table.Name, p.old.Name))
		}
	}
	return reasons
}

// badTriggers are triggers that name the column: they would fail, and every write with them, once its
// name is gone.
func (p *pair) badTriggers() []string {
	var reasons []string
	for _, g := range p.table.Triggers {
		if !isHelper(g.Name) && contains(g.Columns, p.spec.Old) {
			reasons = append(reasons, fmt.Sprintf("trigger %s of %s names %s, and every write would fail once that is gone; drop it first, and make it again afterwards with %s",
				g.Name, p.table.Name, p.spec.Old, p.spec.New))
		}
	}
	return reasons
}
