package demo

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

type postgresStore struct{}

func (postgresStore) name() string   { return "PostgreSQL" }
func (postgresStore) folder() string { return "postgres" }

func (postgresStore) pool(url, application string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["application_name"] = application
	return stdlib.OpenDB(*config), nil
}

func (postgresStore) statements(column string) statements {
	with := func(sql string) string { return strings.ReplaceAll(sql, "ADDRESS", column) }
	return statements{
		insert:            with(`INSERT INTO users (ADDRESS, name) VALUES ($1, 'new') RETURNING id`),
		insertUnlessTaken: with(`INSERT INTO users (ADDRESS, name) VALUES ($1, 'new') ON CONFLICT DO NOTHING RETURNING id`),
		changeByID:        []string{with(`UPDATE users SET ADDRESS = $1, updated_at = now() WHERE id = $2`)},
		changeByAddress:   with(`UPDATE users SET ADDRESS = $1, updated_at = now() WHERE ADDRESS = $2`),
		changeName:        `UPDATE users SET name = 'renamed', updated_at = now() WHERE id = $1`,
		deleteByAddress:   with(`DELETE FROM users WHERE ADDRESS = $1`),
		find:              with(`SELECT id FROM users WHERE ADDRESS = $1`),
	}
}

func (postgresStore) insert(ctx context.Context, c *connection, statement, address string) (id int64, stored bool, err error) {
	err = c.QueryRowContext(ctx, statement, address).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return id, err == nil, err
}

func (postgresStore) fill(ctx context.Context, c *connection, n int) error {
	_, err := c.ExecContext(ctx, `
INSERT INTO users (user_email, name)
SELECT 'user' || i || '@example.com', 'user ' || i FROM generate_series(1, $1::int) AS i`, n)
	if err == nil {
		_, err = c.ExecContext(ctx, `VACUUM ANALYZE users`)
	}
	return err
}

func (postgresStore) countStatements(ctx context.Context, c *connection) error {
	var can bool
	err := c.QueryRowContext(ctx, `
SELECT pg_catalog.current_setting('pg_stat_statements.max', true) IS NOT NULL AND rolsuper
FROM pg_catalog.pg_roles WHERE rolname = current_user`).Scan(&can)
	if err == nil && can {
		_, err = c.ExecContext(ctx, `CREATE EXTENSION IF NOT EXISTS pg_stat_statements`)
	}
	return err
}

func (postgresStore) sessions() string {
	return `SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE application_name = $1`
}

func (postgresStore) differing() string {
	return `
SELECT count(*),
       count(*) FILTER (WHERE pg_catalog.record_image_ne(ROW(user_email), ROW(email)))
FROM users`
}

// describe is a line for each column, constraint and index.
func (postgresStore) describe(ctx context.Context, c *connection) ([]string, error) {
	return column(ctx, c, `
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
}

func (postgresStore) client(string) string { return "psql $SEGUE_DATABASE_URL" }

// column reads a query of one text column.
func column(ctx context.Context, c *connection, query string) (list []string, err error) {
	rows, err := c.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, err
		}
		list = append(list, strings.TrimRight(line, " "))
	}
	return list, rows.Err()
}
