package postgres

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// dataEffects judges reading and writing rows, and what is not understood.
func (j judge) dataEffects(change dialects.Change) []dialects.Effect {
	switch c := change.(type) {
	case dialects.WriteData:
		return j.writeEffects(c)
	case dialects.LockTable:
		return j.lockEffects(c)
	case dialects.Describe:
		return j.describeEffects(c)
	case dialects.Transaction:
		return quiet(dialects.Effect{})
	case dialects.Opaque:
		e := dialects.Effect{Transactional: !standsAlone(j.statement.Text)}
		if j.statement.Syntax != nil {
			return quiet(stops(e, syntaxError, "segue cannot read the statement: %s", c.Reason))
		}
		return quiet(stops(e, opaqueStatement, "%s", c.Reason))
	}
	return nil
}

func (j judge) describeEffects(c dialects.Describe) []dialects.Effect {
	switch {
	case c.What == "discard":
		stmt, err := treeOf(j.statement)
		return quiet(dialects.Effect{Transactional: err == nil && stmt.GetDiscardStmt().GetTarget().String() != "DISCARD_ALL"})
	case c.What == "analyze" && c.Table.Name == "":
		return quiet(dialects.Effect{Lock: shareUpdateExclusive, Transactional: true})
	case c.What == "analyze":
		if e := j.on(c.Table, shareUpdateExclusive); j.version().AtLeast(18, 0) {
			return j.below(e)
		} else {
			return j.inPartitions(e)
		}
	case c.What == "comment":
		return quiet(j.commentEffect())
	}
	return quiet(dialects.Effect{Transactional: true})
}

// commentEffect is on the relation whose comment, or whose column's, is written. One on a constraint,
// trigger, policy or rule locks no table.
func (j judge) commentEffect() dialects.Effect {
	stmt, err := treeOf(j.statement)
	if err != nil {
		return dialects.Effect{Transactional: true}
	}
	s := stmt.GetCommentStmt()
	switch s.GetObjtype().String() {
	case "OBJECT_TABLE", "OBJECT_FOREIGN_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW":
		return j.on(objectName(s.Object), shareUpdateExclusive)
	case "OBJECT_COLUMN":
		table, _ := partName(s.Object)
		return j.on(table, shareUpdateExclusive)
	case "OBJECT_INDEX":
		return j.onIndex(objectName(s.Object), shareUpdateExclusive)
	}
	return dialects.Effect{Transactional: true}
}

// lockEffects reach the tables that a view reads too.
func (j judge) lockEffects(c dialects.LockTable) []dialects.Effect {
	e := j.on(c.Table, c.Lock)
	view := j.Objects[dialects.ObjectKey{Kind: dialects.View, Name: e.Table}]
	if view == nil {
		return j.below(e)
	}
	effects := quiet(e)
	for _, read := range view.Reads {
		effects = append(effects, j.lockEffects(dialects.LockTable{Table: read, Lock: c.Lock})...)
	}
	return effects
}

func (j judge) writeEffects(c dialects.WriteData) []dialects.Effect {
	e := j.on(c.Table, rowExclusive)
	switch c.Kind {
	case dialects.Select:
		e = dialects.Effect{Transactional: true}
		if c.Table.Name != "" {
			e = j.on(c.Table, accessShare)
		}
		if tables := j.lockedRows(); tables != nil {
			return j.lockingEffects(tables, c)
		}
		if table, ok := managed(j.statement.Text); ok {
			return quiet(j.on(table, shareRowExclusive))
		}
		if name, ok := j.ownFunction(); ok {
			e = stops(e, opaqueStatement, "function %s runs code that segue does not look into", name)
		}
	case dialects.Truncate:
		return j.truncateEffects(c)
	case dialects.Update, dialects.Delete:
		if !c.Bounded {
			e.Scans = true
			e = stops(e, unboundedWrite, "locks every row of %s until the transaction ends", e.Table)
		}
		return j.below(e)
	}
	return quiet(e)
}

// lockedRows are the tables whose rows the query at the top locks, as FOR UPDATE does; nil where it locks none.
// FOR KEY SHARE is left out: it lets others write.
func (j judge) lockedRows() []dialects.Name {
	stmt, err := treeOf(j.statement)
	if err != nil {
		return nil
	}
	query := stmt.GetSelectStmt()
	var tables []dialects.Name
	for _, n := range query.GetLockingClause() {
		if n.GetLockingClause().GetStrength().String() == "LCS_FORKEYSHARE" {
			continue
		}
		var of []string
		for _, rel := range n.GetLockingClause().GetLockedRels() {
			of = append(of, rel.GetRangeVar().GetRelname())
		}
		for _, from := range query.FromClause {
			t := from.GetRangeVar()
			if t == nil {
				continue
			}
			name := t.Relname
			if t.Alias != nil {
				name = t.Alias.Aliasname
			}
			if len(of) == 0 || slices.Contains(of, name) {
				tables = append(tables, rangeName(t))
			}
		}
	}
	return tables
}

// lockingEffects are those of SELECT ... FOR UPDATE and its like, on every row where nothing keeps any out.
func (j judge) lockingEffects(tables []dialects.Name, c dialects.WriteData) []dialects.Effect {
	stmt, err := treeOf(j.statement)
	query := stmt.GetSelectStmt()
	all := err == nil && !c.Bounded && query.GetLimitCount() == nil && len(query.GetFromClause()) == 1
	var effects []dialects.Effect
	for _, table := range tables {
		e := j.on(table, rowShare)
		if all {
			e.Scans = true
			e = stops(e, unboundedWrite, "locks every row of %s until the transaction ends", e.Table)
		}
		effects = append(effects, j.below(e)...)
	}
	return effects
}

// truncateEffects follow CASCADE along the foreign keys: the tables that refer to an emptied one are
// emptied too.
func (j judge) truncateEffects(c dialects.WriteData) []dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	effects := j.below(stops(e, truncateTable, "takes every row out of %s", e.Table))
	if !c.Cascade {
		return effects
	}
	emptied := []dialects.Name{c.Table}
	for i := 0; i < len(emptied); i++ {
		for _, r := range j.references(emptied[i], "") {
			if name := r.from.Name; name != e.Table && !slices.Contains(emptied, name) {
				emptied = append(emptied, name)
				other := withInstead(stops(j.on(name, accessExclusive), truncateTable,
					"CASCADE takes every row out of %s, since it refers to %s", name, j.Resolve(emptied[i])),
					"leave CASCADE out, and name the tables that are meant; foreign keys with ON DELETE play no part in it")
				effects = append(effects, j.inPartitions(other)...)
			}
		}
	}
	return effects
}

// ownFunction finds a function of the catalog that the statement calls.
func (j judge) ownFunction() (dialects.Name, bool) {
	stmt, err := treeOf(j.statement)
	if err != nil {
		return dialects.Name{}, false
	}
	var name dialects.Name
	found := false
	walk(stmt, func(m any) bool {
		if call, ok := m.(*astFuncCall); ok && !found {
			name = j.Resolve(listName(call.Funcname))
			found = j.Objects[dialects.ObjectKey{Kind: dialects.Function, Name: name}] != nil
		}
		return !found
	})
	return name, found
}

// standsAlone reports whether a statement that is not lowered may be run outside transactions only.
func standsAlone(text string) bool {
	words := strings.Fields(strings.ToUpper(text))
	if len(words) < 2 {
		return false
	}
	switch words[0] + " " + words[1] {
	case "CREATE DATABASE", "DROP DATABASE", "ALTER SYSTEM", "CREATE TABLESPACE", "DROP TABLESPACE":
		return true
	}
	return false
}
