package mysql

import (
	"errors"
	"slices"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
)

const foreignTables = `DROP TABLE IF EXISTS t, u, v;
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), j json, KEY k (a), CONSTRAINT ck CHECK (a < 100));
CREATE TABLE u (id int PRIMARY KEY, a int);
CREATE OR REPLACE VIEW wv AS SELECT 1 AS one;
`

// foreignSamples are statements that one server knows and the other does not, and near misses that both
// know.
var foreignSamples = []string{
	"ALTER TABLE t ADD COLUMN IF NOT EXISTS c int", "ALTER TABLE t DROP COLUMN IF EXISTS a", "ALTER TABLE t MODIFY COLUMN IF EXISTS a bigint",
	"ALTER TABLE IF EXISTS t ADD c int", "ALTER TABLE t ADD INDEX IF NOT EXISTS i (a)", "ALTER TABLE t DROP FOREIGN KEY IF EXISTS f",
	"CREATE INDEX IF NOT EXISTS i ON t (a)", "DROP INDEX IF EXISTS i ON t", "CREATE OR REPLACE TABLE t (a int)",
	"CREATE OR REPLACE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1", "CREATE OR REPLACE INDEX i ON t (a)",
	"CREATE OR REPLACE PROCEDURE p () SELECT 1", "CREATE OR REPLACE VIEW w AS SELECT 1 AS one", "CREATE OR REPLACE SEQUENCE sq",
	"ALTER ONLINE TABLE t ADD c int", "ALTER IGNORE TABLE t ADD c int", "ALTER TABLE t WAIT 5 ADD c int", "ALTER TABLE t NOWAIT ADD c int",
	"ALTER TABLE t ADD c int, ALGORITHM=NOCOPY", "ALTER TABLE t ADD c int, ALGORITHM=INSTANT", "CREATE INDEX i ON t (a) ALGORITHM=NOCOPY",
	"DROP INDEX k ON t ALGORITHM=INPLACE", "DROP INDEX k ON t", "RENAME TABLE IF EXISTS u TO v", "RENAME TABLE u TO v",
	"ALTER TABLE t RENAME COLUMN b TO c", "ALTER TABLE t RENAME INDEX k TO k2", "ALTER TABLE t ALTER b SET INVISIBLE",
	"ALTER TABLE t ALTER INDEX k INVISIBLE", "ALTER TABLE t ALTER INDEX k VISIBLE", "ALTER TABLE t ALTER INDEX k IGNORED",
	"ALTER TABLE t ALTER INDEX k NOT IGNORED", "ALTER TABLE t ADD INDEX i (a) INVISIBLE", "CREATE INDEX i ON t (a) IGNORED",
	"CREATE TABLE v (id int, a int, KEY (a) INVISIBLE)", "CREATE TABLE v (id int, a int, KEY (a) IGNORED)",
	"CREATE INDEX i ON t ((a + 1))", "ALTER TABLE t ADD UNIQUE INDEX i ((lower(b)))", "CREATE TABLE v (id int, KEY ((id + 1)))",
	"CREATE INDEX i ON t (b(3), a DESC)",
	"ALTER TABLE t DROP CHECK ck", "ALTER TABLE t DROP CONSTRAINT ck", "ALTER TABLE t ALTER CHECK ck NOT ENFORCED",
	"ALTER TABLE t ALTER CONSTRAINT ck NOT ENFORCED", "ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED", "ALTER TABLE t ADD CHECK (a > 0)",
	"CREATE TABLE v (id int CHECK (id > 0) ENFORCED)", "CREATE TABLE v (id int CHECK (id > 0))",
	"ALTER TABLE t ADD c int INVISIBLE", "ALTER TABLE t ADD c int VISIBLE", "ALTER TABLE t ADD c int DEFAULT (1 + 1)",
	"CREATE TABLE v (id varchar(36) DEFAULT uuid())", "CREATE TABLE v (id varchar(36) DEFAULT (uuid()))", "CREATE TABLE v (d date DEFAULT CURRENT_DATE)",
	"CREATE TABLE v (d datetime DEFAULT now(), e timestamp DEFAULT CURRENT_TIMESTAMP, f varchar(9) DEFAULT _utf8mb4'a', g binary(1) DEFAULT x'41', h bool DEFAULT TRUE)",
	"ALTER TABLE t ADD c text DEFAULT 'x'", "ALTER TABLE t ADD c text DEFAULT ('x')", "ALTER TABLE t ADD c text DEFAULT NULL",
	"CREATE TABLE v (id int, c json NOT NULL DEFAULT '{}')", "CREATE TABLE v (id int, c blob NOT NULL DEFAULT '')",
	"ALTER TABLE t ADD c int AS (a + 1) PERSISTENT", "ALTER TABLE t ADD c int AS (a + 1) STORED", "ALTER TABLE t ADD c int AS (a + 1) STORED NOT NULL",
	"CREATE TABLE v (g point NOT NULL SRID 4326)", "CREATE TABLE v (g point REF_SYSTEM_ID=4326 NOT NULL)", "CREATE TABLE v (b varchar(9) COMPRESSED)",
	"CREATE TABLE v (id uuid)", "CREATE TABLE v (id inet4)", "CREATE TABLE v (id inet6)", "CREATE TABLE v (id int, e vector(3))",
	"ALTER TABLE t ADD c varchar(9) AS (j->>'$.a') VIRTUAL", "ALTER TABLE t ADD c int AS (j->'$.a') VIRTUAL",
	"CREATE TABLE v (c varchar(9) COLLATE utf8mb4_0900_ai_ci)", "CREATE TABLE v (c varchar(9)) COLLATE=utf8mb4_0900_as_cs",
	"CREATE TABLE v (c varchar(9) COLLATE utf8mb4_uca1400_ai_ci)", "CREATE TABLE v (c varchar(9) COLLATE utf8mb4_unicode_520_ci)",
	"CREATE TABLE v (id int) ENCRYPTION='N'", "CREATE TABLE v (id int) ENCRYPTED=NO", "CREATE TABLE v (id int) COMPRESSION='none'",
	"CREATE TABLE v (id int) PAGE_COMPRESSED=1", "CREATE TABLE v (id int) WITH SYSTEM VERSIONING", "ALTER TABLE t ADD SYSTEM VERSIONING",
	"CREATE TABLE v (id int, s date, e date, PERIOD FOR p (s, e))", "CREATE SEQUENCE sq2",
	"INSERT INTO u (id) VALUES (1) RETURNING id", "DELETE FROM u WHERE id = 1 RETURNING id",
	"INSERT INTO u (id, a) VALUES (1, 2) AS new ON DUPLICATE KEY UPDATE a = new.a",
	"INSERT INTO u (id, a) VALUES (1, 2) ON DUPLICATE KEY UPDATE a = VALUES(a)",
	"SET PERSIST max_connections = 100", "SET GLOBAL max_connections = 100",
	"ALTER VIEW wv AS SELECT 2 AS two", "ALTER ALGORITHM=MERGE SQL SECURITY INVOKER VIEW wv (three) AS SELECT 3", "DO SLEEP(0)",
	"ALTER USER CURRENT_USER() DISCARD OLD PASSWORD",
	"CREATE VIEW IF NOT EXISTS w2 AS SELECT 1 AS one", "CREATE TRIGGER IF NOT EXISTS g2 BEFORE INSERT ON u FOR EACH ROW SET NEW.a = 1",
	"CREATE TABLE v (ignored bool, uuid char(36), period int, invisible int, enforced int, vector int, persistent int, `visible` int)",
	"CREATE TABLE v (returning_at int, c varchar(9) DEFAULT '->')", "UPDATE u SET a = 5-3 WHERE a > 1",
}

