package postgres

import (
	"github.com/segue-db/segue/dialects"
)

// readIndexes reads each table's, valid or not.
func (i *inspection) readIndexes() error {
	var table, oid uint32
	var x dialects.Index
	var parentSchema, parentName string
	var key []int32
	var keys int
	return i.each(ownTables+`
SELECT t.oid, x.oid, n.nspname, x.relname, `+vector("k.indkey")+`, k.indnkeyatts,
       COALESCE(pg_catalog.pg_get_indexdef(x.oid), ''), m.amname,
       k.indisunique, k.indisprimary, k.indpred IS NOT NULL, k.indexprs IS NOT NULL, k.indisvalid,
       `+i.since(15, `k.indnullsnotdistinct`, `false`)+`, k.indisclustered,
       COALESCE(c.conname, ''), COALESCE(pn.nspname, ''), COALESCE(p.relname, ''),
       `+comment("pg_class", "x.oid")+`
FROM tables t
JOIN pg_catalog.pg_index k ON k.indrelid = t.oid
JOIN pg_catalog.pg_class x ON x.oid = k.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
JOIN pg_catalog.pg_am m ON m.oid = x.relam
LEFT JOIN pg_catalog.pg_constraint c ON c.conindid = x.oid AND c.conrelid = t.oid AND c.contype IN ('p', 'u', 'x')
LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = x.oid
LEFT JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
ORDER BY t.oid, x.relname`, func() {
		index := x
		index.Keys = i.columnNames(table, key[:keys])
		// A constraint's index depends on the constraint instead of its columns, an expression's
		// columns are in no key: each of the two lists lacks some.
		index.Columns = named(named(nil, i.columnNames(table, key)...), i.columnsUsed("pg_class", oid, table)...)
		index.Parent = optional(parentSchema, parentName)
		i.tables[table].Indexes = append(i.tables[table].Indexes, &index)
	}, &table, &oid, &x.Name.Schema, &x.Name.Name, &key, &keys,
		&x.Definition, &x.Method, &x.Unique, &x.Primary, &x.Partial, &x.Expressions, &x.Valid,
		&x.NullsNotDistinct, &x.Clustered, &x.Constraint, &parentSchema, &parentName, &x.Comment)
}
