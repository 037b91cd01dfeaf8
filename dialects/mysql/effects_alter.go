package mysql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// alterEffect is the effect of one change of an ALTER.
func (j judge) alterEffect(e dialects.Effect, whole outcome, i int) dialects.Effect {
	if t := tableOfChange(e.Change); t.Name != "" {
		e.Table = j.Resolve(t)
	}
	e = j.cost(e, whole.ability)
	t := j.Table(e.Table)
	part := whole.parts[i]
	e.HeldUp = canBeHeldUp(e.Change) && whole.selves[i].class() == metadata && whole.class() >= rebuilds && !whole.company()
	switch c := e.Change.(type) {
	case dialects.AddColumn:
		e = j.addColumnHazards(e, t, c)
	case dialects.DropColumn:
		if t != nil && findColumn(t, c.Column) == nil && c.IfExists {
			return e
		}
		users := ""
		if t != nil {
			users = j.users(t, c.Column)
		}
		e = breaks(e, dropColumn, "app versions that still name %s.%s fail at once, ORMs that cached the columns too, and its values are gone%s",
			e.Table, c.Column, users)
	case dialects.RenameColumn:
		e = j.renameHazard(e, t, c.Column)
	case dialects.RedefineColumn:
		return j.redefineEffect(e, t, c, whole, i)
	case dialects.RenameTable:
		e = j.renamesTable(e)
	case dialects.AlterTable:
		switch c.What {
		case "drop system versioning":
			e = wayOut(breaks(e, dropHistory, "every former version of the rows of %s is gone, and queries FOR SYSTEM_TIME fail", e.Table),
				"keep a copy of the history where it is still wanted, and allow it once no app version asks for it")
		case "set schema":
			e = j.renamesTable(e)
		}
	}
	return j.costHazard(e, whole, part, whole.selves[i], hazardOf(e.Change))
}

// canBeHeldUp reports whether a change means something by itself: what is dropped is often made anew in the
// same statement.
func canBeHeldUp(change dialects.Change) bool {
	switch change.(type) {
	case dialects.AddColumn, dialects.RenameColumn, dialects.SetDefault, dialects.AlterColumn, dialects.AlterObject, dialects.RenameIndex:
		return true
	}
	return false
}

// tableOfChange is the table of changes whose target is an index.
func tableOfChange(change dialects.Change) dialects.Name {
	switch c := change.(type) {
	case dialects.DropIndex:
		return c.Table
	case dialects.RenameIndex:
		return c.Table
	case dialects.AlterObject:
		return c.Table
	}
	return dialects.Name{}
}

// cost fills in what the whole statement takes.
func (j judge) cost(e dialects.Effect, a ability) dialects.Effect {
	e.Algorithm = j.algorithm(a)
	copied := e.Algorithm == dialects.AlgorithmCopy || j.statement.Algorithm == dialects.AlgorithmCopy
	e.Rewrites = copied || !a.instant && a.work == rebuilds
	e.Scans = e.Rewrites || !a.instant && a.work == builds
	asksLock := j.statement.Locking == string(lockShared) || j.statement.Locking == string(lockExclusive)
	switch {
	case j.statement.Locking == string(lockExclusive):
		e.Lock, e.Blocks = lockExclusive, dialects.BlocksAll
	case copied && !j.copiesOnline(), !a.instant && a.waits, asksLock:
		e.Lock, e.Blocks = lockShared, dialects.BlocksWrites
	case a.exclusive:
		e.Lock = lockExclusive // for a moment
	}
	return e
}

// hazardOf is the hazard of a change that is not cheap.
func hazardOf(change dialects.Change) string {
	switch change.(type) {
	case dialects.AddColumn:
		return addColumnRewrite
	case dialects.CreateIndex:
		return indexNotOnline
	case dialects.AddForeignKey:
		return foreignKeyNotOnline
	case dialects.AlterColumnType:
		return changeColumnType
	case dialects.SetNotNull:
		return setNotNull
	}
	return tableRewrite
}

// costHazard adds the hazard of a change that has the server copy or rebuild the table, or that has
// writes waiting. Self is what the change would take in a statement of its own.
func (j judge) costHazard(e dialects.Effect, whole outcome, part, self ability, id string) dialects.Effect {
	cause := ""
	if part.cause != "" {
		cause = " (" + part.cause + ")"
	}
	worst := whole.class()
	switch {
	case whole.company():
		if part.work == worst {
			return wayOut(stops(e, mixedAlter, "%s, since one ALTER TABLE has one algorithm: %s until it is done",
				j.doing(e, worst), j.whoWaits(e)), "make each change a statement of its own")
		}
	case worst == impossible && part.class() == worst && self.class() == worst:
		return stops(e, id, "%s%s, and %s until it is done", j.doing(e, worst), cause, j.whoWaits(e))
	case worst == rebuilds && part.class() == worst && self.class() >= worst:
		return stops(e, id, "%s%s: %s, and replicas fall behind for as long as it takes", j.doing(e, worst), cause, j.whoWaits(e))
	case worst >= rebuilds:
	case part.waits && !whole.instant:
		return stops(e, id, "writes to %s wait until it is done%s", e.Table, cause)
	case j.statement.Algorithm == dialects.AlgorithmCopy:
		return wayOut(stops(e, askedToBlock, "%s, as ALGORITHM=COPY asks, and %s until it is done", j.doing(e, impossible), j.whoWaits(e)),
			"ask for %s: the server can", clausesFor(j.algorithm(whole.ability)))
	}
	if e.Blocks != dialects.BlocksNothing && j.statement.Locking != "" && len(e.Hazards) == 0 {
		return wayOut(stops(e, askedToBlock, "LOCK=%s has %s until it is done", j.statement.Locking, j.whoWaits(e)), "leave LOCK out, or ask for LOCK=NONE")
	}
	return e
}

