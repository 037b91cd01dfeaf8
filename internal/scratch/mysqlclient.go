package scratch

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net"
	neturl "net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	driver "github.com/go-sql-driver/mysql"
)

// mysqlFamily is what MySQL and MariaDB have in common: the protocol and most of the options.
type mysqlFamily struct{}

// stopSignal ends the server in an orderly way with SIGTERM; SIGQUIT, which a death of this process
// sends, does the same. A crash is SIGKILL.
func (mysqlFamily) stopSignal(mode Mode) os.Signal {
	if mode == Immediate {
		return os.Kill
	}
	return syscall.SIGTERM
}

func (mysqlFamily) url(host string, port int) string {
	return fmt.Sprintf("mysql://root@%s/mysql", net.JoinHostPort(host, strconv.Itoa(port)))
}

// mysqlArguments run a server in dir. Its report_host is its name, which ping reads.
func mysqlArguments(dir, name string, port int) []string {
	return []string{
		"--no-defaults",
		"--datadir=" + filepath.Join(dir, "data"),
		"--socket=" + filepath.Join(dir, "s.sock"),
		"--pid-file=" + filepath.Join(dir, "pid"),
		"--tmpdir=" + dir, // a MariaDB that starts deletes what others have in a shared one
		"--bind-address=127.0.0.1",
		"--port=" + strconv.Itoa(port),
		"--report-host=" + name,
		"--server-id=" + strconv.Itoa(port), // any but a replica's
		"--secure-file-priv=",               // LOAD DATA may read any file
	}
}

// mysqlSettings are the same for a server of this machine and for one in a container.
func mysqlSettings(o Options) []string {
	settings := []string{
		"--max-connections=200",
		"--character-set-server=utf8mb4",
		"--log-bin=binlog",
		"--local-infile=ON",
		// Each test's database has statements of its own, and what is too much is counted together.
		"--performance-schema-digests-size=100000",
	}
	if o.Durability != Durable {
		// Each commit still reaches the operating system, so that a crash of the server alone
		// loses none.
		settings = append(settings, "--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0",
			"--skip-innodb-doublewrite", "--innodb-flush-method=nosync")
	}
	return settings
}

// extraSettings are those that were asked for. They come last, so that they win.
func extraSettings(o Options) []string {
	var settings []string
	for _, name := range slices.Sorted(maps.Keys(o.Settings)) {
		settings = append(settings, "--"+strings.ReplaceAll(name, "_", "-")+"="+o.Settings[name])
	}
	return settings
}

// mysqlRelease reads what a program or a running server says of its version, such as 9.7.1 or
// 10.11.19-MariaDB-log. It is zero where that is not a release of this kind.
func mysqlRelease(says string, maria bool) release {
	m := mysqlVersion.FindStringSubmatch(says)
	if m == nil || strings.Contains(strings.ToLower(says), "mariadb") != maria {
		return release{}
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return release{major, minor}
}

var mysqlVersion = regexp.MustCompile(`(\d+)\.(\d+)\.\d+`)

// releaseOf asks a server program. Distributions call MariaDB's by MySQL's name too.
func releaseOf(ctx context.Context, in installation, program string, maria bool) release {
	if _, ok := in.path(program); !ok {
		return release{}
	}
	out, err := in.command(program, "--no-defaults", "--version").Output()
	if err != nil || ctx.Err() != nil {
		return release{}
	}
	return mysqlRelease(string(out), maria)
}

// serverFolders are those that programs may be in: $PATH's, and where distributions put servers,
// which an ordinary user's $PATH lacks.
func serverFolders(program string) []string {
	var dirs []string
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/usr/local/sbin") {
		if _, err := exec.LookPath(filepath.Join(dir, program)); err == nil && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// clientFolder is where the client programs of a server in bin are: /usr/bin of /usr/sbin.
func clientFolder(bin string) string { return filepath.Join(filepath.Dir(bin), "bin") }

// pingMySQL connects once, and fails if the server is not of the wanted kind.
func pingMySQL(ctx context.Context, url string, maria bool) (identity, error) {
	db, err := openMySQL(url)
	if err != nil {
		return identity{}, err
	}
	defer db.Close()
	var id identity
	var version string
	err = db.QueryRowContext(ctx, `SELECT COALESCE(@@report_host, ''), @@version`).Scan(&id.name, &version)
	if err != nil {
		return identity{}, err
	}
	if id.release = mysqlRelease(version, maria); id.release == (release{}) {
		return identity{}, fmt.Errorf("the server is %s, which is the other of MySQL and MariaDB", version)
	}
	return id, nil
}

func openMySQL(url string) (*sql.DB, error) {
	u, err := neturl.Parse(url)
	if err != nil {
		return nil, err
	}
	config := driver.NewConfig()
	config.User = u.User.Username()
	config.Passwd, _ = u.User.Password()
	config.Net, config.Addr = "tcp", u.Host
	config.DBName = strings.TrimPrefix(u.Path, "/")
	config.Logger = &driver.NopLogger{} // a server that is starting up ends connections
	connector, err := driver.NewConnector(config)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

func (mysqlFamily) createDatabase(ctx context.Context, admin, name string) (string, error) {
	u, err := neturl.Parse(admin)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	db, err := openMySQL(admin)
	if err != nil {
		return "", err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "CREATE DATABASE `"+name+"`")
	return u.String(), err
}

// dropDatabase ends the sessions in the database first: a transaction of theirs would hold it up.
func (mysqlFamily) dropDatabase(ctx context.Context, admin, name string) error {
	db, err := openMySQL(admin)
	if err != nil {
		return err
	}
	defer db.Close()
	var sessions []int64
	rows, err := db.QueryContext(ctx, `SELECT id FROM information_schema.processlist WHERE db = ?`, name)
	if err == nil {
		for rows.Next() {
			var id int64
			err = errors.Join(err, rows.Scan(&id))
			sessions = append(sessions, id)
		}
		err = errors.Join(err, rows.Err(), rows.Close())
	}
	for _, id := range sessions {
		if _, gone := db.ExecContext(ctx, fmt.Sprintf("KILL %d", id)); gone != nil && !isMySQLError(gone, noSuchThread) {
			err = errors.Join(err, gone)
		}
	}
	_, dropped := db.ExecContext(ctx, "DROP DATABASE IF EXISTS `"+name+"`")
	if err = errors.Join(err, dropped); err != nil {
		return fmt.Errorf("dropping database %s: %w", name, err)
	}
	return nil
}

const noSuchThread = 1094

func isMySQLError(err error, number uint16) bool {
	var server *driver.MySQLError
	return errors.As(err, &server) && server.Number == number
}
