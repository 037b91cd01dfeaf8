package mysql

import (
	"bytes"
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
)

// connection is one connection to the server, pinned: database/sql neither replaces it nor hands it
// to anybody else.
type connection struct {
	*sql.Conn
	database *Database
	pool     *sql.DB
	greeting greeting

	id     uint64 // the session's, as the server has it
	schema string // the database that the session started in
	inTx   bool
	failed bool // a statement failed since the transaction began
}

// close ends the server's session, and with it its locks and any open transaction.
func (c *connection) close() {
	if c.Conn != nil {
		// An app's pool would otherwise hand the connection to the app.
		_ = c.Raw(func(any) error { return sqldriver.ErrBadConn })
		_ = c.Conn.Close()
	}
	if c.pool != c.database.pool {
		_ = c.pool.Close()
	}
}

// connector makes connections that keep the server's greeting.
func (d *Database) connector(g *greeting) (sqldriver.Connector, error) {
	config := d.config.Clone()
	config.ClientFoundRows = true // as on Postgres: the rows that an UPDATE matched
	config.ParseTime = true
	config.Loc = time.UTC
	config.ConnectionAttributes = "program_name:" + ApplicationName
	config.Logger = &driver.NopLogger{} // what it would log comes as an error too
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		g.head = nil
		return &greeted{conn, g}, nil
	}
	return driver.NewConnector(config)
}

// greeting is the start of what the server sends first.
type greeting struct{ head []byte }

// greetingLength is enough for the version and what follows it.
const greetingLength = 256

// session is the id that the greeting gives the session; a proxy gives one of its own. It is the
// low half of the server's.
func (g *greeting) session() (id uint32, ok bool) {
	const header = 5 // the packet's length and number, the protocol's version
	if len(g.head) < header {
		return 0, false
	}
	end := bytes.IndexByte(g.head[header:], 0) // of the server's version
	if at := header + end + 1; end >= 0 && len(g.head) >= at+4 {
		return binary.LittleEndian.Uint32(g.head[at:]), true
	}
	return 0, false
}

// greeted is a network connection that keeps its greeting.
type greeted struct {
	net.Conn
	greeting *greeting
}

func (g *greeted) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	if missing := greetingLength - len(g.greeting.head); missing > 0 {
		g.greeting.head = append(g.greeting.head, b[:min(n, missing)]...)
	}
	return n, err
}

// defaultLockWait bounds every wait for a table's lock where nothing else is said, since all
// traffic on the table queues behind the one who waits; the server's own default is a year.
const defaultLockWait = 10 * time.Second

// prepare makes settings that a runner's session needs whatever the server's defaults are.
//
// Timeouts that would end long work or an idle session that holds locks are off. Isolation is that
// of [session.Begin] for statements outside transactions too. Estimates of rows are read afresh.
func (c *connection) prepare(ctx context.Context) error {
	q := querier{c}
	var version, comment, mode string
	var schema *string
	err := dialects.ReadRow(ctx, q, `SELECT @@version, @@version_comment, @@sql_mode, CONNECTION_ID() + 0, DATABASE()`, nil,
		&version, &comment, &mode, &c.id, &schema)
	if err != nil {
		return err
	}
	if schema == nil {
		return errors.New("no database is chosen; name one in the pool's configuration")
	}
	c.schema = *schema
	v, err := readVersion(version)
	if err != nil {
		return err
	}
	if err := c.database.learn(v); err != nil {
		return err
	}
	settings := []string{
		"NAMES utf8mb4",
		"SESSION sql_mode = " + quoteLiteral(sessionMode(mode)),
		"SESSION time_zone = '+00:00'",
		"SESSION autocommit = 1",
		"SESSION sql_safe_updates = 0",
		"SESSION sql_select_limit = 18446744073709551615",
		"SESSION sql_big_selects = 1",
		"SESSION sql_quote_show_create = 1",
		"SESSION completion_type = 0",
		"SESSION wait_timeout = 2147483", // 24 days; the greatest that every platform takes
		"SESSION lock_wait_timeout = " + seconds(defaultLockWait),
	}
	if v.Kind == dialects.MariaDB {
		settings = append(settings, "SESSION max_statement_time = 0", "SESSION idle_transaction_timeout = 0")
	} else {
		settings = append(settings, "SESSION max_execution_time = 0", "SESSION information_schema_stats_expiry = 0")
	}
	for _, sql := range []string{
		"SET " + strings.Join(settings, ", "),
		"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE",
	} {
		if _, err := q.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if c.database.pool != nil {
		return c.fits(ctx)
	}
	return nil
}

// lexModes change how a text is read, or what an expression or a result means, to other than how it is
// parsed and read here.
var lexModes = map[string]bool{
	"ANSI_QUOTES": true, "NO_BACKSLASH_ESCAPES": true, "ANSI": true, "ORACLE": true,
	"DB2": true, "MAXDB": true, "MSSQL": true, "POSTGRESQL": true, "": true,
	"EMPTY_STRING_IS_NULL": true, "SIMULTANEOUS_ASSIGNMENT": true, "PAD_CHAR_TO_FULL_LENGTH": true, "HIGH_NOT_PRECEDENCE": true,
	"NO_KEY_OPTIONS": true, "NO_TABLE_OPTIONS": true, "NO_FIELD_OPTIONS": true,
}

// sessionMode is the server's sql_mode, strict, and without what changes how texts are read: what
// was linted and planned must be what runs.
func sessionMode(server string) string {
	modes := []string{"STRICT_TRANS_TABLES"}
	for mode := range strings.SplitSeq(server, ",") {
		if !lexModes[mode] && mode != modes[0] {
			modes = append(modes, mode)
		}
	}
	return strings.Join(modes, ",")
}

// fits checks the settings of an app's pool that a session cannot make itself.
func (c *connection) fits(ctx context.Context) error {
	d := c.database
	d.mu.Lock()
	fitting := d.fitting
	d.mu.Unlock()
	if fitting {
		return nil
	}
	q := querier{c}
	const hint = "set ParseTime, ClientFoundRows and Loc: time.UTC in the pool's configuration"
	var at any
	if err := dialects.ReadRow(ctx, q, `SELECT TIMESTAMP('2000-01-01 00:00:00')`, nil, &at); err != nil {
		return err
	}
	if t, is := at.(time.Time); !is || !t.Equal(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)) {
		return fmt.Errorf("the pool does not read times as UTC; %s", hint)
	}
	if err := q.Script(ctx, `CREATE TEMPORARY TABLE segue_probe (n int) SELECT 1 AS n`); err != nil {
		return fmt.Errorf("checking the pool's configuration: %w", err)
	}
	matched, err := q.Exec(ctx, `UPDATE segue_probe SET n = 1`)
	if err == nil {
		err = q.Script(ctx, `DROP TEMPORARY TABLE segue_probe`)
	}
	if err != nil {
		return fmt.Errorf("checking the pool's configuration: %w", err)
	}
	if matched != 1 {
		return fmt.Errorf("the pool does not count the rows that an UPDATE finds as they should be; %s", hint)
	}
	d.mu.Lock()
	d.fitting = true
	d.mu.Unlock()
	return nil
}
