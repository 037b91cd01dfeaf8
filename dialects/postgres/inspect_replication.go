package postgres

import (
	"github.com/segue-db/segue/dialects"
)

// readPublications reads which publications send each table: by its own name, its schema's, its
// partitioned ancestors', or all tables. FOR ALL TABLES leaves out unlogged and foreign tables.
func (i *inspection) readPublications() error {
	var oid, listed uint32
	var p dialects.PublicationUse
	var key []int32
	bySchema := i.since(15, `
  UNION ALL
  SELECT t.oid, p.pubname, NULL::int[], NULL
  FROM tables t
  JOIN pg_catalog.pg_publication_namespace s ON s.pnnspid = t.relnamespace
  JOIN pg_catalog.pg_publication p ON p.oid = s.pnpubid`, ``)
	return i.each(ownTables+`, sent AS (
  SELECT r.prrelid AS oid, p.pubname, `+i.since(15, vector("r.prattrs"), `NULL::int[]`)+` AS columns,
         `+i.since(15, `pg_catalog.pg_get_expr(r.prqual, r.prrelid)`, `NULL::text`)+` AS filter
  FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid`+bySchema+`
), ancestors AS (
  SELECT t.oid, a.relid FROM tables t, pg_catalog.pg_partition_ancestors(t.oid) a WHERE t.relispartition
  UNION
  SELECT oid, oid FROM tables
)
SELECT a.oid, s.oid, s.pubname, s.columns, COALESCE(s.filter, '')
FROM ancestors a JOIN sent s ON s.oid = a.relid
UNION ALL
SELECT t.oid, t.oid, p.pubname, NULL, ''
FROM tables t, pg_catalog.pg_publication p
WHERE p.puballtables AND t.relpersistence = 'p' AND t.relkind <> 'f'
ORDER BY 1, 3`, func() {
		use := p
		// The numbers are those of the table that is listed, which may be an ancestor's.
		use.Columns = i.columnNames(listed, key)
		i.tables[oid].Publications = append(i.tables[oid].Publications, use)
	}, &oid, &listed, &p.Name, &key, &p.RowFilter)
}

// readSubscriptions reads which subscriptions write each table. The view gives names to every
// role; pg_subscription itself does not.
func (i *inspection) readSubscriptions() error {
	var oid uint32
	var name string
	return i.each(ownTables+`
SELECT DISTINCT t.oid, s.subname
FROM tables t
JOIN pg_catalog.pg_subscription_rel r ON r.srrelid = t.oid
JOIN pg_catalog.pg_stat_subscription s ON s.subid = r.srsubid
ORDER BY t.oid, s.subname`, func() {
		i.tables[oid].Subscriptions = append(i.tables[oid].Subscriptions, name)
	}, &oid, &name)
}
