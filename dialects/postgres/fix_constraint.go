package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// addConstraint has a constraint added NOT VALID and validated by itself, or its index built beforehand.
func (a *alterFixer) addConstraint(i int, con *astConstraint) {
	kind := constraintKinds[con.Contype.String()]
	rule := ruleFor(kind)
	switch {
	case con.SkipValidation || con.Indexname == "" && !a.wants(rule):
	case kind == dialects.Check || kind == dialects.ForeignKey:
		name, ok := a.nameOf(con, "")
		if !ok || kind == dialects.ForeignKey && !a.bearsNotValid() {
			a.fail(rule)
			return
		}
		if con.Conname == "" {
			a.insert(a.subs[i].lo, " CONSTRAINT "+quote(name))
		}
		a.insert(a.subs[i].hi-1, " NOT VALID")
		a.validate(name)
		a.cureNotValid(kind)
	case con.Indexname != "":
		if kind == dialects.PrimaryKey && a.wants(setNotNull) && a.table != nil {
			if index := findIndex(a.table, con.Indexname); index != nil {
				a.prove(index.Keys)
				a.cure(setNotNull, "prove by a CHECK that is validated on its own that the key's columns have no NULL")
			}
		}
	case kind == dialects.PrimaryKey || kind == dialects.Unique:
		a.useIndex(i, con, kind)
	default: // an exclusion constraint has no online form
		a.fail(rule)
	}
}

// ruleFor is the rule that finds a constraint which is added in one go.
func ruleFor(kind dialects.ConstraintKind) string {
	switch kind {
	case dialects.Check:
		return checkNotValid
	case dialects.ForeignKey:
		return foreignKeyNotValid
	}
	return indexNotConcurrent
}

func (a *alterFixer) cureNotValid(kind dialects.ConstraintKind) {
	if kind == dialects.Check {
		a.cure(checkNotValid, "add the CHECK NOT VALID and validate it by itself")
		return
	}
	a.cure(foreignKeyNotValid, "add the foreign key NOT VALID and validate it by itself")
}

// bearsNotValid reports whether a foreign key of the table may be NOT VALID: that of a partitioned one from 18 on.
// https://www.postgresql.org/docs/18/release-18.html
func (a *alterFixer) bearsNotValid() bool {
	return a.table == nil || a.table.Kind != dialects.PartitionedTable || a.version().AtLeast(18, 0)
}

// nameOf is the name of a constraint, written within the named column where that is not empty: its own, or the
// one that the server would choose, which only the catalog tells.
func (a *alterFixer) nameOf(con *astConstraint, column string) (string, bool) {
	if con.Conname != "" {
		return con.Conname, true
	}
	if a.table == nil {
		return "", false
	}
	lowered := lowerConstraint(con, column)
	name := ""
	switch lowered.Kind {
	case dialects.Check, dialects.ForeignKey:
		name = constraintName(a.Catalog, a.table, lowered)
	default:
		if column != "" {
			con = ofTable(con, column)
		}
		name = indexName(a.Catalog, a.table, constraintIndexStmt(con, ""), indexLabels[lowered.Kind])
	}
	for _, other := range a.names {
		if other == name { // two of one name: the server numbers them, in an order of its own
			return "", false
		}
	}
	a.names = append(a.names, name)
	return name, true
}

// useIndex has a key's index built beside the traffic, and the key take it over. What the new columns of the same
// statement need comes behind it, all else before it. A partitioned table's key cannot take over an index.
func (a *alterFixer) useIndex(i int, con *astConstraint, kind dialects.ConstraintKind) {
	name, ok := a.nameOf(con, "")
	if !ok || a.table == nil || a.table.Kind == dialects.PartitionedTable {
		a.fail(indexNotConcurrent)
		return
	}
	built := dialects.Part{SQL: a.uniqueIndex(i, con, name), Apart: dialects.Outside, Name: lowerWords("create", name)}
	adopt := "ADD CONSTRAINT " + quote(name) + " " + strings.ToUpper(string(kind)) + " USING INDEX " + quote(name) + deferral(con)
	if kind == dialects.PrimaryKey {
		a.prove(texts(con.Keys))
	}
	if a.hasAll(append(texts(con.Keys), texts(con.Including)...)) {
		a.before = append(a.before, built)
		a.replace(i, adopt)
	} else {
		built.SQL = headed(a.remove(i), built.SQL)
		a.after = append(a.after, built)
		a.follow(lowerWords("add", name), a.head+" "+adopt)
	}
	a.cure(indexNotConcurrent, "build the index CONCURRENTLY, and have the constraint take it over")
}

// hasAll reports whether the table has the columns before the statement.
func (a *alterFixer) hasAll(columns []string) bool {
	for _, name := range columns {
		if a.table.Column(name) == nil {
			return false
		}
	}
	return true
}

// uniqueIndex is the index of a key that is written for the table.
func (a *alterFixer) uniqueIndex(i int, con *astConstraint, name string) string {
	lo, hi := a.subs[i].lo, a.subs[i].hi
	opened := lo
	for opened < hi && a.script.kind(opened) != openToken {
		opened++
	}
	sql := "CREATE UNIQUE INDEX CONCURRENTLY " + quote(name) + " ON " + a.relation + " " +
		a.script.text(opened, min(a.script.closing(opened)+1, hi))
	if len(con.Including) > 0 {
		sql += " INCLUDE (" + quoteList(texts(con.Including)) + ")"
	}
	return sql + a.indexOptions(lo, hi, con)
}

// indexOptions are what stands behind an index's columns, from within a constraint's tokens.
func (a *alterFixer) indexOptions(lo, hi int, con *astConstraint) string {
	sql := ""
	if con.NullsNotDistinct {
		sql += " NULLS NOT DISTINCT"
	}
	if with := a.script.find(lo, hi, "WITH"); with < hi && a.script.kind(with+1) == openToken {
		sql += " " + a.script.text(with, a.script.closing(with+1)+1)
	}
	if con.Indexspace != "" {
		sql += " TABLESPACE " + quote(con.Indexspace)
	}
	return sql
}

// deferral is what a constraint says of when it is checked.
func deferral(con *astConstraint) string {
	switch {
	case con.Initdeferred:
		return " DEFERRABLE INITIALLY DEFERRED"
	case con.Deferrable:
		return " DEFERRABLE"
	}
	return ""
}
