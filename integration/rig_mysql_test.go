package integration_test

import (
	sqldriver "database/sql/driver"
	"encoding/hex"
	"errors"
	neturl "net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

var onMySQL = family(rig{
	kind: dialects.MySQL, shared: scratch.MySQL, own: scratch.OwnMySQL,
	dump: func(t *testing.T, s *scratch.Server, url string) string {
		return mysqldump(t, s, url, "mysqldump", "--set-gtid-purged=OFF")
	},
})

var onMariaDB = family(rig{
	kind: dialects.MariaDB, shared: scratch.MariaDB, own: scratch.OwnMariaDB,
	hidesQueries: true, // as MariaDB comes
	dump:         func(t *testing.T, s *scratch.Server, url string) string { return mysqldump(t, s, url, "mariadb-dump") },
})

// family fills in what MySQL and MariaDB have in common.
//
// The users table has no CHECK: MySQL does not rename a column with one, and would have nothing to
// be compared with. Tables with one are among the lifecycles.
func family(on rig) rig {
	on.users = `CREATE TABLE users (
	id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
	user_email varchar(200) NOT NULL UNIQUE,
	name varchar(2000)
);`
	on.rows = "INSERT INTO users (id, user_email, name) SELECT i, CONCAT('u', i, '@example.com'), CONCAT('n', i) FROM " + series + " WHERE i <= $1 ORDER BY i"
	on.insert = "INSERT INTO {t} ({a}, name) VALUES ($1, 'new')"
	on.differs = "NOT ({a} <=> {b}) OR NOT (CAST({a} AS BINARY) <=> CAST({b} AS BINARY))"
	on.column = "SELECT count(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = $1 AND column_name = $2"
	on.table = "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = $1"
	on.sessions = `SELECT count(*) FROM performance_schema.session_connect_attrs a JOIN information_schema.processlist p ON p.id = a.processlist_id
		WHERE a.attr_name = 'program_name' AND a.attr_value = 'segue' AND p.db = DATABASE()`
	on.looking = "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE 'DO SLEEP(0.12%'"
	on.open = "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = $1"
	on.rowsText = "SELECT CONCAT(count(*), ' ', SUM(CRC32(CONCAT_WS('|', id, email, name)))) FROM users WHERE id > $1 AND id <= $2"
	on.helpers = `SELECT GROUP_CONCAT(name SEPARATOR ', ') FROM (
		SELECT trigger_name AS name FROM information_schema.triggers WHERE trigger_schema = DATABASE()
		UNION ALL SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'users' AND (column_name LIKE '%segue%' OR column_name = 'user_email')
		UNION ALL SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name LIKE '%segue%'
		UNION ALL SELECT constraint_name FROM information_schema.table_constraints WHERE table_schema = DATABASE() AND table_name = 'users' AND constraint_name LIKE '%segue%'
		UNION ALL SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()
		UNION ALL SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE '%segue%' AND table_name NOT LIKE 'segue\_%') helpers`
	on.content, on.lifecycles = familyContent, familyLifecycles[on.kind]
	on.alike = func(dump string) string { return dump } // the order of columns too
	on.ledger = "segue_"
	on.unsafe = "CREATE FULLTEXT INDEX users_name ON users (name);\nALTER TABLE users MODIFY name text;"
	on.forget = "TRUNCATE TABLE performance_schema.events_statements_summary_by_digest"
	on.dropped = "email" // the columns swap names first
	on.dropIndex = "DROP INDEX {a} ON {t}"
	on.past = "SET @segue_backfill = CONNECTION_ID()"
	on.compact = "ALTER TABLE users FORCE" // MySQL bears 255 instant changes of columns (manual, Online DDL Operations)
	on.building = "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID() AND info LIKE '%segue:0002/backfill/%ALTER TABLE%ADD INDEX%'"
	on.terminated = func(err error) bool {
		return errors.Is(err, driver.ErrInvalidConn) || errors.Is(err, sqldriver.ErrBadConn)
	}
	on.restartRows = 60_000
	on.races, on.moments, on.killRows = 6, 5, 3_000 // SEGUE_SOAK=1 makes them as many as Postgres's
	on.concat = func(parts ...string) string { return "CONCAT(" + strings.Join(parts, ", ") + ")" }
	on.quote = backquoted
	return on
}

func backquoted(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

// series is a table of the numbers i from 1 to a million. The servers bound recursion, and what is
// made from ten digits has no bound.
const series = `(WITH d AS (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
	UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)
	SELECT 1 + a.n + 10 * b.n + 100 * c.n + 1000 * e.n + 10000 * f.n + 100000 * g.n AS i FROM d a, d b, d c, d e, d f, d g) series`

// ledgerTables are left out of a dump.
var ledgerTables = []string{"ledger", "migrations", "steps", "backfills", "app_versions", "events"}

// mysqldump is the schema as the server's own program prints it, triggers and routines included,
// without segue's tables and without the next value of AUTO_INCREMENT, which depends on rows.
func mysqldump(t *testing.T, s *scratch.Server, url, program string, options ...string) string {
	t.Helper()
	path, ok := s.Bin(program)
	if !ok {
		t.Fatalf("there is no %s of the server's version", program)
	}
	u, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	database := strings.TrimPrefix(u.Path, "/")
	args := []string{"--no-defaults", "-h", u.Hostname(), "-P", u.Port(), "-u", "root",
		"--no-data", "--skip-comments", "--triggers", "--routines", "--events", "--skip-add-drop-table"}
	for _, table := range ledgerTables {
		args = append(args, "--ignore-table="+database+".segue_"+table)
	}
	out, err := exec.CommandContext(t.Context(), path, append(append(args, options...), database)...).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return nextValue.ReplaceAllString(string(out), "")
}

var nextValue = regexp.MustCompile(` AUTO_INCREMENT=\d+`)

// familyContent is every row of a table, whatever the order of columns and rows, byte for byte.
func familyContent(t *testing.T, conn *client, table string) string {
	t.Helper()
	columns := strings.Fields(text(t, conn, `SELECT GROUP_CONCAT(HEX(column_name) ORDER BY column_name SEPARATOR ' ')
		FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = $1`, table))
	var values []string
	for _, c := range columns {
		name, err := hex.DecodeString(c)
		if err != nil {
			t.Fatal(err)
		}
		values = append(values, "COALESCE(CONCAT('"+strings.ReplaceAll(string(name), "'", "''")+"=', CAST("+backquoted(string(name))+" AS BINARY)), '-')")
	}
	return lines(t, conn, "SELECT CONCAT_WS('|', "+strings.Join(values, ", ")+") AS r FROM "+backquoted(table)+" ORDER BY r")
}
