package integration_test

import (
	"context"
	"database/sql"
	"errors"
	neturl "net/url"
	"regexp"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// client is an app's own connection: one session of the server's, never replaced by another.
// Placeholders are $1, $2, ... on every server, each used once and in order.
type client struct {
	conn  *sql.Conn
	mysql bool
	pid   string // the server's id of the session
}

// connect opens a client's connection to a server of any kind.
func connect(t testing.TB, url string) *client {
	t.Helper()
	return connectWith(t, url, "")
}

// connectWith is connect, for a MySQL or MariaDB session with another sql_mode than the server's.
func connectWith(t testing.TB, url, mode string) *client {
	t.Helper()
	c := &client{mysql: strings.HasPrefix(url, "mysql:")}
	var pool *sql.DB
	ask := "SELECT pg_backend_pid()"
	if c.mysql {
		connector, err := driver.NewConnector(mysqlConfig(t, url, mode))
		if err != nil {
			t.Fatal(err)
		}
		pool, ask = sql.OpenDB(connector), "SELECT CONNECTION_ID()"
	} else {
		config, err := pgx.ParseConfig(url)
		if err != nil {
			t.Fatal(err)
		}
		pool = stdlib.OpenDB(*config)
	}
	t.Cleanup(func() { pool.Close() })
	var err error
	if c.conn, err = pool.Conn(t.Context()); err == nil {
		t.Cleanup(func() { c.conn.Close() })
		err = c.QueryRow(t.Context(), ask).Scan(&c.pid)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mysqlConfig(t testing.TB, url, mode string) *driver.Config {
	t.Helper()
	u, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	config := driver.NewConfig()
	config.User, config.Net, config.Addr, config.DBName = u.User.Username(), "tcp", u.Host, strings.TrimPrefix(u.Path, "/")
	config.MultiStatements, config.ParseTime = true, true
	config.Logger = &driver.NopLogger{} // what it would log comes as an error too
	if mode != "" {
		config.Params = map[string]string{"sql_mode": "'" + mode + "'"}
	}
	return config
}

var placeholder = regexp.MustCompile(`\$\d+`)

func (c *client) text(sql string, args []any) string {
	if c.mysql && len(args) > 0 {
		return placeholder.ReplaceAllString(sql, "?")
	}
	return sql
}

// Exec runs one statement, or, without arguments, several.
func (c *client) Exec(ctx context.Context, sql string, args ...any) (sql.Result, error) {
	return c.conn.ExecContext(ctx, c.text(sql, args), args...)
}

func (c *client) QueryRow(ctx context.Context, sql string, args ...any) *sql.Row {
	return c.conn.QueryRowContext(ctx, c.text(sql, args), args...)
}

// gone says of an error that the session had ended before the statement was sent.
func gone(err error) bool { return errors.Is(err, sql.ErrConnDone) }

func run(t testing.TB, c *client, sql string, args ...any) {
	t.Helper()
	if _, err := c.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func count(t testing.TB, c *client, sql string, args ...any) (n int64) {
	t.Helper()
	if err := c.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// text is a query's only value; NULL is empty.
func text(t testing.TB, c *client, sql string, args ...any) string {
	t.Helper()
	var s *string
	if err := c.QueryRow(t.Context(), sql, args...).Scan(&s); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	if s == nil {
		return ""
	}
	return *s
}

// lines are a query's rows, each a line, of which every column is text.
func lines(t testing.TB, c *client, sql string, args ...any) string {
	t.Helper()
	rows, err := c.conn.QueryContext(t.Context(), c.text(sql, args), args...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, dest := make([]*string, len(columns)), make([]any, len(columns))
	for i := range values {
		dest[i] = &values[i]
	}
	var b strings.Builder
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		for _, v := range values {
			if v == nil {
				v = new(string)
				*v = "NULL"
			}
			b.WriteString(*v + " ")
		}
		b.WriteString("\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return b.String()
}
