package demo

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// store is what the demo and its apps have to know of a kind of server. To add a kind, write one
// file with its store and add a line to storeOf.
type store interface {
	// name is what people call the server.
	name() string
	// folder of the project holds the files that are for this kind alone.
	folder() string
	// pool connects as application, such as web@1.4.0.
	pool(url, application string) (*sql.DB, error)
	// statements are an app's, which knows the address by the given column.
	statements(column string) statements
	// insert runs an INSERT of one row; stored is false where the address was taken.
	insert(ctx context.Context, c *connection, sql string, address string) (id int64, stored bool, err error)
	// fill adds the rows 1 to n, whose addresses are what firstAddress says.
	fill(ctx context.Context, c *connection, n int) error
	// countStatements makes the server count what is called, where it can: gates take that as evidence.
	countStatements(ctx context.Context, c *connection) error
	// sessions is a query for how many sessions an application has.
	sessions() string
	// differing is a query for how many rows there are, and in how many of them the old column and
	// the new one are not the same bytes.
	differing() string
	// describe is the table as the server has it.
	describe(ctx context.Context, c *connection) ([]string, error)
	// client is the command line of the server's own client.
	client(url string) string
}

// statements are an app's own SQL. The address is the first placeholder, and what the row is found
// by the second.
type statements struct {
	insert            string
	insertUnlessTaken string
	changeByID        []string // ways to do it
	changeByAddress   string
	changeName        string
	deleteByAddress   string
	find              string
}

func storeOf(kind dialects.Kind) (store, error) {
	switch kind {
	case dialects.Postgres:
		return postgresStore{}, nil
	case dialects.MySQL:
		return mysqlStore{kind}, nil
	case dialects.MariaDB:
		return mysqlStore{kind}, nil
	}
	return nil, fmt.Errorf("telling the demo on %s: there is none", kind)
}

// connection is one session. When it is lost it is not replaced by another, so that an app sees it.
type connection struct {
	*sql.Conn
	pool *sql.DB
}

func connect(ctx context.Context, s store, url, application string) (*connection, error) {
	pool, err := s.pool(url, application)
	if err != nil {
		return nil, fmt.Errorf("connecting as %s: %w", application, err)
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("connecting as %s: %w", application, err), pool.Close())
	}
	return &connection{conn, pool}, nil
}

func (c *connection) close() error { return errors.Join(c.Conn.Close(), c.pool.Close()) }

// lost reports whether an error means that the session has ended.
func lost(err error) bool {
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
}
