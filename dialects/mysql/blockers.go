package mysql

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
)

// Who holds a table's metadata lock, and so keeps DDL from it, is known from the first of these that
// there is: performance_schema with its instrument for metadata locks (MySQL's default), and
// MariaDB's plugin METADATA_LOCK_INFO. Both show the locks of every transaction that has touched the
// table, reads too, and of LOCK TABLES.
const (
	instrumentedHolders = `
  SELECT t.processlist_id AS session, l.object_schema AS table_schema, l.object_name AS table_name
  FROM performance_schema.metadata_locks l
  JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
  WHERE l.object_type = 'TABLE' AND l.lock_status = 'GRANTED'`
	pluginHolders = `
  SELECT thread_id AS session, table_schema, table_name
  FROM information_schema.metadata_lock_info
  WHERE lock_type = 'Table metadata lock'`
)

// holders is the query above that this server and user have; empty where there is none.
func holders(ctx context.Context, q dialects.Queryer) (string, error) {
	var plugin, instrument int
	err := dialects.ReadRow(ctx, q, `SELECT COUNT(*) FROM information_schema.plugins
WHERE plugin_name = 'METADATA_LOCK_INFO' AND plugin_status = 'ACTIVE'`, nil, &plugin)
	if err != nil {
		return "", err
	}
	if plugin > 0 {
		return pluginHolders, nil
	}
	seen, err := permitted(q, func() error {
		// The last two ask no more than whether this user may.
		return dialects.ReadRow(ctx, q, `SELECT COUNT(*) FROM performance_schema.setup_instruments
WHERE name = 'wait/lock/metadata/sql/mdl' AND enabled = 'YES' AND @@performance_schema
  AND NOT EXISTS (SELECT * FROM performance_schema.metadata_locks WHERE FALSE)
  AND NOT EXISTS (SELECT * FROM performance_schema.threads WHERE FALSE)`, nil, &instrument)
	})
	if err != nil || !seen || instrument == 0 {
		return "", err
	}
	return instrumentedHolders, nil
}

// freshHolders is holders, before a look at innodb_trx.
func freshHolders(ctx context.Context, q dialects.Queryer) (string, error) {
	locks, err := holders(ctx, q)
	if err != nil {
		return "", err
	}
	return locks, transactionsAnew(ctx, q)
}

// permitted runs a query that the user may lack the privilege for, and reports whether it has it.
// The transaction that it is in, if any, goes on.
func permitted(q dialects.Queryer, query func() error) (bool, error) {
	c := connectionOf(q)
	failed := c != nil && c.failed
	err := query()
	if !isCode(err, codeTableDenied) && !isCode(err, codeNeedsPrivilege) {
		return err == nil, err
	}
	if c != nil {
		c.failed = failed
	}
	return false, nil
}

// A transaction's id is its session and its start: the servers' own ids change when a transaction
// first writes, or are used again. Sessions' ids are not, until the server restarts.
//
// Two transactions of one session that begin within one second share an id: then the second is waited
// for as well. The start is in the system's time zone, whatever the session's.
const (
	blockerColumns = `
       COALESCE(CASE WHEN i.trx_mysql_thread_id = 0 THEN CONCAT('xa ', i.trx_id)
                     ELSE CONCAT(i.trx_mysql_thread_id, '@', i.trx_started) END, CONCAT('session ', p.id)),
       COALESCE(CAST(p.id AS CHAR), ''),
       COALESCE(p.user, ''),
       CASE WHEN i.trx_mysql_thread_id = 0 THEN 'prepared transaction'
            WHEN p.command = 'Sleep' AND i.trx_id IS NOT NULL THEN 'idle in transaction'
            WHEN p.command = 'Sleep' THEN 'idle'
            ELSE COALESCE(NULLIF(p.state, ''), p.command, '') END,
       COALESCE(p.info, ''),
       COALESCE(TIMESTAMPDIFF(SECOND, CONVERT_TZ(i.trx_started, 'SYSTEM', '+00:00'), UTC_TIMESTAMP()), p.time, 0)`
	transactionsAndSessions = `
FROM information_schema.innodb_trx i
LEFT JOIN information_schema.processlist p ON p.id = i.trx_mysql_thread_id`
	sessionsAndTransactions = `
FROM information_schema.processlist p
LEFT JOIN information_schema.innodb_trx i ON i.trx_mysql_thread_id = p.id`
)

// Blockers are those that hold a lock on one of the tables. Where the server does not tell, they are
// those that have a transaction open in this database, which may be in the way. On MySQL those that
// may hold a snapshot are among them: see [snapshots].
func (d *Database) Blockers(ctx context.Context, q dialects.Queryer, tables []dialects.Name) ([]dialects.Blocker, error) {
	blockers, err := d.blockers(ctx, q, tables)
	if err != nil {
		return nil, fmt.Errorf("looking for sessions in the way: %w", withGrant(err))
	}
	return blockers, nil
}

