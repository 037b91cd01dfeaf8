package integration_test

import "testing"

// catalogLines are all that a schema of tables, views, indexes and constraints is in Postgres's own catalog, a line each:
// for releases that there is no pg_dump of. Names stand for OIDs, and columns are counted without those that are gone.
const catalogLines = `WITH relation AS (
	SELECT c.*, c.oid::regclass::text AS called FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'segue')
), line AS (
	SELECT concat_ws(' | ', 'relation', called, relkind, relpersistence, relreplident, relispartition, relispopulated, relrowsecurity,
		relforcerowsecurity, reltablespace, reloptions::text, pg_get_expr(relpartbound, oid),
		CASE relkind WHEN 'p' THEN pg_get_partkeydef(oid) WHEN 'v' THEN pg_get_viewdef(oid) WHEN 'm' THEN pg_get_viewdef(oid) END,
		(SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) FROM pg_catalog.pg_inherits WHERE inhrelid = oid)) AS text
	FROM relation
UNION ALL
	SELECT concat_ws(' | ', 'column', called, row_number() OVER (PARTITION BY r.oid ORDER BY attnum), attname, format_type(atttypid, atttypmod),
		attcollation, attnotnull, attidentity, attgenerated, attstorage, attcompression, attislocal, attinhcount, attstattarget,
		attoptions::text, pg_get_expr(d.adbin, d.adrelid))
	FROM relation r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND attnum > 0 AND NOT attisdropped
		LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = r.oid AND d.adnum = attnum
UNION ALL
	SELECT concat_ws(' | ', 'index', pg_get_indexdef(indexrelid), indisunique, indisprimary, indisexclusion, indimmediate, indisclustered,
		indisvalid, indisready, indislive, indisreplident)
	FROM relation r JOIN pg_catalog.pg_index ON indexrelid = r.oid
UNION ALL
	SELECT concat_ws(' | ', 'constraint', called, conname, contype, pg_get_constraintdef(c.oid), convalidated, condeferrable, condeferred,
		conislocal, coninhcount, connoinherit, nullif(conindid, 0)::regclass::text)
	FROM relation r JOIN pg_catalog.pg_constraint c ON conrelid = r.oid
UNION ALL
	SELECT concat_ws(' | ', 'trigger', called, pg_get_triggerdef(t.oid), tgenabled) FROM relation r JOIN pg_catalog.pg_trigger t ON tgrelid = r.oid
	WHERE NOT tgisinternal
UNION ALL
	SELECT concat_ws(' | ', 'comment', objoid::regclass::text, objsubid, description) FROM pg_catalog.pg_description
	JOIN relation r ON objoid = r.oid AND classoid = 'pg_catalog.pg_class'::regclass
)
SELECT string_agg(text, E'\n' ORDER BY text COLLATE "C") FROM line`

// inCatalog is the schema as the server's catalog has it, without segue's own.
func inCatalog(t *testing.T, url string) string {
	t.Helper()
	return text(t, connect(t, url), catalogLines)
}
