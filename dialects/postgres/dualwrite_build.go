package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// build makes the twins, beside writers: indexes concurrently, constraints NOT VALID and then
// validated. Partitioned indexes are made on every leaf, and then attached from the leaves up to the
// parent's, which expand has made.
func (p *pair) build(all *twins) []dialects.Action {
	var actions []dialects.Action
	for _, twin := range all.indexes {
		if twin.table.Kind != dialects.PartitionedTable {
			actions = append(actions, p.createIndex(twin))
		}
	}
	for _, twin := range slices.Backward(all.indexes) {
		if twin.index.Parent != nil {
			actions = append(actions, p.attachIndex(twin, all))
		}
	}
	for _, twin := range all.notNulls {
		actions = append(actions, p.addNotNull(twin)...)
	}
	for _, twin := range all.constraints {
		actions = append(actions, p.addConstraint(twin)...)
	}
	for _, twin := range all.statistics {
		actions = append(actions, p.addStatistics(twin))
	}
	return append(actions, p.analyze())
}

// createIndex builds an index concurrently. One of a partition that is gone since is done.
func (p *pair) createIndex(twin indexTwin) dialects.Action {
	probe := indexProbe(twin.name)
	if twin.table.PartitionOf != nil {
		probe = fmt.Sprintf("SELECT CASE WHEN %s THEN (%s) ELSE 'done' END", p.isPartition(twin.table), probe)
	}
	return dialects.Action{
		SQL:   twin.sql,
		Undo:  fmt.Sprintf("DROP INDEX CONCURRENTLY IF EXISTS %s;", qualified(twin.name)),
		Probe: probe,
		Why:   fmt.Sprintf("the new column's %s", twin.index.Name.Name), Tables: []dialects.Name{twin.table.Name},
		Lock: "SHARE UPDATE EXCLUSIVE", Blocks: dialects.BlocksNothing, Scans: true, Patient: true,
	}
}

// dropParent drops a partitioned index, or the constraint that it carries, with all that is attached.
func dropParent(twin indexTwin) string {
	if twin.constraint != nil {
		return fmt.Sprintf("ALTER TABLE IF EXISTS %s DROP CONSTRAINT IF EXISTS %s;", qualified(twin.table.Name), quote(twin.name.Name))
	}
	return fmt.Sprintf("DROP INDEX IF EXISTS %s;", qualified(twin.name))
}

// indexProbe tells what is there of an index: a concurrent build that failed leaves an invalid one.
func indexProbe(name dialects.Name) string {
	return fmt.Sprintf(`SELECT CASE WHEN pg_catalog.count(*) = 0 THEN 'absent' WHEN pg_catalog.bool_and(indisvalid) THEN 'done' ELSE 'partial' END
FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass(%s)`, quoteLiteral(qualified(name)))
}

// attachIndex attaches a partition's index to its parent's. One that carries a constraint becomes
// one first, as the parent's is. What is attached is dropped with its parent alone, so undo
// drops the parent.
func (p *pair) attachIndex(twin indexTwin, all *twins) dialects.Action {
	parent := all.twinOf(*twin.index.Parent)
	s := newScript()
	p.ifPartition(s, twin.table, func(s *script) {
		if twin.constraint != nil && twin.table.Kind != dialects.PartitionedTable {
			s.add("ALTER TABLE ONLY %s ADD CONSTRAINT %s UNIQUE USING INDEX %[2]s", qualified(twin.table.Name), quote(twin.name.Name))
		}
		s.add("ALTER INDEX %s ATTACH PARTITION %s", qualified(parent.name), qualified(twin.name))
	})
	return dialects.Action{
		SQL: s.String(), Undo: dropParent(parent),
		Why:    fmt.Sprintf("makes the index of %s a part of %s's", twin.table.Name, parent.table.Name),
		Tables: []dialects.Name{parent.table.Name, twin.table.Name},
		Lock:   "ACCESS EXCLUSIVE", Blocks: dialects.BlocksAll, Transactional: true,
	}
}

