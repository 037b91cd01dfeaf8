package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// The hazards of Postgres. Each is the ID of the lint rule that explains it.
const (
	addColumnRewrite      = "add-column-rewrite"
	attachPartition       = "attach-partition"
	changeColumnType      = "change-column-type"
	checkNotValid         = "check-not-valid"
	dropColumn            = "drop-column"
	dropTable             = "drop-table"
	foreignKeyNotValid    = "foreign-key-not-valid"
	indexNotConcurrent    = "index-not-concurrent"
	notNullWithoutDefault = "not-null-without-default"
	opaqueStatement       = "opaque-statement"
	renameColumn          = "rename-column"
	renameObject          = "rename-object"
	renameTable           = "rename-table"
	setNotNull            = "set-not-null"
	syntaxError           = "syntax-error"
	tableRewrite          = "table-rewrite"
	truncateTable         = "truncate-table"
	unboundedWrite        = "unbounded-write"
)

// Effects judges each change of a statement, on the catalog as it is before the statement. A change
// that locks several tables has an effect for each, the one with its hazards first.
//
// A lock that is held for a moment only is no hazard, whatever it blocks: the runner asks for it with
// a short timeout. The exceptions and versions are those of the manual's ALTER TABLE page.
func (Dialect) Effects(c *dialects.Catalog, s dialects.Statement, fresh map[dialects.Name]bool) []dialects.Effect {
	var effects []dialects.Effect
	j := judge{Catalog: c, fresh: fresh, statement: s}
	for _, change := range s.Changes {
		for _, e := range j.effects(change) {
			e.Change = change
			e.Blocks = blockedBy(e.Lock)
			e.Patient = !e.Transactional
			if fresh[e.Table] {
				e.Blocks, e.Hazards = dialects.BlocksNothing, nil
			}
			effects = append(effects, e)
		}
	}
	return effects
}

// judge knows what a statement's effects depend on.
type judge struct {
	*dialects.Catalog
	fresh     map[dialects.Name]bool
	statement dialects.Statement
}

func (j judge) effects(change dialects.Change) []dialects.Effect {
	for _, group := range []func(dialects.Change) []dialects.Effect{
		j.columnEffects, j.tableEffects, j.constraintEffects, j.indexEffects, j.objectEffects, j.dataEffects,
	} {
		if effects := group(change); effects != nil {
			return effects
		}
	}
	return []dialects.Effect{{Transactional: true}}
}

// on is the effect of holding a lock on a table for a moment.
func (j judge) on(table dialects.Name, lock dialects.Lock) dialects.Effect {
	return dialects.Effect{Table: j.Resolve(table), Lock: lock, Transactional: true}
}

// quiet is the list of one effect that is no hazard.
func quiet(e dialects.Effect) []dialects.Effect { return []dialects.Effect{e} }

// stops adds a hazard that makes others wait; the detail is formatted.
func stops(e dialects.Effect, id, format string, args ...any) dialects.Effect {
	return hazardous(e, id, dialects.LockFamily, format, args...)
}

// breaks adds a hazard that breaks an app version which still runs.
func breaks(e dialects.Effect, id, format string, args ...any) dialects.Effect {
	return hazardous(e, id, dialects.CompatibilityFamily, format, args...)
}

func hazardous(e dialects.Effect, id string, family dialects.Family, format string, args ...any) dialects.Effect {
	e.Hazards = append(e.Hazards, dialects.Hazard{ID: id, Family: family, Detail: fmt.Sprintf(format, args...)})
	return e
}

// waits says who waits for a lock.
func waits(lock dialects.Lock) string {
	switch blockedBy(lock) {
	case dialects.BlocksAll:
		return "reads and writes wait"
	case dialects.BlocksWrites:
		return "writes wait"
	}
	return "nobody waits"
}

