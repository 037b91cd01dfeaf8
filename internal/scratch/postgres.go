package scratch

import (
	"context"
	"fmt"
	"maps"
	neturl "net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"
)

type postgres struct{}

func (postgres) urlVariable() string { return "SEGUE_TEST_POSTGRES_URL" }

func (postgres) install(o Options) string {
	switch {
	case o.Server.Major != 0:
		return fmt.Sprintf("make setup-versions fetches further releases (of %d: scripts/setup-versions.sh %[1]d)", o.Server.Major)
	case o.Private:
		return "install PostgreSQL's server programs (Debian and Ubuntu: make setup): they are needed to restart a server"
	}
	return "install PostgreSQL (Debian and Ubuntu: make setup), start a Docker engine, or set SEGUE_TEST_POSTGRES_URL"
}

func (postgres) installations(ctx context.Context) []installation {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(dirs, func(a, b string) int { return majorOfPath(b) - majorOfPath(a) })
	if server, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(server))
	}
	cached, _ := filepath.Glob(filepath.Join(cacheDir(), "postgres", "*", "bin"))
	slices.SortFunc(cached, func(a, b string) int { return majorOfPath(b) - majorOfPath(a) })
	dirs = append(dirs, cached...)

	var found []installation
	for _, dir := range dirs {
		in := installation{bin: dir}
		if slices.Contains(cached, dir) {
			in.lib = filepath.Join(filepath.Dir(dir), "lib")
		}
		if in.major = reportedMajor(ctx, in); in.major != 0 {
			found = append(found, in)
		}
	}
	return found
}

// majorOfPath is 15 for /usr/lib/postgresql/15/bin, and 0 where the folder is no number.
func majorOfPath(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return n
}

var postgresVersion = regexp.MustCompile(`PostgreSQL\) (\d+)`)

// reportedMajor is 0 for programs that do not run.
func reportedMajor(ctx context.Context, in installation) int {
	out, err := in.command("postgres", "--version").Output()
	if err != nil || ctx.Err() != nil {
		return 0
	}
	m := postgresVersion.FindSubmatch(out)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

func (postgres) initialize(in installation, dir string) *exec.Cmd {
	locale := "C"
	if runtime.GOOS == "linux" {
		locale = "C.UTF-8"
	}
	return in.command("initdb", "-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust",
		"-E", "UTF8", "--locale="+locale, "--no-sync")
}

func (postgres) serve(in installation, dir, name string, port int, o Options) *exec.Cmd {
	args := []string{"-D", filepath.Join(dir, "data"), "-p", strconv.Itoa(port),
		"-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories=" + dir,
		"-c", "cluster_name=" + name,
	}
	if hasStatementStatistics(in) {
		args = append(args, "-c", "shared_preload_libraries=pg_stat_statements")
	}
	return in.command("postgres", append(args, postgresSettings(o)...)...)
}

// postgresSettings are the same for a server of this machine and for one in a container.
func postgresSettings(o Options) []string {
	settings := []string{
		"-c", "max_connections=200",
		"-c", "max_prepared_transactions=10",
		"-c", "wal_level=logical",
	}
	if o.Durability != Durable {
		// Not synchronous_commit=off: a crash of the server alone would then lose commits.
		settings = append(settings, "-c", "fsync=off", "-c", "full_page_writes=off")
	}
	for _, name := range slices.Sorted(maps.Keys(o.Settings)) {
		settings = append(settings, "-c", name+"="+o.Settings[name])
	}
	return settings
}

// hasStatementStatistics looks where Debian and where upstream's own layout keep loadable modules.
func hasStatementStatistics(in installation) bool {
	for _, lib := range []string{"lib", "lib/postgresql"} {
		if _, err := os.Stat(filepath.Join(filepath.Dir(in.bin), lib, "pg_stat_statements.so")); err == nil {
			return true
		}
	}
	return false
}

func (postgres) stopSignal(mode Mode) os.Signal { return stopSignal(mode) }

func (postgres) url(host string, port int) string {
	return fmt.Sprintf("postgres://postgres@%s:%d/postgres?sslmode=disable", host, port)
}

func (postgres) ping(ctx context.Context, url string) (identity, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return identity{}, err
	}
	defer conn.Close(ctx)
	var name string
	var version int
	err = conn.QueryRow(ctx, `SELECT current_setting('cluster_name'), current_setting('server_version_num')::int`).
		Scan(&name, &version)
	return identity{name, release{major: version / 10000}}, err
}

func (postgres) createDatabase(ctx context.Context, admin, name string) (string, error) {
	u, err := neturl.Parse(admin)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	// template0: nobody can be connected to it, which would make the copy fail.
	return u.String(), execPostgres(ctx, admin, `CREATE DATABASE `+pgx.Identifier{name}.Sanitize()+` TEMPLATE template0`)
}

func (postgres) dropDatabase(ctx context.Context, admin, name string) error {
	err := execPostgres(ctx, admin, `DROP DATABASE IF EXISTS `+pgx.Identifier{name}.Sanitize()+` WITH (FORCE)`)
	if err != nil {
		return fmt.Errorf("dropping database %s: %w", name, err)
	}
	return nil
}

func execPostgres(ctx context.Context, url, sql string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

func (postgres) image(o Options) image {
	tag := "latest"
	if o.Server.Major != 0 {
		tag = strconv.Itoa(o.Server.Major)
	}
	args := append([]string{"postgres", "-c", "shared_preload_libraries=pg_stat_statements"}, postgresSettings(o)...)
	return image{
		ref:  "postgres:" + tag,
		env:  map[string]string{"POSTGRES_HOST_AUTH_METHOD": "trust"},
		args: args,
		port: "5432/tcp",
	}
}
