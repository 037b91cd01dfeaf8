package postgres

import (
	"fmt"
	"maps"
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
	concurrentOnWhole     = "concurrent-index-on-partitioned"
	detachReferenced      = "detach-referenced-partition"
	dropColumn            = "drop-column"
	dropDatabase          = "drop-database"
	dropObject            = "drop-object"
	dropTable             = "drop-table"
	foreignKeyNotValid    = "foreign-key-not-valid"
	formRefused           = "form-refused"
	indexNotConcurrent    = "index-not-concurrent"
	noReplicaIdentity     = "no-replica-identity"
	notNullWithoutDefault = "not-null-without-default"
	opaqueStatement       = "opaque-statement"
	renameColumn          = "rename-column"
	renameObject          = "rename-object"
	renameTable           = "rename-table"
	setNotNull            = "set-not-null"
	stillNeeded           = "still-needed"
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
func (d Dialect) Effects(c *dialects.Catalog, s dialects.Statement, fresh dialects.Fresh) []dialects.Effect {
	if len(s.Body) > 0 {
		inside := dialects.Fresh{}
		maps.Copy(inside, fresh)
		return d.bodyEffects(c.Clone(), s.Body, inside)
	}
	var effects []dialects.Effect
	j := judge{Catalog: c, fresh: fresh, statement: s}
	nowhere := j.passesOver()
	for _, change := range s.Changes {
		if nowhere {
			effects = append(effects, dialects.Effect{Change: change, Transactional: true})
			continue
		}
		for i, e := range merged(append(j.effects(change), j.identityEffects(change)...)) {
			e.Change = change
			e.Blocks = blockedBy(e.Lock)
			e.Patient = !e.Transactional
			if t := c.Table(e.Table); t != nil && t.Kind == dialects.ForeignTable {
				e = elsewhere(e)
			}
			if fresh[e.Table] {
				e.Blocks, e.Hazards = dialects.BlocksNothing, nil
			}
			e = j.refused(change, e)
			if i == 0 {
				e = j.needed(change, e)
			}
			effects = append(effects, e)
		}
	}
	return effects
}

// passesOver reports whether ALTER ... IF EXISTS names a relation that is not there, as far as is known: the server
// says so and goes on.
func (j judge) passesOver() bool {
	stmt, err := treeOf(j.statement)
	if err != nil {
		return false
	}
	var relation *astRangeVar
	kind := ""
	switch s := unwrap(stmt).(type) {
	case *astAlterTableStmt:
		if s.MissingOk {
			relation, kind = s.Relation, s.Objtype.String()
		}
	case *astRenameStmt:
		if s.MissingOk {
			relation, kind = s.Relation, s.RenameType.String()
		}
		if kind == "OBJECT_COLUMN" {
			kind = s.RelationType.String()
		}
	case *astAlterObjectSchemaStmt:
		if s.MissingOk {
			relation, kind = s.Relation, s.ObjectType.String()
		}
	}
	if relation == nil {
		return false
	}
	name := j.Resolve(rangeName(relation))
	of := objectKind(kind)
	return j.Whole() && (isTableType(kind) || of == dialects.View || of == dialects.MaterializedView || of == dialects.Sequence) &&
		j.Tables[name] == nil && !relationTaken(j.Catalog, name.Schema, name.Name)
}

// bodyEffects are those of a block's statements, one after the other, on a catalog and new tables of its own.
func (d Dialect) bodyEffects(c *dialects.Catalog, body []dialects.Statement, fresh dialects.Fresh) []dialects.Effect {
	var effects []dialects.Effect
	for _, s := range body {
		effects = append(effects, d.Effects(c, s, fresh)...)
		fresh.Replay(d, c, s)
	}
	return effects
}

// merged are effects with those that tell nothing but a lock taken into one on the same table, under the
// stronger lock.
func merged(effects []dialects.Effect) []dialects.Effect {
	var list []dialects.Effect
	for _, e := range effects {
		at := slices.IndexFunc(list, func(have dialects.Effect) bool { return have.Table == e.Table && e.Table.Name != "" })
		if at < 0 || len(e.Hazards) > 0 {
			list = append(list, e)
			continue
		}
		have := &list[at]
		if slices.Index(lockModes[:], e.Lock) > slices.Index(lockModes[:], have.Lock) {
			have.Lock = e.Lock
		}
		have.Scans, have.Rewrites = have.Scans || e.Scans, have.Rewrites || e.Rewrites
	}
	return list
}

// elsewhere is the effect on a foreign table: its rows are another server's, so none is read or written
// here.
func elsewhere(e dialects.Effect) dialects.Effect {
	e.Scans, e.Rewrites = false, false
	e.Hazards = slices.DeleteFunc(slices.Clone(e.Hazards), func(h dialects.Hazard) bool { return h.Family == dialects.LockFamily })
	return e
}

// judge knows what a statement's effects depend on.
type judge struct {
	*dialects.Catalog
	fresh     dialects.Fresh
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

func isNotNullTest(expr *astNode) bool {
	test := expr.GetNullTest()
	return test.GetNulltesttype().String() == "IS_NOT_NULL" && test.GetArg().GetColumnRef() != nil
}

// conjuncts are the parts of a condition that must all hold.
func conjuncts(expr *astNode) []*astNode {
	b := expr.GetBoolExpr()
	if b == nil || b.GetBoolop().String() != "AND_EXPR" {
		return []*astNode{expr}
	}
	var parts []*astNode
	for _, arg := range b.Args {
		parts = append(parts, conjuncts(arg)...)
	}
	return parts
}

// sortEffects orders effects that were collected from the catalog's map.
func sortEffects(effects []dialects.Effect) {
	slices.SortStableFunc(effects, func(a, b dialects.Effect) int {
		return strings.Compare(a.Table.String(), b.Table.String())
	})
}
