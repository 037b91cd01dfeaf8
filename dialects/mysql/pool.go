package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	neturl "net/url"
	"strings"
	"sync"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
)

// ApplicationName is what the runner's sessions call themselves, by the connection attribute
// program_name.
const ApplicationName = "segue"

// Database is a MySQL or MariaDB database at the other end of a URL or a pool. It holds no
// connection: each session has one of its own. It is safe for concurrent use.
type Database struct {
	config *driver.Config // of a URL
	pool   *sql.DB        // an app's; nil for a URL

	mu      sync.Mutex
	version dialects.Version // zero until the server has said it
	assumed bool             // Dialect was asked before, and the server could not be
	fitting bool             // the pool's settings have been seen to fit
}

// Pool is the database that an app's pool is connected to. A session takes a connection out of it
// and never gives it back: it is closed, so that neither its locks nor its settings get to the app.
//
// The pool's configuration must have ClientFoundRows and ParseTime set, and Loc UTC, which the first
// session checks. The connections are the app's: the server shows them by the app's attributes.
func Pool(pool *sql.DB) *Database { return &Database{pool: pool} }

// Open reads a URL such as mysql://user:password@host:3306/database, for MySQL and MariaDB alike.
// It does not connect: the first session does. No error holds the password. See [parseURL] for the
// parameters.
func Open(_ context.Context, url string) (*Database, error) {
	config, err := parseURL(url)
	if err != nil {
		return nil, fmt.Errorf("reading database URL: %w", err)
	}
	return &Database{config: config}, nil
}

// Dialect is the pure side of the server's kind and release. Where no session has told them yet the
// server is asked; where it does not answer MySQL is assumed, and a session that then finds MariaDB
// is an error.
func (d *Database) Dialect() dialects.Dialect { return d.dialect() }

func (d *Database) dialect() Dialect {
	if v := d.known(); v.Kind != "" {
		return Dialect{Server: v}
	}
	ctx, cancel := context.WithTimeout(context.Background(), cancelWait)
	defer cancel()
	if s, err := d.Session(ctx); err == nil {
		s.Close()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.assumed = d.assumed || d.version.Kind == ""
	return Dialect{Server: d.version}
}

func (d *Database) known() dialects.Version {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.version
}

// learn keeps what the server says of itself.
func (d *Database) learn(v dialects.Version) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.assumed && v.Kind != dialects.MySQL {
		return errors.New("the server is MariaDB; it was taken for MySQL, since it did not answer at first: try again")
	}
	d.version = v
	return nil
}

// Close does nothing: a pool belongs to who made it, and a session to who opened it.
func (d *Database) Close() {}

// Session connects.
func (d *Database) Session(ctx context.Context) (dialects.Session, error) {
	c, err := d.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.prepare(ctx); err != nil {
		c.close()
		return nil, fmt.Errorf("preparing a session at %s: %w", d.address(), err)
	}
	return &session{querier{c}}, nil
}

// connect opens a connection of its own, as the server gives it.
func (d *Database) connect(ctx context.Context) (*connection, error) {
	c := &connection{database: d, pool: d.pool}
	if d.pool == nil {
		connector, err := d.connector(&c.greeting)
		if err != nil {
			return nil, fmt.Errorf("preparing to connect to %s: %w", d.address(), err)
		}
		c.pool = sql.OpenDB(connector)
	}
	conn, err := c.pool.Conn(ctx)
	if err != nil {
		c.close()
		return nil, d.connectError(err)
	}
	c.Conn = conn
	return c, nil
}

// dialTimeout bounds the time until a host answers at all, where the URL does not say otherwise.
const dialTimeout = 10 * time.Second

// cancelWait is how long a server may take to answer a request to cancel before the connection is
// given up.
const cancelWait = 5 * time.Second

func (d *Database) connectError(err error) error {
	e := &connectError{address: d.address(), err: err}
	if d.config != nil {
		e.database, e.user = d.config.DBName, d.config.User
	}
	return e
}

// address is host:port, or the socket's path.
func (d *Database) address() string {
	if d.config == nil {
		return "the pool's server"
	}
	return d.config.Addr
}

// connectError says in one line what could not be reached, why, and what to look at.
type connectError struct {
	address, database, user string
	err                     error
}

func (e *connectError) Unwrap() error { return e.err }

func (e *connectError) Error() string {
	if e.database == "" {
		return fmt.Sprintf("connecting to %s: %s", e.address, e.cause())
	}
	return fmt.Sprintf("connecting to %s (database %s, user %s): %s", e.address, e.database, e.user, e.cause())
}

