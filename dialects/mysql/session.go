package mysql

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
)

// session is one connection of the runner's own. It is used by one goroutine at a time.
type session struct{ querier }

// querier runs SQL on a connection. Session and transaction share it: what a session runs while
// its transaction is open is a part of it.
type querier struct{ conn *connection }

// connection is for questions about the connection.
func (q querier) connection() *connection { return q.conn }

// Exec returns the number of rows that an UPDATE found, whether or not it changed them.
func (q querier) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	text, args, err := positional(sql, args)
	if err != nil {
		return 0, err
	}
	s, err := q.conn.begin(ctx)
	if err != nil {
		return 0, err
	}
	result, err := q.conn.ExecContext(s.ctx, text, args...)
	if err = s.end(err); err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (q querier) Query(ctx context.Context, sql string, args ...any) (dialects.Rows, error) {
	text, args, err := positional(sql, args)
	if err != nil {
		return nil, err
	}
	s, err := q.conn.begin(ctx)
	if err != nil {
		return nil, err
	}
	r, err := q.conn.QueryContext(s.ctx, text, args...)
	if err != nil {
		return nil, s.end(err)
	}
	return &rows{Rows: r, statement: s}, nil
}

// Script runs statement by statement: the server has no transaction around several, and one with
// DDL in it commits. The statement that fails is the last that ran. What stands between statements
// is a client's business (DELIMITER), but for the comments right before one.
func (q querier) Script(ctx context.Context, sql string) error {
	at := 0
	for _, s := range q.conn.database.dialect().Parse(sql) {
		text := sql[leadingComments(sql, at, s):s.End.Offset]
		if _, err := q.Exec(ctx, text); err != nil {
			return err
		}
		at = s.End.Offset
	}
	return nil
}

// leadingComments is where the comments start that stand before a statement with nothing else
// between: the server shows them, and with them who runs it.
func leadingComments(sql string, after int, s dialects.Statement) int {
	start := s.Start.Offset
	for i := len(s.Comments) - 1; i >= 0; i-- {
		c := s.Comments[i]
		if c.Start.Offset < after || strings.TrimSpace(sql[c.End.Offset:start]) != "" {
			break
		}
		start = c.Start.Offset
	}
	return start
}

// Timeout bounds waits for tables' locks and for rows'. Without one, waits for tables stay bounded
// by defaultLockWait and waits for rows by the server's own default.
//
// The least that the servers wait is a second, in which other sessions queue behind the statement,
// and a transaction that has read the table and goes on to write it is a deadlock's victim. So for
// less than a second MariaDB is asked not to wait for tables at all; MySQL cannot be.
func (s *session) Timeout(ctx context.Context, lock time.Duration) error {
	err := s.conn.lockWait(ctx, lock)
	if err == nil && lock > 0 && lock < time.Second && s.conn.database.dialect().Kind() == dialects.MariaDB {
		_, err = s.Exec(ctx, "SET SESSION lock_wait_timeout = 0")
	}
	if err != nil {
		return fmt.Errorf("setting the lock timeout: %w", err)
	}
	return nil
}

func (c *connection) lockWait(ctx context.Context, lock time.Duration) error {
	table, row := seconds(defaultLockWait), "DEFAULT"
	if lock > 0 {
		table, row = seconds(lock), seconds(lock)
	}
	_, err := querier{c}.Exec(ctx, "SET SESSION lock_wait_timeout = "+table+", SESSION innodb_lock_wait_timeout = "+row)
	return err
}

// seconds is a setting's value: whole seconds, rounded up, and at least one.
func seconds(d time.Duration) string {
	return strconv.FormatInt(max(1, int64((d+time.Second-1)/time.Second)), 10)
}

// Close ends the session, and with it its locks and any open transaction.
func (s *session) Close() { s.conn.close() }