// twinOf finds an old index's twin.
func (all *twins) twinOf(index dialects.Name) indexTwin {
	at := slices.IndexFunc(all.indexes, func(t indexTwin) bool { return t.index.Name == index })
	return all.indexes[at]
}

// addNotNull has the new column checked: from 18 on by the NOT NULL itself, before by a CHECK that
// spares SET NOT NULL its scan.
func (p *pair) addNotNull(twin notNullTwin) []dialects.Action {
	table, name := qualified(twin.table.Name), quote(twin.name)
	condition := fmt.Sprintf("CHECK (%s IS NOT NULL)", quote(p.spec.New))
	if twin.constraint != nil {
		condition = "NOT NULL " + quote(p.spec.New)
	}
	add := p.onTable(twin.table, "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID", table, name, condition)
	drop := fmt.Sprintf("ALTER TABLE IF EXISTS %s DROP CONSTRAINT IF EXISTS %s;", table, name)
	actions := []dialects.Action{p.brief(add, drop, "the new column is NOT NULL for what is written from now on")}
	if twin.constraint == nil || !twin.constraint.NotValid {
		actions = append(actions, p.validate(twin.table, twin.name, "the new column is NOT NULL in every row"))
	}
	return actions
}

// addConstraint adds a CHECK or foreign key. One that was NOT VALID stays so.
func (p *pair) addConstraint(twin constraintTwin) []dialects.Action {
	drop := fmt.Sprintf("ALTER TABLE IF EXISTS %s DROP CONSTRAINT IF EXISTS %s;", qualified(twin.table.Name), quote(twin.name))
	statement := strings.TrimSuffix(twin.sql, ";")
	add := p.brief(p.onTable(twin.table, "%s", statement), drop, fmt.Sprintf("the new column's %s, for what is written from now on", twin.constraint.Name))
	if parent := twin.constraint.References; parent != nil {
		add.SQL = p.onTable(twin.table, "LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE;\n%s;\n%s", qualified(twin.table.Name), secondLock, statement)
		add.Undo = secondLock + ";\n" + drop
		add.Lock, add.Blocks = "SHARE ROW EXCLUSIVE", dialects.BlocksWrites
		add.Tables = []dialects.Name{twin.table.Name, p.c.Resolve(*parent)}
	}
	actions := []dialects.Action{add}
	if !twin.constraint.NotValid {
		actions = append(actions, p.validate(twin.table, twin.name, fmt.Sprintf("%s holds in every row", twin.constraint.Name)))
	}
	return actions
}

func (p *pair) addStatistics(twin statisticsTwin) dialects.Action {
	s := newScript()
	p.ifPartition(s, twin.table, func(s *script) {
		s.add("%s", strings.TrimSuffix(twin.sql, ";"))
		if target := twin.statistics.StatsTarget; target >= 0 {
			s.add("ALTER STATISTICS %s SET STATISTICS %d", qualified(twin.name), target)
		}
	})
	return dialects.Action{
		SQL:    s.String(),
		Undo:   fmt.Sprintf("DROP STATISTICS IF EXISTS %s;", qualified(twin.name)),
		Why:    fmt.Sprintf("the new column's %s", twin.statistics.Name.Name),
		Tables: []dialects.Name{twin.table.Name},
		Lock:   "SHARE UPDATE EXCLUSIVE", Blocks: dialects.BlocksNothing, Transactional: true,
	}
}

// analyze gives the planner what it knows of the old column about the new one, before apps query by it.
func (p *pair) analyze() dialects.Action {
	return dialects.Action{
		SQL:    fmt.Sprintf("ANALYZE %s;", qualified(p.table.Name)),
		Why:    "the planner has statistics of the new column before apps ask by it",
		Tables: p.names(),
		Lock:   "SHARE UPDATE EXCLUSIVE", Blocks: dialects.BlocksNothing, Scans: true, Transactional: true, Patient: true,
	}
}
