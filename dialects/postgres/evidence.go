package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/segue-db/segue/dialects"
)

// Evidence reads the sessions and, where there is pg_stat_statements, the statements of this
// database. It runs inside contract's transaction too, so it asks before it reads what may fail.
func (d *Database) Evidence(ctx context.Context, q dialects.Queryer) (dialects.Evidence, error) {
	var e dialects.Evidence
	if err := sessionUse(ctx, q, &e); err != nil {
		return dialects.Evidence{}, fmt.Errorf("reading which sessions there are: %w", err)
	}
	if err := statementUse(ctx, q, &e); err != nil {
		return dialects.Evidence{}, fmt.Errorf("reading the server's statement statistics: %w", err)
	}
	return e, nil
}

// sessionUse lists sessions that name themselves APP@VERSION. A session whose last activity this
// role may not see counts as active now. Behind a pooler a name may outlive its app on an idle
// connection: Idle says so.
func sessionUse(ctx context.Context, q dialects.Queryer, e *dialects.Evidence) error {
	if _, err := q.Exec(ctx, `SELECT pg_catalog.pg_stat_clear_snapshot()`); err != nil {
		return err
	}
	var s dialects.SessionUse
	var idle float64
	return dialects.ReadRows(ctx, q, `/* segue: evidence */
SELECT named[1], named[2], a.pid::text,
       CASE WHEN a.state IN ('idle', 'idle in transaction', 'idle in transaction (aborted)')
            THEN GREATEST(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - a.state_change), 0)
            ELSE 0 END::float8
FROM pg_catalog.pg_stat_activity a,
     pg_catalog.regexp_match(a.application_name, '^([^@[:space:]]+)@([^@[:space:]]+)$') AS named
WHERE a.datname = pg_catalog.current_database() AND named IS NOT NULL
  AND a.pid <> pg_catalog.pg_backend_pid()
ORDER BY 1, 2, a.pid`, nil, func() error {
		s.Idle = time.Duration(idle * float64(time.Second))
		e.Sessions = append(e.Sessions, s)
		return nil
	}, &s.App, &s.Version, &s.PID, &idle)
}

// statementUse reads pg_stat_statements. Statements that a role runs at top level and within a
// function are one to us.
func statementUse(ctx context.Context, q dialects.Queryer, e *dialects.Evidence) error {
	var schema string
	var loaded, readable, all bool
	// The setting is there only while the library is loaded. The view exists where the extension
	// does, so asking for the privilege on it cannot fail.
	err := dialects.ReadRows(ctx, q, `
SELECT n.nspname,
       pg_catalog.current_setting('pg_stat_statements.max', true) IS NOT NULL,
       pg_catalog.has_schema_privilege(n.oid, 'USAGE')
         AND COALESCE(pg_catalog.bool_and(pg_catalog.has_table_privilege(c.oid, 'SELECT')), false),
       pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')
FROM pg_catalog.pg_extension x
JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace
LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = 'pg_stat_statements'
WHERE x.extname = 'pg_stat_statements'
GROUP BY n.oid, n.nspname`, nil, func() error { return nil }, &schema, &loaded, &readable, &all)
	if err != nil {
		return err
	}
	absent := func(why string) { e.Absent = append(e.Absent, why) }
	unreadable := func(why string) { e.Unreadable = append(e.Unreadable, why) }
	switch {
	case schema == "":
		absent("pg_stat_statements is not installed in this database (CREATE EXTENSION pg_stat_statements)")
		return nil
	case !loaded:
		absent("pg_stat_statements is not loaded (shared_preload_libraries)")
		return nil
	case !readable:
		unreadable("pg_stat_statements may not be read by this role (GRANT SELECT on it, USAGE on its schema)")
		return nil
	case !all:
		unreadable("statements of other roles are hidden from this one (GRANT pg_read_all_stats)")
	}
	var s dialects.StatementUse
	return dialects.ReadRows(ctx, q, `/* segue: evidence */
SELECT userid::text || '/' || queryid::text, pg_catalog.min(query), pg_catalog.sum(calls)::bigint,
       pg_catalog.pg_get_userbyid(userid)::text
FROM `+pgx.Identifier{schema, "pg_stat_statements"}.Sanitize()+`
WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  AND queryid IS NOT NULL AND query IS NOT NULL
GROUP BY userid, queryid
ORDER BY 1`, nil, func() error {
		e.Statements = append(e.Statements, s)
		return nil
	}, &s.ID, &s.Query, &s.Calls, &s.User)
}
