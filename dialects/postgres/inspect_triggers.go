package postgres

import (
	"github.com/segue-db/segue/dialects"
)

// Bits of pg_trigger.tgtype; source: src/include/catalog/pg_trigger.h.
const (
	triggerRow    = 1 << 0
	triggerBefore = 1 << 1
)

var triggerEvents = []struct {
	bit  int
	name string
}{{1 << 2, "insert"}, {1 << 4, "update"}, {1 << 3, "delete"}, {1 << 5, "truncate"}}

var triggerStates = map[string]string{"O": "origin", "A": "always", "R": "replica", "D": "disabled"}

// readTriggers reads users' triggers, in the order in which they fire: by their names' bytes.
// Before 15 a partition's copy is marked internal, as a foreign key's is.
func (i *inspection) readTriggers() error {
	var table, oid uint32
	var t dialects.Trigger
	var bits int
	var enabled string
	return i.each(ownTables+`
SELECT t.oid, g.oid, g.tgname, g.tgtype, n.nspname, f.proname,
       COALESCE(pg_catalog.pg_get_triggerdef(g.oid), ''), g.tgenabled::text, g.tgparentid <> 0
FROM tables t
JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid
     AND (NOT g.tgisinternal OR g.tgparentid <> 0 AND g.tgconstraint = 0)
JOIN pg_catalog.pg_proc f ON f.oid = g.tgfoid
JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace
ORDER BY t.oid, g.tgname`, func() {
		trigger := t
		trigger.Row = bits&triggerRow != 0
		trigger.Before = bits&triggerBefore != 0
		for _, e := range triggerEvents {
			if bits&e.bit != 0 {
				trigger.Events = append(trigger.Events, e.name)
			}
		}
		trigger.Columns = i.columnsUsed("pg_trigger", oid, table)
		trigger.Enabled = triggerStates[enabled]
		i.tables[table].Triggers = append(i.tables[table].Triggers, &trigger)
	}, &table, &oid, &t.Name, &bits, &t.Function.Schema, &t.Function.Name, &t.Definition, &enabled, &t.Inherited)
}

func (i *inspection) readPolicies() error {
	var table, oid uint32
	var name string
	return i.each(ownTables+`
SELECT t.oid, p.oid, p.polname
FROM tables t JOIN pg_catalog.pg_policy p ON p.polrelid = t.oid
ORDER BY t.oid, p.polname`, func() {
		i.tables[table].Policies = append(i.tables[table].Policies,
			&dialects.PolicyDef{Name: name, Columns: i.columnsUsed("pg_policy", oid, table)})
	}, &table, &oid, &name)
}

func (i *inspection) readStatistics() error {
	var table, oid uint32
	var key []int32
	var s dialects.ExtendedStatistics
	return i.each(ownTables+`
SELECT t.oid, s.oid, n.nspname, s.stxname, `+vector("s.stxkeys")+`,
       COALESCE(pg_catalog.pg_get_statisticsobjdef(s.oid), ''), COALESCE(s.stxstattarget, -1),
       `+comment("pg_statistic_ext", "s.oid")+`
FROM tables t
JOIN pg_catalog.pg_statistic_ext s ON s.stxrelid = t.oid
JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
ORDER BY t.oid, s.stxname`, func() {
		statistics := s
		statistics.Columns = named(named(nil, i.columnNames(table, key)...), i.columnsUsed("pg_statistic_ext", oid, table)...)
		i.tables[table].Statistics = append(i.tables[table].Statistics, &statistics)
	}, &table, &oid, &s.Name.Schema, &s.Name.Name, &key, &s.Definition, &s.StatsTarget, &s.Comment)
}
