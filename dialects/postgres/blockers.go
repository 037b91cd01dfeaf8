package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
)

// Every transaction, whoever's, holds a lock on its own virtual transaction id, and pg_locks shows
// it to every role; pg_stat_activity hides states, times and queries of other roles from those
// without pg_read_all_stats. So locks say which transactions there are, and activity says as much
// of them as it may.
//
// A virtual id is used again after a restart, hence the server's start in the transaction's id. A
// prepared transaction outlives the server, and its id here does too.
const blockerColumns = `
       CASE WHEN v.pid IS NULL THEN COALESCE('prepared ' || p.transaction, '')
            ELSE v.virtualtransaction || '@' || pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time())::bigint
       END,
       COALESCE(v.pid::text, ''),
       COALESCE(a.application_name, ''),
       COALESCE(a.usename, p.owner, ''),
       CASE WHEN v.pid IS NULL THEN 'prepared transaction' ELSE COALESCE(a.state, '') END,
       CASE WHEN v.pid IS NULL THEN COALESCE(p.gid, '')
            WHEN a.query = '<insufficient privilege>' THEN '<hidden>'
            ELSE COALESCE(a.query, '') END,
       COALESCE(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - COALESCE(a.xact_start, p.prepared)), 0)::float8`

// A prepared transaction's locks have no pid. Before a restart they keep the virtual id of the
// session that prepared it, so its own transaction id is what finds it.
const (
	blockerPrepared = `(
  SELECT l.virtualtransaction, x.transaction, x.gid, x.prepared, x.owner, x.database
  FROM pg_catalog.pg_prepared_xacts x
  JOIN pg_catalog.pg_locks l ON l.locktype = 'transactionid' AND l.pid IS NULL AND l.transactionid = x.transaction
)`
	blockerActivity = `
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = v.pid
LEFT JOIN ` + blockerPrepared + ` p ON v.pid IS NULL AND p.virtualtransaction = v.virtualtransaction`
)

// Blockers are those that hold a lock on one of the tables or their partitions, in any strength,
// and those for which another of the runner's sessions waits that has to do with these tables: a
// concurrent index build waits for transactions that never touched its table.
func (d *Database) Blockers(ctx context.Context, q dialects.Queryer, tables []dialects.Name) ([]dialects.Blocker, error) {
	schemas, names := make([]string, len(tables)), make([]string, len(tables))
	for i, t := range tables {
		schemas[i], names[i] = t.Schema, t.Name
	}
	blockers, err := blockersOf(ctx, q, `/* segue: blockers */
WITH RECURSIVE tree AS (
  SELECT c.oid
  FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS asked (schema, name)
  JOIN pg_catalog.pg_class c ON c.relname = asked.name
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = asked.schema
     OR asked.schema = '' AND pg_catalog.pg_table_is_visible(c.oid)
  UNION
  SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
), on_tables AS (
  SELECT l.pid, l.virtualtransaction, l.granted
  FROM pg_catalog.pg_locks l
  WHERE l.locktype = 'relation'
    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
    AND l.relation IN (SELECT oid FROM tree)
), waited_for AS (
  SELECT pg_catalog.unnest(pg_catalog.pg_blocking_pids(s.pid)) AS pid
  FROM pg_catalog.pg_stat_activity s
  WHERE s.application_name = '`+ApplicationName+`' AND s.pid IN (SELECT pid FROM on_tables)
    AND s.pid <> pg_catalog.pg_backend_pid()
), v AS (
  SELECT pid, virtualtransaction FROM on_tables WHERE granted
  UNION
  SELECT l.pid, l.virtualtransaction
  FROM pg_catalog.pg_locks l JOIN waited_for USING (pid)
  WHERE l.locktype = 'virtualxid' AND l.granted
)
SELECT`+blockerColumns+`
FROM v`+blockerActivity+`
WHERE v.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
ORDER BY 7 DESC, 1`, schemas, names)
	if err != nil {
		return nil, fmt.Errorf("looking for sessions in the way: %w", err)
	}
	return blockers, nil
}

// Transactions leaves out vacuums, which cannot hold rows that an app has read, and parallel
// workers, which end with their leader.
func (d *Database) Transactions(ctx context.Context, q dialects.Queryer) ([]dialects.Blocker, error) {
	transactions, err := blockersOf(ctx, q, `/* segue: transactions */
WITH v AS (
  SELECT l.pid, l.virtualtransaction
  FROM pg_catalog.pg_locks l
  JOIN pg_catalog.pg_stat_activity s ON s.pid = l.pid
  WHERE l.locktype = 'virtualxid' AND l.granted
    AND s.datname = pg_catalog.current_database()
    AND s.usename IS NOT NULL
    AND s.backend_type IS DISTINCT FROM 'parallel worker'
    AND l.pid NOT IN (SELECT pid FROM pg_catalog.pg_stat_progress_vacuum)
  UNION ALL
  SELECT NULL, virtualtransaction
  FROM `+blockerPrepared+` prepared WHERE database = pg_catalog.current_database()
)
SELECT`+blockerColumns+`
FROM v`+blockerActivity+`
WHERE v.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
ORDER BY 7 DESC, 1`)
	if err != nil {
		return nil, fmt.Errorf("listing the running transactions: %w", err)
	}
	return transactions, nil
}

func blockersOf(ctx context.Context, q dialects.Queryer, sql string, args ...any) ([]dialects.Blocker, error) {
	// Within a transaction the server shows the activity of its first look again and again.
	if _, err := q.Exec(ctx, `SELECT pg_catalog.pg_stat_clear_snapshot()`); err != nil {
		return nil, err
	}
	var all []dialects.Blocker
	var b dialects.Blocker
	var age float64
	err := dialects.ReadRows(ctx, q, sql, args, func() error {
		b.Query = dialects.FirstLine(b.Query)
		b.Age = time.Duration(age * float64(time.Second))
		all = append(all, b)
		return nil
	}, &b.ID, &b.PID, &b.App, &b.User, &b.State, &b.Query, &age)
	return all, err
}