func (e *connectError) cause() string {
	var server *driver.MySQLError
	if errors.As(e.err, &server) {
		text := server.Message
		switch server.Number {
		case codeUnknownDatabase:
			text += "; create it, or correct the URL"
		case codeAccessDenied, codeHostNotAllowed:
			text += "; check the user, the password and the host that the server knows the user from"
		case codeDatabaseDenied:
			text += "; grant the user its privileges on that database"
		case codeTooManyConnections, codeTooManyOfUser:
			text += "; the runner needs connections of its own beside the app's"
		}
		return text
	}
	var dns *net.DNSError
	if errors.As(e.err, &dns) {
		return fmt.Sprintf("host %s is not known; check the URL", dns.Name)
	}
	var dial *net.OpError
	if errors.As(e.err, &dial) && dial.Op == "dial" {
		return fmt.Sprintf("%v; is the server running there, and are host and port of the URL right?", dial.Err)
	}
	text := strings.ReplaceAll(e.err.Error(), "\n", " ")
	if strings.Contains(strings.ToLower(text), "tls") {
		text += "; ssl-mode in the URL says whether TLS is used"
	}
	return text
}

// parseURL reads a URL. Of its parameters these are known: ssl-mode (DISABLED, PREFERRED, REQUIRED,
// VERIFY_IDENTITY, as in MySQL's own clients; PREFERRED unless said), tls in its place (the driver's
// false, preferred, skip-verify, true), timeout to connect, and socket. Any other is of the app's
// own sessions and has no bearing here, but one that has to do with TLS is refused.
func parseURL(text string) (*driver.Config, error) {
	u, err := neturl.Parse(text)
	if err != nil {
		return nil, errors.New("it is not a URL; characters such as / @ : # % in a user name or password must be percent-encoded (%2F %40 %3A %23 %25)")
	}
	if u.Scheme != "mysql" && u.Scheme != "mariadb" {
		return nil, fmt.Errorf("%s:// is not a MySQL URL; it looks like mysql://user:password@host:3306/database", u.Scheme)
	}
	config := driver.NewConfig()
	config.User = u.User.Username()
	config.Passwd, _ = u.User.Password()
	config.DBName = strings.TrimPrefix(u.Path, "/")
	if config.DBName == "" {
		return nil, errors.New("it names no database; it looks like mysql://user:password@host:3306/database")
	}
	host, port := u.Hostname(), u.Port()
	if host == "" {
		host = "127.0.0.1"
	}
	if port == "" {
		port = "3306"
	}
	config.Net, config.Addr = "tcp", net.JoinHostPort(host, port)
	config.Timeout = dialTimeout
	config.TLSConfig = "preferred"
	for name, values := range u.Query() {
		if err := parameter(config, strings.ToLower(name), values[0]); err != nil {
			return nil, err
		}
	}
	if config.Net == "unix" {
		config.TLSConfig = "false"
	}
	return config, nil
}

// sslModes are MySQL's names for what the driver does by another name. VERIFY_CA is stricter here:
// the driver checks the host's name whenever it checks the certificate.
var sslModes = map[string]string{
	"disabled": "false", "disable": "false", "preferred": "preferred", "prefer": "preferred",
	"required": "skip-verify", "require": "skip-verify",
	"verify_ca": "true", "verify-ca": "true", "verify_identity": "true", "verify-full": "true",
}

func parameter(config *driver.Config, name, value string) error {
	switch name {
	case "ssl-mode", "ssl_mode", "sslmode":
		mode, ok := sslModes[strings.ToLower(value)]
		if !ok {
			return fmt.Errorf("%s is %q; it is DISABLED, PREFERRED, REQUIRED or VERIFY_IDENTITY", name, value)
		}
		config.TLSConfig = mode
	case "tls":
		switch value {
		case "true", "false", "preferred", "skip-verify":
			config.TLSConfig = value
		default:
			return fmt.Errorf("tls is %q; it is true, false, preferred or skip-verify", value)
		}
	case "timeout":
		timeout, err := time.ParseDuration(value)
		if err != nil {
			return fmt.Errorf("timeout is %q, which is no duration such as 10s", value)
		}
		config.Timeout = timeout
	case "socket":
		config.Net, config.Addr = "unix", value
	default:
		if strings.HasPrefix(name, "ssl") || strings.HasPrefix(name, "tls") {
			return fmt.Errorf("parameter %s is not known; ssl-mode says how TLS is used", name)
		}
	}
	return nil
}
