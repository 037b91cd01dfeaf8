package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/segue-db/segue/dialects"
)

// prepareSession makes settings that a runner's session needs whatever the role's defaults are.
//
// Row security off turns rows that a policy would hide into an error (dual-write.md, A1). The
// timeouts are off because long work is normal here; lock timeouts are set where they are wanted.
// Isolation is that of [session.Begin] for statements outside transactions too.
// Strings are standard since the parser reads them so. Only dates' form is set, not their order
// of day and month, which plain migrations may rely on.
func prepareSession(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `SELECT
  pg_catalog.set_config('row_security', 'off', false),
  pg_catalog.set_config('statement_timeout', '0', false),
  pg_catalog.set_config('lock_timeout', '0', false),
  pg_catalog.set_config('idle_in_transaction_session_timeout', '0', false),
  pg_catalog.set_config('default_transaction_isolation', 'read committed', false),
  pg_catalog.set_config('standard_conforming_strings', 'on', false),
  pg_catalog.set_config('datestyle', 'ISO', false);
-- idle_session_timeout is there from 14 on, transaction_timeout from 17 on.
SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings
WHERE name IN ('idle_session_timeout', 'transaction_timeout')`)
	return err
}

// session is one connection of the runner's own. It is used by one goroutine at a time.
type session struct{ querier }

// querier runs SQL on a connection. Session and transaction share it: what a session runs while
// its transaction is open is a part of it.
type querier struct{ conn *pgx.Conn }

func (q querier) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	tag, err := q.conn.Exec(ctx, sql, args...)
	return tag.RowsAffected(), cancelled(ctx, err)
}

func (q querier) Query(ctx context.Context, sql string, args ...any) (dialects.Rows, error) {
	r, err := q.conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, cancelled(ctx, err)
	}
	return rows{r, ctx}, nil
}

// Script sends the text as it is, by the simple protocol. Outside a transaction several statements
// are one transaction of their own, and a single one has none around it, as CREATE INDEX
// CONCURRENTLY wants.
func (q querier) Script(ctx context.Context, sql string) error {
	if copiesFromClient(sql) {
		return errors.New("running the script: COPY ... FROM STDIN needs rows that only psql sends; write INSERT")
	}
	results := q.conn.PgConn().Exec(ctx, sql)
	for results.NextResult() {
		results.ResultReader().Close() // its error is the whole script's
	}
	return cancelled(ctx, results.Close())
}

// copiesFromClient finds COPY FROM STDIN. The server would wait for rows, and the driver, which
// sends none here, for the server. What cannot be parsed is left to the server.
func copiesFromClient(sql string) bool {
	if !strings.Contains(strings.ToLower(sql), "stdin") {
		return false
	}
	tree, err := parseSQL(sql)
	if err != nil {
		return false
	}
	found := false
	walk(tree, func(message any) bool {
		if stmt, is := message.(*astCopyStmt); is && stmt.IsFrom && stmt.Filename == "" {
			found = true
		}
		return !found
	})
	return found
}

// backend is the connection, for questions about it.
func (q querier) backend() *pgx.Conn { return q.conn }

// rows is pgx's, with errors that tell a cancelled context.
type rows struct {
	pgx.Rows
	ctx context.Context
}

func (r rows) Err() error { return cancelled(r.ctx, r.Rows.Err()) }

// cancelled adds the context's error to the server's, where it was the context that ended the
// statement: the server only says that somebody asked it to.
func cancelled(ctx context.Context, err error) error {
	var server *pgconn.PgError
	if err != nil && ctx.Err() != nil && errors.As(err, &server) && server.Code == "57014" {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return err
}

// TryLock takes an advisory lock of the session. Advisory locks are per database, so the name
// needs no database in it.
func (s *session) TryLock(ctx context.Context, name dialects.LockName) (bool, error) {
	var taken bool
	err := s.conn.QueryRow(ctx, `SELECT pg_catalog.pg_try_advisory_lock($1)`, lockKey(name)).Scan(&taken)
	if err != nil {
		return false, fmt.Errorf("taking the %s lock: %w", name.Kind, cancelled(ctx, err))
	}
	return taken, nil
}

// Unlock releases a lock that TryLock took. Not having it is an error.
func (s *session) Unlock(ctx context.Context, name dialects.LockName) error {
	var held bool
	err := s.conn.QueryRow(ctx, `SELECT pg_catalog.pg_advisory_unlock($1)`, lockKey(name)).Scan(&held)
	if err != nil {
		return fmt.Errorf("releasing the %s lock: %w", name.Kind, cancelled(ctx, err))
	}
	if !held {
		return fmt.Errorf("releasing the %s lock: this session does not hold it", name.Kind)
	}
	return nil
}

func (s *session) Timeout(ctx context.Context, lock time.Duration) error {
	_, err := s.conn.Exec(ctx, `SELECT pg_catalog.set_config('lock_timeout', $1, false)`, milliseconds(lock))
	if err != nil {
		return fmt.Errorf("setting the lock timeout: %w", cancelled(ctx, err))
	}
	return nil
}

// Close ends the session, and with it its locks and any open transaction.
func (s *session) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), cancelWait)
	defer cancel()
	s.conn.Close(ctx)
}

// milliseconds is a setting's value. The server reads 0 as no timeout, so what is shorter than a
// millisecond is one.
func milliseconds(d time.Duration) string {
	if d > 0 && d < time.Millisecond {
		d = time.Millisecond
	}
	return strconv.FormatInt(d.Milliseconds(), 10) + "ms"
}
