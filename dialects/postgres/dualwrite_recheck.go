package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
)

// recheck names what stands on the old column and is accounted for. Partitions' own copies of a
// parent's parts are not named: they go and come with the parent's. The names are those that
// [Database.Recheck] reads.
func (p *pair) recheck(all *twins) []string {
	known := []string{fmt.Sprintf("constraint %s on %s", proofName(p.spec), p.table.Name)}
	if p.old.Default != "" {
		known = append(known, "default of "+p.oldName())
	}
	for _, twin := range all.notNulls {
		known = append(known, fmt.Sprintf("not null of %s.%s", twin.table.Name, p.spec.Old))
	}
	for _, twin := range all.indexes {
		if twin.constraint != nil {
			known = append(known, fmt.Sprintf("constraint %s on %s", twin.constraint.Name, twin.table.Name))
		} else {
			known = append(known, "index "+twin.index.Name.String())
		}
	}
	for _, twin := range all.constraints {
		known = append(known, fmt.Sprintf("constraint %s on %s", twin.constraint.Name, twin.table.Name))
	}
	for _, twin := range all.statistics {
		known = append(known, "statistics "+twin.statistics.Name.String())
	}
	for _, name := range p.sequences() {
		known = append(known, "sequence "+name.String())
	}
	slices.Sort(known)
	return known
}

// familyCTE reads the table $1 and all partitions below it, with the number of the column $2 in each.
const familyCTE = `WITH RECURSIVE family (relid) AS (
	SELECT pg_catalog.to_regclass($1)::oid
	UNION ALL
	SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN family f ON i.inhparent = f.relid
), old AS (
	SELECT f.relid, a.attnum, n.nspname || '.' || c.relname AS table_name
	FROM family f
	JOIN pg_catalog.pg_class c ON c.oid = f.relid
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_catalog.pg_attribute a ON a.attrelid = f.relid AND a.attname = $2 AND NOT a.attisdropped
)`

// dependentsQuery names every object on the old column that is no copy of its parent's: what depends on the
// column, and what depends on an index or constraint of it.
const dependentsQuery = familyCTE + `, direct AS (
	SELECT d.classid, d.objid, old.table_name
	FROM pg_catalog.pg_depend d
	JOIN old ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = old.relid AND d.refobjsubid = old.attnum
), behind AS (
	SELECT * FROM direct
	UNION
	SELECT d.classid, d.objid, direct.table_name
	FROM pg_catalog.pg_depend d
	JOIN direct ON d.refclassid = direct.classid AND d.refobjid = direct.objid
	WHERE direct.classid IN ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_constraint'::regclass) AND d.deptype = 'n'
)
SELECT DISTINCT CASE behind.classid
	WHEN 'pg_catalog.pg_attrdef'::regclass THEN CASE
		WHEN EXISTS (SELECT FROM old WHERE old.relid = def.adrelid AND old.attnum = def.adnum) THEN 'default of ' || behind.table_name || '.' || $2
		ELSE pg_catalog.pg_describe_object(behind.classid, behind.objid, 0) END
	WHEN 'pg_catalog.pg_constraint'::regclass THEN 'constraint ' || con.conname || ' on ' || cn.nspname || '.' || ct.relname
	WHEN 'pg_catalog.pg_class'::regclass THEN CASE rel.relkind
		WHEN 'S' THEN 'sequence ' WHEN 'i' THEN 'index ' WHEN 'I' THEN 'index ' ELSE 'relation ' END || rn.nspname || '.' || rel.relname
	WHEN 'pg_catalog.pg_statistic_ext'::regclass THEN 'statistics ' || sn.nspname || '.' || s.stxname
	ELSE pg_catalog.pg_describe_object(behind.classid, behind.objid, 0) END
FROM behind
LEFT JOIN pg_catalog.pg_attrdef def ON behind.classid = 'pg_catalog.pg_attrdef'::regclass AND def.oid = behind.objid
LEFT JOIN pg_catalog.pg_constraint con ON behind.classid = 'pg_catalog.pg_constraint'::regclass AND con.oid = behind.objid
LEFT JOIN pg_catalog.pg_class ct ON ct.oid = con.conrelid
LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = ct.relnamespace
LEFT JOIN pg_catalog.pg_class rel ON behind.classid = 'pg_catalog.pg_class'::regclass AND rel.oid = behind.objid
LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rel.relnamespace
LEFT JOIN pg_catalog.pg_statistic_ext s ON behind.classid = 'pg_catalog.pg_statistic_ext'::regclass AND s.oid = behind.objid
LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.stxnamespace
WHERE NOT coalesce(con.contype = 'n', false)
	AND NOT coalesce(con.coninhcount > 0 OR con.conparentid <> 0, false)
	AND NOT coalesce(rel.relispartition, false)
	AND (def.oid IS NULL OR def.adrelid = pg_catalog.to_regclass($1))
UNION
SELECT 'not null of ' || old.table_name || '.' || $2
FROM old
JOIN pg_catalog.pg_attribute a ON a.attrelid = old.relid AND a.attnum = old.attnum AND a.attnotnull
WHERE NOT EXISTS (
	SELECT FROM pg_catalog.pg_inherits i
	JOIN pg_catalog.pg_attribute pa ON pa.attrelid = i.inhparent AND pa.attname = $2 AND pa.attnotnull
	WHERE i.inhrelid = old.relid)
ORDER BY 1`

