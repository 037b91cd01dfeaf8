package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// compareColumns reads every row while both columns are there. Identical is more than equal: it is
// the same bytes.
func compareColumns(ctx context.Context, conn *pgx.Conn) (c Comparison, err error) {
	err = conn.QueryRow(ctx, `
SELECT count(*),
       count(*) FILTER (WHERE pg_catalog.record_image_ne(ROW(user_email), ROW(email)))
FROM users`).Scan(&c.Rows, &c.Differ)
	if err != nil {
		return c, fmt.Errorf("comparing the two columns: %w", err)
	}
	return c, nil
}

// compareWrites holds every row against what the apps were told is stored; a row that is missing,
// or that nobody inserted, differs too.
func compareWrites(ctx context.Context, conn *pgx.Conn, r *rows) (c Comparison, err error) {
	found, err := conn.Query(ctx, `SELECT id, email FROM users`)
	if err != nil {
		return c, fmt.Errorf("reading the rows in the end: %w", err)
	}
	var id int64
	var address string
	var right int64
	_, err = pgx.ForEachRow(found, []any{&id, &address}, func() error {
		c.Rows++
		if r.allow(id, address) {
			right++
		}
		return nil
	})
	if err != nil {
		return c, fmt.Errorf("reading the rows in the end: %w", err)
	}
	c.Rows = max(c.Rows, r.count())
	c.Differ = c.Rows - right
	return c, nil
}

// describeUsers is the table as the catalog has it: a line for each column, constraint and index.
func describeUsers(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	lines, err := conn.Query(ctx, `
SELECT line FROM (
  SELECT 1, attnum::int, pg_catalog.format('%-24s%s%s', attname, pg_catalog.format_type(atttypid, atttypmod),
         CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END)
  FROM pg_catalog.pg_attribute
  WHERE attrelid = 'users'::pg_catalog.regclass AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT 2, pg_catalog.row_number() OVER (ORDER BY contype DESC, conname)::int,
         pg_catalog.format('%-24s%s', conname, pg_catalog.pg_get_constraintdef(oid))
  FROM pg_catalog.pg_constraint WHERE conrelid = 'users'::pg_catalog.regclass AND contype <> 'n'
  UNION ALL
  SELECT 3, pg_catalog.row_number() OVER (ORDER BY indexrelid::pg_catalog.regclass::text)::int,
         pg_catalog.pg_get_indexdef(indexrelid)
  FROM pg_catalog.pg_index i
  WHERE indrelid = 'users'::pg_catalog.regclass
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = i.indexrelid)
) AS described (part, place, line) ORDER BY part, place`)
	if err != nil {
		return nil, fmt.Errorf("describing the table: %w", err)
	}
	described, err := pgx.CollectRows(lines, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("describing the table: %w", err)
	}
	for i := range described {
		described[i] = strings.TrimRight(described[i], " ")
	}
	return described, nil
}