// TestForeignIsWhatTheServerRefuses holds that each server refuses what is reported as another's, and takes
// the rest.
func TestForeignIsWhatTheServerRefuses(t *testing.T) {
	// A syntax error; no default for the type; unknown collation, algorithm, option, type.
	refusals := []uint16{1064, 1101, 1273, 1800, 1911, 4161}
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		server, err := d.Server(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		dialect := Dialect{Server: server.Version}
		for _, sql := range foreignSamples {
			runScript(t, s, foreignTables)
			statement := dialect.Parse(sql)[0]
			if statement.Syntax != nil {
				t.Errorf("%s: %v", sql, statement.Syntax)
			}
			_, err := s.Exec(t.Context(), sql)
			var refusal *driver.MySQLError
			if err != nil && !(errors.As(err, &refusal) && slices.Contains(refusals, refusal.Number)) {
				t.Errorf("%s: %v", sql, err)
			}
			if (err != nil) != (statement.Foreign != nil) {
				t.Errorf("%s: predicted %v, the server says: %v", sql, statement.Foreign, err)
			}
		}
	})
}

// TestFeaturesCameWithARelease holds that an older release is told from a newer one.
func TestFeaturesCameWithARelease(t *testing.T) {
	for _, test := range []struct{ older, newer, sql string }{
		{"mysql:5.7", "mysql:8.0", "ALTER TABLE t RENAME COLUMN a TO b"},
		{"mariadb:10.4", "mariadb:10.6", "ALTER TABLE t RENAME COLUMN a TO b"},
		{"mysql:8.0.12", "mysql:8.0.13", "CREATE INDEX i ON t ((a + 1))"},
		{"mysql:8.0.11", "mysql:8.0.12", "ALTER TABLE t ADD b int, ALGORITHM=INSTANT"},
		{"mysql:8.4", "mysql:9.1", "CREATE VIEW IF NOT EXISTS w AS SELECT 1"},
		{"mysql:8.0.28", "mysql:8.0", "CREATE TRIGGER IF NOT EXISTS g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1"},
		{"mariadb:10.5", "mariadb:10.6", "ALTER TABLE t ALTER INDEX k IGNORED"},
		{"mariadb:11.4", "mariadb:11.8", "CREATE TABLE v (e vector(3))"},
		{"mysql:8.4", "mysql:9.0", "CREATE TABLE v (e vector(3))"},
	} {
		for server, known := range map[string]bool{test.older: false, test.newer: true} {
			v, err := dialects.ParseVersion(server)
			if err != nil {
				t.Fatal(err)
			}
			if got := (Dialect{Server: v}).Parse(test.sql)[0].Foreign; (got == nil) != known {
				t.Errorf("%s: %s: %v", server, test.sql, got)
			}
		}
	}
}
