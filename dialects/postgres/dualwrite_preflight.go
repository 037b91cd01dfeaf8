package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
)

// Preflight finds what would make the plan fail for this role, or lose something on this server that
// the catalog does not show. It changes nothing.
func (d *Database) Preflight(ctx context.Context, q dialects.Queryer, c *dialects.Catalog, copy dialects.CopySpec) error {
	spec := dialects.DualWriteSpec{Table: c.Resolve(copy.Table), Old: copy.From, New: copy.To}
	table := qualified(spec.Table)
	var reasons []string
	for _, check := range preflightChecks {
		found, err := readTexts(ctx, q, check.sql, table, spec.Old)
		if err != nil {
			return fmt.Errorf("checking %s of %s: %w", check.what, spec.Table, err)
		}
		reasons = append(reasons, found...)
	}
	unplanned, err := unplanned(ctx, q, c, spec)
	if err != nil {
		return err
	}
	if reasons = append(reasons, unplanned...); len(reasons) > 0 {
		return &dialects.Refusal{What: renameOf(spec), Reasons: reasons}
	}
	return nil
}

// unplanned compares the server's record of what stands on the column with what a plan knows of.
// Once the new column is there the plan is in flight, and contract asks [Database.Recheck].
func unplanned(ctx context.Context, q dialects.Queryer, c *dialects.Catalog, spec dialects.DualWriteSpec) ([]string, error) {
	if t := c.Table(spec.Table); t != nil && t.Column(spec.New) != nil {
		return nil, nil
	}
	plan, err := Dialect{}.DualWrite(c, spec)
	var refusal *dialects.Refusal
	if errors.As(err, &refusal) {
		return refusal.Reasons, nil
	}
	if err != nil {
		return nil, err
	}
	found, err := dependents(ctx, q, spec.Table, spec.Old)
	if err != nil {
		return nil, err
	}
	var reasons []string
	for _, object := range found {
		if !slices.Contains(plan.Recheck, object) {
			reasons = append(reasons, fmt.Sprintf("%s stands on %s.%s, and segue does not know how to carry it over; drop it first, and make it again afterwards",
				object, spec.Table, spec.Old))
		}
	}
	return reasons, nil
}

