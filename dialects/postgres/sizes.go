package postgres

import (
	"context"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// Sizes reads what VACUUM and ANALYZE noted in pg_class, and the live rows that the statistics count.
// pg_table_size and pg_partition_tree would lock each table, so they would wait for whoever holds
// ACCESS EXCLUSIVE; these numbers are read without.
//
// A table that was never analyzed has -1 rows (0 in 0 pages before 14), and after pg_upgrade to a release
// before 18 so has every table, while the statistics count from nothing: no rows at all are not believed
// then. Of a table that grew since it was analyzed the larger number is taken.
func (d *Database) Sizes(ctx context.Context, q dialects.Queryer) ([]dialects.TableSize, error) {
	var sizes []dialects.TableSize
	var t dialects.TableSize
	err := dialects.ReadRows(ctx, q, `/* segue: sizes */
WITH RECURSIVE own AS (
  SELECT c.oid, n.nspname, c.relname
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND `+ownSchema+`
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.deptype = 'e'
      AND x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND x.objid = c.oid)
), parts AS ( -- each table with its partitions, and with those that inherit from it
  SELECT oid AS root, oid FROM own
  UNION
  SELECT p.root, i.inhrelid FROM parts p JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid
), noted AS (
  SELECT p.root, c.relkind <> 'p' AS holds_rows, c.reltuples, c.relpages, c.reltoastrelid, c.oid,
    NOT (c.reltuples < 0 OR c.relpages = 0 AND c.reltuples = 0
         AND pg_catalog.current_setting('server_version_num')::int < 140000) AS analyzed,
    NULLIF(pg_catalog.pg_stat_get_live_tuples(c.oid), 0) AS live
  FROM parts p JOIN pg_catalog.pg_class c ON c.oid = p.oid
), summed AS (
  SELECT root, pg_catalog.count(*) FILTER (WHERE holds_rows) AS parts,
    pg_catalog.sum(GREATEST(CASE WHEN analyzed THEN reltuples::bigint END, live)) FILTER (WHERE holds_rows) AS rows,
    pg_catalog.sum(CASE WHEN analyzed THEN noted.relpages + COALESCE(
      (SELECT t.relpages FROM pg_catalog.pg_class t WHERE t.oid = noted.reltoastrelid), 0) END) FILTER (WHERE holds_rows) AS pages,
    pg_catalog.sum(CASE WHEN analyzed THEN COALESCE(
      (SELECT pg_catalog.sum(x.relpages) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
       WHERE i.indrelid = noted.oid), 0) END) FILTER (WHERE holds_rows) AS index_pages
  FROM noted GROUP BY root
)
SELECT o.nspname, o.relname,
  CASE WHEN s.parts = 0 THEN 0 ELSE COALESCE(s.rows, -1) END::bigint,
  CASE WHEN s.parts = 0 THEN 0 ELSE COALESCE(s.pages * b.size, -1) END::bigint,
  CASE WHEN s.parts = 0 THEN 0 ELSE COALESCE(s.index_pages * b.size, -1) END::bigint
FROM own o JOIN summed s ON s.root = o.oid,
  (SELECT pg_catalog.current_setting('block_size')::bigint AS size) b
ORDER BY o.nspname, o.relname`, nil, func() error {
		sizes = append(sizes, t)
		return nil
	}, &t.Table.Schema, &t.Table.Name, &t.Rows, &t.Bytes, &t.IndexBytes)
	if err != nil {
		return nil, fmt.Errorf("reading the tables' sizes: %w", err)
	}
	return sizes, nil
}
