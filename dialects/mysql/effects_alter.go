package mysql

import (
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
		e = breaks(e, dropColumn, "apps that read or write %s.%s fail, and its values are gone%s", e.Table, c.Column, users)
	case dialects.RenameColumn:
		e = j.renameHazard(e, t, c.Column)
	case dialects.RedefineColumn:
		return j.redefineEffect(e, t, c, whole)
	case dialects.RenameTable:
		e = breaks(e, renameTableHazard, "apps that use %s by that name fail", e.Table)
	case dialects.AlterTable:
		if c.What == "set schema" {
			e = breaks(e, renameTableHazard, "apps that use %s by that name fail", e.Table)
		}
	}
	return j.costHazard(e, whole, part, hazardOf(e.Change))
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

// costHazard adds the hazard of a change that makes the statement copy or rebuild the table, or keeps
// writes waiting.
func (j judge) costHazard(e dialects.Effect, whole outcome, part ability, id string) dialects.Effect {
	cause := part.cause
	if cause != "" {
		cause = ": " + cause
	}
	switch {
	case whole.instant:
		if j.statement.Algorithm == dialects.AlgorithmCopy {
			return stops(e, id, "copies %s, as ALGORITHM=COPY asks: %s", e.Table, j.whoWaits(e))
		}
	case whole.work == impossible:
		if part.work == impossible && !part.instant {
			return stops(e, id, "copies %s%s: %s", e.Table, cause, j.whoWaits(e))
		}
		if part.work == impossible && j.alone(whole, impossible) {
			return stops(e, id, "copies %s, since another change stands beside it: %s", e.Table, j.whoWaits(e))
		}
	case whole.work == rebuilds:
		if part.work == rebuilds && !part.instant {
			return stops(e, id, "rebuilds %s%s: %s, and replicas fall behind as long as it takes", e.Table, cause, j.whoWaits(e))
		}
		if part.work == rebuilds && j.alone(whole, rebuilds) {
			return stops(e, id, "rebuilds %s, since another change stands beside it: %s", e.Table, j.whoWaits(e))
		}
	case part.waits:
		return stops(e, id, "writes to %s wait%s", e.Table, cause)
	case j.statement.Algorithm == dialects.AlgorithmCopy:
		return stops(e, id, "copies %s, as ALGORITHM=COPY asks: %s", e.Table, j.whoWaits(e))
	}
	if e.Blocks != dialects.BlocksNothing && j.statement.Locking != "" && len(e.Hazards) == 0 {
		return stops(e, id, "LOCK=%s has %s wait", j.statement.Locking, e.Blocks)
	}
	return e
}

// alone reports whether no change has the work for a reason of its own: it is their company.
func (j judge) alone(whole outcome, w work) bool {
	return !slices.ContainsFunc(whole.parts, func(a ability) bool { return a.work == w && !a.instant })
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

func (j judge) addColumnHazards(e dialects.Effect, t *dialects.Table, c dialects.AddColumn) dialects.Effect {
	col := c.Column
	if c.IfNotExists && t != nil && findColumn(t, col.Name) != nil {
		return e
	}
	if col.NotNull && col.Default == "" && col.Identity == "" && col.Generated == "" {
		e = breaks(e, notNullWithoutDefault, "apps that do not write %s.%s can insert no row", e.Table, col.Name)
	}
	return e
}

func (j judge) renameHazard(e dialects.Effect, t *dialects.Table, column string) dialects.Effect {
	users := ""
	if t != nil {
		users = j.users(t, column)
	}
	return breaks(e, renameColumn, "apps that name %s.%s fail%s", e.Table, column, users)
}

// redefineEffect takes MODIFY and CHANGE for the one change that they come down to. Where they come
// down to several the redefinition itself has their hazards.
func (j judge) redefineEffect(e dialects.Effect, t *dialects.Table, c dialects.RedefineColumn, whole outcome) dialects.Effect {
	known := t
	if known == nil {
		known = &dialects.Table{Engine: innoDB, RowFormat: dynamicFormat}
	}
	parts := j.redefinitions(known, c)
	for _, p := range parts {
		if _, renames := p.change.(dialects.RenameColumn); renames {
			e = j.renameHazard(e, t, c.Column)
		}
		id := p.id
		if id == "" || id == renameColumn {
			id = tableRewrite
		}
		e = j.costHazard(e, whole, p.ability, id)
	}
	if len(parts) == 1 && parts[0].change != nil {
		e.Change = parts[0].change
	}
	if len(parts) > 1 && len(e.Hazards) > 0 {
		e.Hazards[0].Detail += " (the clause " + strings.TrimSpace(describeParts(parts)+" of "+c.Column) + ")"
	}
	return e
}

// bare adds the hazard of a statement that names no algorithm, where it has none other: what the
// server does then follows the table's state, not the author's mind. DROP INDEX is always done in
// place, and MariaDB's takes no ALGORITHM.
func (j judge) bare(effects []dialects.Effect, whole outcome) []dialects.Effect {
	judged := slices.ContainsFunc(whole.parts, func(a ability) bool { return !a.unjudged })
	named := j.statement.Algorithm != "" || j.statement.Locking == "NONE"
	hazards := slices.ContainsFunc(effects, func(e dialects.Effect) bool { return len(e.Hazards) > 0 })
	drops := j.verb() == "DROP"
	if named || hazards || !judged || drops || j.changesNothing() {
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
		*e = stops(*e, id, "names no ALGORITHM: where %s is not to be had, the server copies %s without a word and writes wait", e.Algorithm, e.Table)
		break
	}
	return effects
}

func (j judge) changesNothing() bool {
	c, ok := j.statement.Changes[0].(dialects.AlterTable)
	return ok && c.What == "nothing"
}