// scans adds a scan of the table under the lock, as the hazard of the ID.
func scans(e dialects.Effect, id string) dialects.Effect {
	e.Scans = true
	return stops(e, id, "scans %s under %s: %s", e.Table, e.Lock, waits(e.Lock))
}

// rewrites adds a rewrite of the table and its indexes under the lock, as the hazard of the ID.
func rewrites(e dialects.Effect, id string) dialects.Effect {
	e.Scans, e.Rewrites = true, true
	return stops(e, id, "rewrites %s and its indexes under %s: %s", e.Table, e.Lock, waits(e.Lock))
}

// builds adds the build of an index under the lock.
func builds(e dialects.Effect) dialects.Effect {
	e.Scans = true
	return stops(e, indexNotConcurrent, "builds an index on %s under %s: %s", e.Table, e.Lock, waits(e.Lock))
}

// version is the server's release; that of the parser's grammar where none was said.
func (j judge) version() dialects.Version {
	if j.Version.Major == 0 {
		return dialects.Version{Kind: dialects.Postgres, Major: grammarVersion}
	}
	return j.Version
}

// checkedNotNull reports whether a valid CHECK (column IS NOT NULL) holds, which spares a scan.
func checkedNotNull(t *dialects.Table, column string) bool {
	for _, c := range t.Constraints {
		if c.Kind == dialects.NotNull && !c.NotValid && len(c.Columns) == 1 && c.Columns[0] == column {
			return true
		}
		if c.Kind != dialects.Check || c.NotValid || len(c.Columns) != 1 || c.Columns[0] != column {
			continue
		}
		if expr, err := parseExpression(c.Expression); err == nil && isNotNullTest(expr) {
			return true
		}
	}
	return false
}

func isNotNullTest(expr *astNode) bool {
	test := expr.GetNullTest()
	return test.GetNulltesttype().String() == "IS_NOT_NULL" && test.GetArg().GetColumnRef() != nil
}

// dataEffects judges reading and writing rows, and what is not understood.
func (j judge) dataEffects(change dialects.Change) []dialects.Effect {
	switch c := change.(type) {
	case dialects.WriteData:
		effects := quiet(j.writeEffect(c))
		if c.Cascade {
			for _, name := range j.referring(c.Table) {
				e := j.on(name, accessExclusive)
				effects = append(effects, stops(e, truncateTable, "CASCADE takes every row out of %s, since it refers to %s", name, c.Table))
			}
		}
		return effects
	case dialects.LockTable:
		return quiet(j.on(c.Table, c.Lock))
	case dialects.Describe:
		e := dialects.Effect{Transactional: c.What != "discard"}
		if c.Table.Name != "" && (c.What == "analyze" || c.What == "comment") {
			e = j.on(c.Table, shareUpdateExclusive)
		}
		return quiet(e)
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

func (j judge) writeEffect(c dialects.WriteData) dialects.Effect {
	e := j.on(c.Table, rowExclusive)
	switch c.Kind {
	case dialects.Select:
		e = dialects.Effect{Transactional: true}
		if c.Table.Name != "" {
			e = j.on(c.Table, accessShare)
		}
		if table, ok := managed(j.statement.Text); ok {
			return j.on(table, shareRowExclusive)
		}
		if name, ok := j.ownFunction(); ok {
			return stops(e, opaqueStatement, "function %s runs code that segue does not look into", name)
		}
	case dialects.Truncate:
		e = j.on(c.Table, accessExclusive)
		return stops(e, truncateTable, "takes every row out of %s", e.Table)
	case dialects.Update, dialects.Delete:
		if !c.Bounded {
			e.Scans = true
			return stops(e, unboundedWrite, "locks every row of %s until the transaction ends", e.Table)
		}
	}
	return e
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

// sortEffects orders effects that were collected from the catalog's map.
func sortEffects(effects []dialects.Effect) {
	slices.SortStableFunc(effects, func(a, b dialects.Effect) int {
		return strings.Compare(a.Table.String(), b.Table.String())
	})
}
