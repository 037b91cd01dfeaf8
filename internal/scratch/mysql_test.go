package scratch_test

import (
	"database/sql"
	neturl "net/url"
	"os/exec"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/internal/scratch"
)

// twins are the two kinds of server that speak MySQL's protocol.
var twins = []struct {
	name string
	own  func(testing.TB, ...scratch.Option) *scratch.Server
	dump string
}{
	{"mysql", scratch.OwnMySQL, "mysqldump"},
	{"mariadb", scratch.OwnMariaDB, "mariadb-dump"},
}

func TestMySQLAndMariaDB(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	for _, twin := range twins {
		t.Run(twin.name, func(t *testing.T) {
			s := twin.own(t, scratch.Setting("max_connections", "77"))
			url := s.Database(t)
			db := openMySQL(t, url)
			for setting, want := range map[string]string{
				"@@max_connections": "77", "@@log_bin": "1", "@@binlog_format": "ROW", "@@performance_schema": "1",
				"@@character_set_server": "utf8mb4",
			} {
				if got := mysqlValue(t, db, `SELECT `+setting); got != want {
					t.Errorf("%s is %q, want %q", setting, got, want)
				}
			}
			if _, err := db.Exec(`CREATE TABLE kept AS SELECT 1 AS n`); err != nil {
				t.Fatal(err)
			}
			for i, mode := range []scratch.Mode{scratch.Immediate, scratch.Fast} {
				if _, err := db.Exec(`UPDATE kept SET n = n + 1`); err != nil {
					t.Fatal(err)
				}
				if err := s.Restart(t.Context(), mode); err != nil {
					t.Fatalf("%s: %v", mode, err)
				}
				db = openMySQL(t, url)
				if n := mysqlValue(t, db, `SELECT n FROM kept`); n != []string{"2", "3"}[i] {
					t.Errorf("%s: read %s after %d updates", mode, n, i+1)
				}
			}
			dump, ok := s.Bin(twin.dump)
			if !ok {
				t.Fatalf("no %s beside the server", twin.dump)
			}
			u, err := neturl.Parse(url)
			if err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(dump, "--no-defaults", "-h", "127.0.0.1", "-P", u.Port(), "-u", "root", "--no-data",
				strings.TrimPrefix(u.Path, "/")).CombinedOutput()
			if err != nil || !strings.Contains(string(out), "CREATE TABLE `kept`") {
				t.Errorf("%s: %v\n%s", twin.dump, err, out)
			}
		})
	}
}

func TestMySQLDatabasesAreDroppedWhoeverIsConnected(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	for name, s := range map[string]*scratch.Server{"mysql": scratch.MySQL(t), "mariadb": scratch.MariaDB(t)} {
		admin := openMySQL(t, s.URL())
		t.Run(name, func(t *testing.T) {
			db := openMySQL(t, s.Database(t))
			if _, err := db.Exec(`CREATE TABLE users (id int)`); err != nil {
				t.Fatal(err)
			}
			tx, err := db.Begin()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(`INSERT INTO users VALUES (1)`); err != nil {
				t.Fatal(err)
			}
		})
		if n := mysqlValue(t, admin, `SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE 'scratch%'`); n != "0" {
			t.Errorf("%s: %s databases are left", name, n)
		}
	}
}

func openMySQL(t *testing.T, url string) *sql.DB {
	t.Helper()
	u, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	config := driver.NewConfig()
	config.User, config.Net, config.Addr, config.DBName = u.User.Username(), "tcp", u.Host, strings.TrimPrefix(u.Path, "/")
	config.Logger = &driver.NopLogger{}
	connector, err := driver.NewConnector(config)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	t.Cleanup(func() { db.Close() })
	return db
}

func mysqlValue(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var v string
	if err := db.QueryRow(query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}