// dependents names what stands on the old column.
func dependents(ctx context.Context, q dialects.Queryer, table dialects.Name, column string) ([]string, error) {
	names, err := readTexts(ctx, q, dependentsQuery, qualified(table), column)
	if err != nil {
		return nil, fmt.Errorf("reading what depends on %s.%s: %w", table, column, err)
	}
	return names, nil
}

// Recheck locks the table for the rest of the caller's transaction, ACCESS EXCLUSIVE and under its
// lock timeout, so that what it then reads stays so. It names each object on the old column that is not
// known, everything in which the two columns or what stands on them have come to differ, and what is
// wrong with the sync trigger (dual-write.md, A8). None means that contract may go on in this transaction.
func (d *Database) Recheck(ctx context.Context, q dialects.Queryer, spec dialects.DualWriteSpec, known []string) ([]string, error) {
	table := qualified(spec.Table)
	if err := q.Script(ctx, "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE"); err != nil {
		return nil, fmt.Errorf("locking %s: %w", spec.Table, err)
	}
	found, err := dependents(ctx, q, spec.Table, spec.Old)
	if err != nil {
		return nil, err
	}
	var messages []string
	for _, object := range found {
		if !slices.Contains(known, object) {
			messages = append(messages, fmt.Sprintf("%s stands on %s.%s and is not in the plan: drop it, or roll back and start again, so that the plan carries it over",
				object, spec.Table, spec.Old))
		}
	}
	twins, err := strayed(ctx, q, spec, known)
	if err != nil {
		return nil, err
	}
	drift, err := readTexts(ctx, q, driftQuery, table, spec.Old, spec.New)
	if err != nil {
		return nil, fmt.Errorf("comparing %s.%s and %s: %w", spec.Table, spec.Old, spec.New, err)
	}
	triggers, err := readTexts(ctx, q, syncTriggerQuery, table, spec.Old, functionName(spec).Schema, functionName(spec).Name)
	if err != nil {
		return nil, fmt.Errorf("reading the triggers of %s: %w", spec.Table, err)
	}
	publications, err := readTexts(ctx, q, publicationsQuery, table, spec.Old)
	if err != nil {
		return nil, fmt.Errorf("reading the publications of %s: %w", spec.Table, err)
	}
	return slices.Concat(messages, twins, drift, triggers, publications), nil
}

// publicationsQuery names publications that send the table: when the plan was made there were none.
const publicationsQuery = familyCTE + `
SELECT DISTINCT 'publication ' || p.pubname || ' sends ' || old.table_name || ' since the plan was made: take the table out of it'
FROM old JOIN pg_catalog.pg_publication_tables p ON p.schemaname || '.' || p.tablename = old.table_name
ORDER BY 1`

