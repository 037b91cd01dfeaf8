package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/segue-db/segue/dialects"
)

// ApplicationName is what the runner's sessions call themselves in pg_stat_activity.
const ApplicationName = "segue"

// Database is a Postgres database at the other end of a URL or a pool. It holds no connection:
// each session opens its own, made as the pool would make it. It is safe for concurrent use.
type Database struct {
	config        *pgx.ConnConfig
	beforeConnect func(context.Context, *pgx.ConnConfig) error
	afterConnect  func(context.Context, *pgx.Conn) error
}

var _ dialects.Database = (*Database)(nil)

// Pool is the database that an app's pool is connected to. Sessions take the pool's settings and
// its BeforeConnect and AfterConnect, but never a connection out of it: the pool may recycle or
// reset those, and a runner's locks must last as long as its session.
func Pool(pool *pgxpool.Pool) *Database { return newDatabase(pool.Config()) }

// Open reads a postgres:// URL or a keyword/value connection string; PG* environment variables
// fill in what it leaves out. It does not connect: the first session does. No error holds the
// password.
func Open(_ context.Context, url string) (*Database, error) {
	if scheme, _, is := strings.Cut(url, "://"); is && scheme != "postgres" && scheme != "postgresql" {
		return nil, fmt.Errorf("reading database URL: %s:// is not a Postgres URL; it looks like postgres://user:password@host:5432/database", scheme)
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("reading database URL: %s", urlFault(err))
	}
	return newDatabase(config), nil
}

func newDatabase(config *pgxpool.Config) *Database {
	return &Database{
		config:        config.ConnConfig,
		beforeConnect: config.BeforeConnect,
		afterConnect:  config.AfterConnect,
	}
}

// urlFault says what is wrong with a URL. The cause under pgx's error is left out where it quotes
// a piece of the URL that may be a piece of an unescaped password.
func urlFault(err error) string {
	var parse *pgconn.ParseConfigError
	if !errors.As(err, &parse) {
		return err.Error()
	}
	text := err.Error()
	const escape = "characters such as / @ : # % in a user name or password must be percent-encoded (%2F %40 %3A %23 %25)"
	if before, _, is := strings.Cut(text, "failed to parse as URL"); is {
		return before + "it is not a URL; " + escape
	}
	if strings.HasSuffix(text, "invalid port") && strings.Contains(text, "://") {
		return text + "; " + escape
	}
	return text
}

// Dialect is the pure side of Postgres.
func (d *Database) Dialect() dialects.Dialect { return Dialect{} }

// Close does nothing: a pool belongs to who made it, and a session to who opened it.
func (d *Database) Close() {}

// Session connects. The session keeps the role's own search_path, since statements of plain
// migrations rely on it.
func (d *Database) Session(ctx context.Context) (dialects.Session, error) {
	conn, err := d.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := prepareSession(ctx, conn); err != nil {
		conn.Close(ctx)
		return nil, fmt.Errorf("preparing a session at %s: %w", d.address(), cancelled(ctx, err))
	}
	return &session{querier{conn}}, nil
}

func (d *Database) connect(ctx context.Context) (*pgx.Conn, error) {
	config := d.config.Copy()
	// Statements are never cached, by name or by shape: a plan made before a migration must not
	// meet the schema after it (cached plan must not change result type).
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.StatementCacheCapacity = 0
	config.DescriptionCacheCapacity = 0
	config.RuntimeParams["application_name"] = ApplicationName
	config.RuntimeParams["client_encoding"] = "UTF8"
	// A cancelled context cancels the statement and keeps the session, which holds locks.
	config.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: cancelWait}
	}
	if d.beforeConnect != nil {
		if err := d.beforeConnect(ctx, config); err != nil {
			return nil, fmt.Errorf("preparing to connect to %s: %w", d.address(), err)
		}
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, &connectError{address: d.address(), database: config.Database, user: config.User, err: err}
	}
	if d.afterConnect != nil {
		if err := d.afterConnect(ctx, conn); err != nil {
			conn.Close(ctx)
			return nil, fmt.Errorf("setting up a connection to %s: %w", d.address(), err)
		}
	}
	return conn, nil
}

// cancelWait is how long a server may take to answer a cancel request before the connection is
// given up.
const cancelWait = 5 * time.Second

// address is host:port, or the socket's directory and port.
func (d *Database) address() string {
	return net.JoinHostPort(d.config.Host, strconv.Itoa(int(d.config.Port)))
}

// connectError says in one line what could not be reached, why, and what to look at.
type connectError struct {
	address, database, user string
	err                     error
}

func (e *connectError) Unwrap() error { return e.err }

func (e *connectError) Error() string {
	return fmt.Sprintf("connecting to %s (database %s, user %s): %s", e.address, e.database, e.user, e.cause())
}

func (e *connectError) cause() string {
	var server *pgconn.PgError
	if errors.As(e.err, &server) {
		text := server.Message
		switch {
		case server.Code == "3D000":
			text += "; create it, or correct the URL"
		case strings.HasPrefix(server.Code, "28"):
			text += "; check the user and password in the URL, and the server's pg_hba.conf"
		case server.Code == "53300":
			text += "; the runner needs connections of its own beside the app's"
		case server.Code == "57P03":
			text += "; try again when it is up"
		}
		return text
	}
	var dns *net.DNSError
	if errors.As(e.err, &dns) {
		return fmt.Sprintf("host %s is not known; check the URL", dns.Name)
	}
	var dial *net.OpError
	if errors.As(e.err, &dial) {
		return fmt.Sprintf("%v; is the server running there, and are host and port of the URL right?", dial.Err)
	}
	lines := strings.Split(strings.TrimSpace(e.err.Error()), "\n")
	cause := strings.TrimSpace(lines[len(lines)-1])
	if strings.Contains(strings.ToLower(cause), "tls") {
		cause += "; sslmode in the URL says whether TLS is used, and sslrootcert whom to trust"
	}
	return cause
}