// doing says what the server does to a table.
func (j judge) doing(e dialects.Effect, w work) string {
	if w == impossible {
		return fmt.Sprintf("the server copies every row of %s to a new table", e.Table)
	}
	return fmt.Sprintf("the server builds %s anew in place", e.Table)
}

func (j judge) whoWaits(e dialects.Effect) string {
	switch e.Blocks {
	case dialects.BlocksAll:
		return "reads and writes wait"
	case dialects.BlocksWrites:
		return "writes wait"
	}
	return "writes go on"
}

// clausesFor are the clauses that ask for an algorithm with writes going on. MySQL takes no LOCK beside
// INSTANT.
func clausesFor(algorithm dialects.Algorithm) string {
	if algorithm == dialects.AlgorithmInstant {
		return "ALGORITHM=INSTANT"
	}
	return "ALGORITHM=" + string(algorithm) + ", LOCK=NONE"
}

func (j judge) addColumnHazards(e dialects.Effect, t *dialects.Table, c dialects.AddColumn) dialects.Effect {
	col := c.Column
	if c.IfNotExists && t != nil && findColumn(t, col.Name) != nil {
		return e
	}
	if col.NotNull && col.Default == "" && col.Identity == "" && col.Generated == "" {
		e = breaks(e, notNullWithoutDefault, "each INSERT of an app version that does not know %s fails in strict mode, and %s",
			col.Name, rowsThere(col.Type))
	}
	return e
}

// rowsThere says what a NOT NULL column without a default has in the rows that are there.
func rowsThere(typ string) string {
	if !hasImplicitDefault(typ) {
		return "the statement fails if there is a row"
	}
	switch parseType(typ).base {
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob":
		return "the rows that are there silently get an empty string"
	case "enum":
		return "the rows that are there silently get its first value"
	case "json":
		return "the rows that are there silently get a value that nobody chose"
	}
	return "the rows that are there silently get a zero"
}

func (j judge) renameHazard(e dialects.Effect, t *dialects.Table, column string) dialects.Effect {
	users := ""
	if t != nil {
		users = j.users(t, column)
	}
	return breaks(e, renameColumn, "app versions that still read or write %s.%s fail at once, and so does going back to one%s", e.Table, column, users)
}

// redefineEffect takes MODIFY and CHANGE for the one change that they come down to. Where they come
// down to several the redefinition itself has their hazards.
func (j judge) redefineEffect(e dialects.Effect, t *dialects.Table, c dialects.RedefineColumn, whole outcome, i int) dialects.Effect {
	known := t
	if known == nil {
		known = &dialects.Table{Engine: innoDB, RowFormat: dynamicFormat}
	}
	parts := j.redefinitions(known, c)
	costs := false
	for _, p := range parts {
		if _, renames := p.change.(dialects.RenameColumn); renames {
			e = j.renameHazard(e, t, c.Column)
		}
		id := p.id
		if id == "" || id == renameColumn {
			id = tableRewrite
		}
		if before := len(e.Hazards); !costs { // one is enough for one clause
			e = j.costHazard(e, whole, p.ability, whole.selves[i], id)
			costs = len(e.Hazards) > before
		}
	}
	if len(parts) == 1 && parts[0].change != nil {
		e.Change = parts[0].change
	}
	return e
}

// bare adds the hazard of a statement that names no algorithm, where it has none other: what the
// server does then follows the table's state, not the author's mind. DROP INDEX is always done in
// place, and MariaDB's takes no ALGORITHM; what is exclusive is never copied.
func (j judge) bare(effects []dialects.Effect, whole outcome) []dialects.Effect {
	judged := slices.ContainsFunc(whole.parts, func(a ability) bool { return !a.unjudged })
	named := j.statement.Algorithm != "" || j.statement.Locking == "NONE"
	hazards := slices.ContainsFunc(effects, func(e dialects.Effect) bool { return len(e.Hazards) > 0 })
	drops := j.verb() == "DROP"
	if named || hazards || !judged || drops || whole.exclusive || j.changesNothing() {
		return effects
	}
	for i := range effects {
		if !whole.judges(i) {
			continue
		}
		e := &effects[i]
		id := bareAlter
		if _, creates := e.Change.(dialects.CreateIndex); creates {
			id = indexNotOnline
		}
		*e = wayOut(stops(*e, id, "as far as the migrations show the server does it by %s; where it cannot, it copies %s without a word%s",
			e.Algorithm, e.Table, j.copyCosts()), "%s: then the server refuses rather than copies", j.naming(e.Algorithm))
		break
	}
	return effects
}

// copyCosts is what a copy does to others.
func (j judge) copyCosts() string {
	if j.copiesOnline() {
		return ""
	}
	return ", and writes wait until it is done"
}

// naming tells where the clauses go that ask for an algorithm.
func (j judge) naming(algorithm dialects.Algorithm) string {
	clauses := clausesFor(algorithm)
	if j.verb() == "CREATE" {
		return fmt.Sprintf("add %q to it", strings.ReplaceAll(clauses, ",", ""))
	}
	return fmt.Sprintf("add %q to it", ", "+clauses)
}

func (j judge) changesNothing() bool {
	c, ok := j.statement.Changes[0].(dialects.AlterTable)
	return ok && c.What == "nothing"
}