// preflightChecks are queries of reasons, of the table $1 and its column $2.
var preflightChecks = []struct{ what, sql string }{
	{"ownership", familyCTE + `
SELECT 'the role ' || current_user || ' does not own ' || old.table_name || ', which only its owner may alter; run as a member of ' || pg_catalog.pg_get_userbyid(c.relowner)
FROM old JOIN pg_catalog.pg_class c ON c.oid = old.relid
WHERE NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')`},
	{"the schema", familyCTE + `
SELECT 'the role ' || current_user || ' may not create the trigger function in schema ' || n.nspname || '; GRANT CREATE ON SCHEMA ' || pg_catalog.quote_ident(n.nspname) || ' TO ' || pg_catalog.quote_ident(current_user)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid IN (SELECT relid FROM old) AND NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE')
GROUP BY n.nspname`},
	{"row security", familyCTE + `
SELECT 'row security hides rows of ' || table_name || ' from the role ' || current_user || ': they would not be copied; run as a role that bypasses it (BYPASSRLS), or ALTER TABLE ... NO FORCE ROW LEVEL SECURITY'
FROM old WHERE pg_catalog.row_security_active(relid)`},
	{"the search_path", familyCTE + `
SELECT 'the search_path of ' || current_user || ' puts the schema ' || x.schema || ' before pg_catalog, and it has functions or operators of the same names, which expressions of indexes and constraints would come to mean; put pg_catalog first: ALTER ROLE ' || pg_catalog.quote_ident(current_user) || ' SET search_path = ...'
FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) WITH ORDINALITY AS x (schema, n)
JOIN pg_catalog.pg_namespace s ON s.nspname = x.schema
WHERE x.n < pg_catalog.array_position(pg_catalog.current_schemas(true), 'pg_catalog')
	AND (EXISTS (SELECT FROM pg_catalog.pg_proc o JOIN pg_catalog.pg_proc own ON own.proname = o.proname AND own.pronamespace = 'pg_catalog'::regnamespace WHERE o.pronamespace = s.oid)
		OR EXISTS (SELECT FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_operator own ON own.oprname = o.oprname AND own.oprnamespace = 'pg_catalog'::regnamespace WHERE o.oprnamespace = s.oid))
	AND (EXISTS (SELECT FROM old JOIN pg_catalog.pg_constraint k ON k.conrelid = old.relid AND k.contype = 'c' AND old.attnum = ANY (k.conkey))
		OR EXISTS (SELECT FROM old JOIN pg_catalog.pg_index i ON i.indrelid = old.relid AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)))`},
	{"rules", familyCTE + `
SELECT 'rule ' || r.rulename || ' of ' || old.table_name || ' rewrites its statements, and may name either column; drop it first'
FROM old JOIN pg_catalog.pg_rewrite r ON r.ev_class = old.relid`},
	{"the type", familyCTE + `
SELECT old.table_name || ' is a table of the type ' || pg_catalog.format_type(c.reloftype, NULL) || ' and takes its columns from it; ALTER TABLE ... NOT OF first'
FROM old JOIN pg_catalog.pg_class c ON c.oid = old.relid AND c.reloftype <> 0`},
	{"its row type", familyCTE + `
SELECT 'column ' || c.oid::regclass || '.' || a.attname || ' holds rows of ' || old.table_name || ', whose shape would change; give it a type of its own'
FROM old
JOIN pg_catalog.pg_type t ON t.typrelid = old.relid
JOIN pg_catalog.pg_attribute a ON a.atttypid IN (t.oid, t.typarray) AND NOT a.attisdropped
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f', 'c', 'm')`},
	{"the domain", familyCTE + `, domains (oid, typbasetype, typnotnull, typdefault) AS (
	SELECT t.oid, t.typbasetype, t.typnotnull, t.typdefault
	FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid AND t.typtype = 'd'
	WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attname = $2
	UNION ALL
	SELECT t.oid, t.typbasetype, t.typnotnull, t.typdefault
	FROM domains JOIN pg_catalog.pg_type t ON t.oid = domains.typbasetype AND t.typtype = 'd'
)
SELECT 'column ' || $2 || ' has the domain ' || pg_catalog.format_type(oid, NULL) || ', which rejects NULL, so that the new column could not be added empty; give the column the domain''s base type first, and NOT NULL of its own'
FROM domains WHERE typnotnull
UNION ALL
SELECT 'column ' || $2 || ' has the domain ' || pg_catalog.format_type(oid, NULL) || ' with a CHECK: adding a column of it rewrites the table; give the column the domain''s base type first, and a CHECK of its own'
FROM domains WHERE EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE contypid = domains.oid AND contype = 'c')
UNION ALL
SELECT 'column ' || $2 || ' has no default but that of its domain ' || pg_catalog.format_type(oid, NULL) || ', which the sync trigger could not tell from a value; give the column the same one itself: ALTER TABLE ... ALTER COLUMN ... SET DEFAULT ' || typdefault
FROM domains WHERE typdefault IS NOT NULL AND NOT EXISTS (
	SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attname = $2 AND a.atthasdef)`},
	{"labels and index settings", familyCTE + `
SELECT 'column ' || old.table_name || '.' || $2 || ' has a security label of ' || l.provider || ', which segue does not carry over; remove it first'
FROM old JOIN pg_catalog.pg_seclabel l
	ON l.classoid = 'pg_catalog.pg_class'::regclass AND l.objoid = old.relid AND l.objsubid = old.attnum
UNION ALL
SELECT 'index ' || i.oid::regclass || ' lies in the tablespace ' || ts.spcname || ', which segue does not carry over; ALTER INDEX ... SET TABLESPACE first'
FROM old
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass
	AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = old.relid AND d.refobjsubid = old.attnum
JOIN pg_catalog.pg_class i ON i.oid = d.objid AND i.relkind IN ('i', 'I')
JOIN pg_catalog.pg_tablespace ts ON ts.oid = i.reltablespace
UNION ALL
SELECT 'index ' || i.oid::regclass || ' has a statistics target on its column ' || a.attnum || ', which segue does not carry over; ALTER INDEX ... SET STATISTICS -1 first'
FROM old
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass
	AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = old.relid AND d.refobjsubid = old.attnum
JOIN pg_catalog.pg_class i ON i.oid = d.objid AND i.relkind IN ('i', 'I')
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.oid AND a.attstattarget >= 0`},
}