// driftQuery names settings that were changed on one of the two columns alone since the new one was made.
const driftQuery = familyCTE + `, pair AS (
	SELECT old.table_name, o, n,
		pg_catalog.pg_get_expr(od.adbin, od.adrelid) AS old_default, pg_catalog.pg_get_expr(nd.adbin, nd.adrelid) AS new_default
	FROM old
	JOIN pg_catalog.pg_attribute o ON o.attrelid = old.relid AND o.attnum = old.attnum
	LEFT JOIN pg_catalog.pg_attribute n ON n.attrelid = old.relid AND n.attname = $3 AND NOT n.attisdropped
	LEFT JOIN pg_catalog.pg_attrdef od ON od.adrelid = o.attrelid AND od.adnum = o.attnum
	LEFT JOIN pg_catalog.pg_attrdef nd ON nd.adrelid = n.attrelid AND nd.adnum = n.attnum
)
SELECT said.message FROM pair, LATERAL (VALUES
	((n).attnum IS NULL, 'column ' || table_name || '.' || $3 || ' is gone'),
	(((o).atttypid, (o).atttypmod, (o).attcollation) <> ((n).atttypid, (n).atttypmod, (n).attcollation),
		'columns ' || $2 || ' and ' || $3 || ' of ' || table_name || ' have different types: one was changed'),
	(old_default <> new_default AND new_default !~ '^NULL(::|$)',
		'columns ' || $2 || ' and ' || $3 || ' of ' || table_name || ' have different defaults: one was changed'),
	(ARRAY(SELECT (grantee, privilege_type, is_grantable)::text FROM pg_catalog.aclexplode((o).attacl) ORDER BY 1)
		<> ARRAY(SELECT (grantee, privilege_type, is_grantable)::text FROM pg_catalog.aclexplode((n).attacl) ORDER BY 1),
		'columns ' || $2 || ' and ' || $3 || ' of ' || table_name || ' have different privileges: grant the new one what the old one has'),
	(((o).attstorage, (o).attcompression, (o).attstattarget) IS DISTINCT FROM ((n).attstorage, (n).attcompression, (n).attstattarget)
			OR ARRAY(SELECT x FROM pg_catalog.unnest((o).attoptions) x WHERE x NOT LIKE '` + columnVersion + `%' ORDER BY 1)
				<> ARRAY(SELECT x FROM pg_catalog.unnest((n).attoptions) x WHERE x NOT LIKE '` + columnVersion + `%' ORDER BY 1),
		'columns ' || $2 || ' and ' || $3 || ' of ' || table_name || ' have different storage, compression, statistics or options: one was changed'),
	(pg_catalog.col_description((o).attrelid, (o).attnum) IS DISTINCT FROM pg_catalog.col_description((n).attrelid, (n).attnum),
		'columns ' || $2 || ' and ' || $3 || ' of ' || table_name || ' have different comments: one was changed')
) AS said (holds, message)
WHERE said.holds AND ((n).attnum IS NOT NULL OR said.message LIKE '% is gone')
ORDER BY 1`

// syncTriggerQuery names what is wrong with the sync trigger: gone or disabled on the table or a
// partition, or no longer the last of the BEFORE ROW triggers. Bit 0 of tgtype is ROW, bit 1 BEFORE; bits 2 and 4 are
// INSERT and UPDATE.
const syncTriggerQuery = familyCTE + `, sync AS (
	SELECT old.relid, old.table_name, t.tgname, t.tgenabled
	FROM old
	LEFT JOIN (pg_catalog.pg_trigger t
		JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid AND p.proname = $4
		JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace AND pn.nspname = $3)
		ON t.tgrelid = old.relid
)
SELECT 'the sync trigger of ' || table_name || ' is gone: roll back and start again' FROM sync WHERE tgname IS NULL
UNION ALL
SELECT 'the sync trigger ' || tgname || ' of ' || table_name || ' is not enabled as it was: ALTER TABLE ... ENABLE TRIGGER'
FROM sync WHERE tgenabled <> 'O'
UNION ALL
SELECT 'trigger ' || t.tgname || ' of ' || sync.table_name || ' fires after the sync trigger ' || sync.tgname
	|| ': rename it, so that it sorts before'
FROM sync
JOIN pg_catalog.pg_trigger t ON t.tgrelid = sync.relid AND NOT t.tgisinternal AND t.tgtype & 3 = 3 AND t.tgtype & 20 <> 0
	AND t.tgname COLLATE "C" > sync.tgname COLLATE "C"
JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid AND p.proname NOT LIKE 'segue\_%'
ORDER BY 1`

// readTexts reads a query of one text column.
func readTexts(ctx context.Context, q dialects.Queryer, sql string, args ...any) ([]string, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var values []string
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, rows.Err()
}