func (d *Database) blockers(ctx context.Context, q dialects.Queryer, tables []dialects.Name) ([]dialects.Blocker, error) {
	if len(tables) == 0 {
		return nil, nil
	}
	locks, err := freshHolders(ctx, q)
	if err != nil {
		return nil, err
	}
	if locks == "" {
		suspects, err := blockersOf(ctx, q, `/* segue: blockers */
SELECT`+blockerColumns+transactionsAndSessions+`
WHERE p.db = DATABASE() AND p.id <> CONNECTION_ID()
ORDER BY 6 DESC, 1`)
		for i := range suspects {
			suspects[i].Suspected = true
		}
		if err != nil {
			return nil, err
		}
		return withSnapshots(ctx, q, suspects, locks)
	}
	var named []string
	var args []any
	for _, t := range tables {
		named = append(named, fmt.Sprintf("(COALESCE(NULLIF($%d, ''), DATABASE()), $%d)", len(args)+1, len(args)+2))
		args = append(args, t.Schema, t.Name)
	}
	holding, err := blockersOf(ctx, q, `/* segue: blockers */
SELECT`+blockerColumns+sessionsAndTransactions+`
WHERE p.id <> CONNECTION_ID() AND p.id IN (SELECT h.session FROM (`+locks+`) h
  WHERE (h.table_schema, h.table_name) IN (`+strings.Join(named, ", ")+`))
ORDER BY 6 DESC, 1`, args...)
	if err != nil {
		return nil, err
	}
	prepared, err := preparedTransactions(ctx, q)
	if err != nil {
		return nil, err
	}
	return withSnapshots(ctx, q, append(holding, prepared...), locks)
}

// preparedTransactions are XA transactions whose session is gone. They keep their locks, and tell
// nothing of themselves but that they are there.
func preparedTransactions(ctx context.Context, q dialects.Queryer) ([]dialects.Blocker, error) {
	prepared, err := blockersOf(ctx, q, `/* segue: blockers */
SELECT`+blockerColumns+transactionsAndSessions+`
WHERE i.trx_mysql_thread_id = 0
ORDER BY 6 DESC, 1`)
	for i := range prepared {
		prepared[i].Suspected = true
		prepared[i].Query = "XA RECOVER names it, XA COMMIT or XA ROLLBACK ends it"
	}
	return prepared, err
}

// Transactions are those of sessions in this database or in none, those that hold a lock on one of
// its tables, and prepared XA transactions, which tell nothing of themselves. Where locks are not
// shown those of every session count: a table here is within reach of each.
func (d *Database) Transactions(ctx context.Context, q dialects.Queryer) ([]dialects.Blocker, error) {
	transactions, err := d.transactions(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("listing the running transactions: %w", withGrant(err))
	}
	return transactions, nil
}

func (d *Database) transactions(ctx context.Context, q dialects.Queryer) ([]dialects.Blocker, error) {
	locks, err := freshHolders(ctx, q)
	if err != nil {
		return nil, err
	}
	here := ""
	if locks != "" {
		here = "\n  AND (p.id IS NULL OR " + reaching(locks) + ")"
	}
	return blockersOf(ctx, q, `/* segue: transactions */
SELECT`+blockerColumns+transactionsAndSessions+`
WHERE i.trx_mysql_thread_id <> CONNECTION_ID()`+here+`
ORDER BY 6 DESC, 1`)
}

// reaching holds for sessions in this database or in none, and those that hold a lock on a table of it.
func reaching(locks string) string {
	return `p.db IS NULL OR p.db = DATABASE()
    OR p.id IN (SELECT h.session FROM (` + locks + `) h WHERE h.table_schema = DATABASE())`
}

// withGrant says which privileges were lacking.
func withGrant(err error) error {
	if isCode(err, codeNeedsPrivilege) {
		return fmt.Errorf("%w; GRANT PROCESS ON *.* to segue's user", err)
	}
	return err
}

func blockersOf(ctx context.Context, q dialects.Queryer, sql string, args ...any) ([]dialects.Blocker, error) {
	var all []dialects.Blocker
	var b dialects.Blocker
	var age int64
	err := dialects.ReadRows(ctx, q, sql, args, func() error {
		b.Query = dialects.FirstLine(b.Query)
		b.Age = time.Duration(max(0, age)) * time.Second
		all = append(all, b)
		return nil
	}, &b.ID, &b.PID, &b.User, &b.State, &b.Query, &age)
	if err != nil {
		return nil, err
	}
	return all, describe(ctx, q, all)
}

// describe adds what performance_schema knows of sessions: the app, and what an idle one ran last.
func describe(ctx context.Context, q dialects.Queryer, all []dialects.Blocker) error {
	if len(all) == 0 {
		return nil
	}
	_, err := permitted(q, func() error {
		var pid, app, last string
		return dialects.ReadRows(ctx, q, `/* segue: blockers */
SELECT CAST(t.processlist_id AS CHAR),
       COALESCE((SELECT MIN(a.attr_value) FROM performance_schema.session_connect_attrs a
                 WHERE a.processlist_id = t.processlist_id AND a.attr_name = 'program_name'), ''),
       COALESCE((SELECT MIN(s.sql_text) FROM performance_schema.events_statements_current s
                 WHERE s.thread_id = t.thread_id AND COALESCE(s.nesting_event_type, '') <> 'STATEMENT'), '')
FROM performance_schema.threads t WHERE t.processlist_id IS NOT NULL`, nil, func() error {
			if i := slices.IndexFunc(all, func(b dialects.Blocker) bool { return b.PID == pid }); i >= 0 {
				all[i].App = app
				if all[i].Query == "" {
					all[i].Query = dialects.FirstLine(last)
				}
			}
			return nil
		}, &pid, &app, &last)
	})
	return err
}
