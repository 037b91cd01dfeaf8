package mysql

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

const effectsTables = `CREATE TABLE p (id int PRIMARY KEY, n int);
CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int, b varchar(20), n int NOT NULL DEFAULT 1, d datetime, KEY k (a));
CREATE TABLE f (id int PRIMARY KEY, b text, FULLTEXT KEY ft (b));
CREATE TABLE m (id int PRIMARY KEY) ENGINE=MyISAM;
CREATE TABLE h (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2;
CREATE VIEW v AS SELECT a FROM t;
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 'x';
CREATE PROCEDURE tidy() DELETE FROM p WHERE n < 3;
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DO DELETE FROM p WHERE id < 3;
`

// judged writes a statement's effects: algorithm, what is blocked, scanning and rewriting, the change, hazards.
func judged(t *testing.T, server, sql string, fresh ...string) string {
	t.Helper()
	v, err := dialects.ParseVersion(server)
	if err != nil {
		t.Fatal(err)
	}
	d := Dialect{Server: v}
	c := d.NewCatalog(v)
	for _, s := range d.Parse(effectsTables) {
		d.Replay(c, s)
	}
	new := map[dialects.Name]bool{}
	for _, name := range fresh {
		new[dialects.Name{Name: name}] = true
	}
	var effects []string
	for _, e := range d.Effects(c, d.Parse(sql)[0], new) {
		text := fmt.Sprintf("%s %s", e.Algorithm, e.Blocks)
		if e.Rewrites {
			text += " rewrites"
		} else if e.Scans {
			text += " scans"
		}
		for _, h := range e.Hazards {
			text += " " + h.ID
		}
		effects = append(effects, strings.TrimSpace(text))
	}
	return strings.Join(effects, " | ")
}

func TestEffects(t *testing.T) {
	for _, test := range []struct{ server, sql, want string }{
		// Columns.
		{"mysql:9.7", "ALTER TABLE t ADD x int, ALGORITHM=INSTANT", "INSTANT none"},
		{"mysql:9.7", "ALTER TABLE t ADD x int", "INSTANT none bare-alter"},
		{"mysql:9.7", "ALTER TABLE t ADD x int, LOCK=NONE", "INSTANT none"},
		{"mysql:9.7", "ALTER TABLE t ADD x int NOT NULL, ALGORITHM=INSTANT", "INSTANT none not-null-without-default"},
		{"mysql:9.7", "ALTER TABLE t ADD x int NOT NULL DEFAULT 3, ALGORITHM=INSTANT", "INSTANT none"},
		{"mysql:9.7", "ALTER TABLE t ADD x int DEFAULT (1+1), ALGORITHM=INSTANT", "COPY writes rewrites algorithm-refused"},
		{"mariadb:10.11", "ALTER TABLE t ADD x int DEFAULT (1+1), ALGORITHM=INSTANT", "INSTANT none"},
		{"mysql:9.7", "ALTER TABLE t ADD x int, ADD KEY (n)", "INPLACE none rewrites mixed-alter | INPLACE none rewrites"},
		{"mysql:8.0.11", "ALTER TABLE t ADD x int", "INPLACE none rewrites add-column-rewrite"},
		{"mysql:8.0.28", "ALTER TABLE t ADD x int FIRST", "INPLACE none rewrites add-column-rewrite"},
		{"mysql:8.0.28", "ALTER TABLE t ADD x int, ALGORITHM=INSTANT", "INSTANT none"},
		{"mysql:9.7", "ALTER TABLE f ADD x int", "COPY writes rewrites add-column-rewrite"},
		{"mysql:9.7", "ALTER TABLE t DROP d", "INSTANT none drop-column"},
		{"mysql:9.7", "ALTER TABLE t DROP COLUMN a", "INPLACE none rewrites drop-column table-rewrite"},
		{"mysql:9.7", "ALTER TABLE t RENAME COLUMN a TO aa", "INSTANT none rename-column"},
		{"mysql:9.7", "ALTER TABLE t CHANGE a aa int", "INSTANT none rename-column"},
		{"mysql:9.7", "ALTER TABLE t CHANGE a aa bigint", "COPY writes rewrites rename-column change-column-type"},
		{"mysql:9.7", "ALTER TABLE t MODIFY a bigint", "COPY writes rewrites change-column-type"},
		{"mariadb:11.4", "ALTER TABLE t MODIFY a bigint", "COPY none rewrites change-column-type"},
		{"mysql:9.7", "ALTER TABLE t MODIFY b varchar(30), ALGORITHM=INPLACE, LOCK=NONE", "INPLACE none"},
		{"mysql:9.7", "ALTER TABLE t MODIFY b varchar(64)", "COPY writes rewrites change-column-type"},
		{"mariadb:10.11", "ALTER TABLE t MODIFY b varchar(300), ALGORITHM=INSTANT", "INSTANT none"},
		{"mysql:9.7", "ALTER TABLE t MODIFY a int NOT NULL", "INPLACE none rewrites set-not-null"},
		{"mysql:9.7", "ALTER TABLE t MODIFY n int DEFAULT 1", "INPLACE none rewrites table-rewrite"},
		{"mysql:9.7", "ALTER TABLE t MODIFY a int COMMENT 'x', ALGORITHM=INSTANT", "INSTANT none"},
		{"mysql:9.7", "ALTER TABLE t MODIFY d datetime AFTER id", "INPLACE none rewrites table-rewrite"},
		{"mariadb:10.11", "ALTER TABLE t MODIFY d datetime AFTER id, ALGORITHM=INSTANT", "INSTANT none"},
		{"mysql:9.7", "ALTER TABLE t ALTER n SET DEFAULT 5, ALGORITHM=INSTANT", "INSTANT none"},
		// Keys.
		{"mysql:9.7", "CREATE INDEX i ON t (n)", "INPLACE none scans index-not-online"},
		{"mysql:9.7", "CREATE INDEX i ON t (n) ALGORITHM=INPLACE LOCK=NONE", "INPLACE none scans"},
		{"mariadb:10.11", "ALTER TABLE t ADD KEY (n), ALGORITHM=NOCOPY, LOCK=NONE", "NOCOPY none scans"},
		{"mysql:9.7", "CREATE INDEX i ON t (n) ALGORITHM=COPY", "INPLACE writes rewrites asked-to-block"},
		{"mysql:9.7", "CREATE INDEX i ON t (n) LOCK=SHARED", "INPLACE writes scans asked-to-block"},
		{"mysql:9.7", "ALTER TABLE t ADD FULLTEXT (b), ALGORITHM=INPLACE", "INPLACE writes rewrites index-not-online"},
		{"mysql:9.7", "CREATE INDEX i ON t ((a + 1)) ALGORITHM=INPLACE", "INPLACE writes scans index-not-online"},
		{"mysql:9.7", "CREATE INDEX i ON m (id)", "COPY writes rewrites index-not-online"},
		{"mysql:9.7", "DROP INDEX k ON t", "INPLACE none"},
		{"mysql:9.7", "ALTER TABLE t DROP PRIMARY KEY", "COPY writes rewrites table-rewrite"},
		{"mariadb:10.11", "ALTER TABLE t DROP PRIMARY KEY", "COPY writes rewrites table-rewrite"},
		{"mysql:9.7", "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, n)",
			"INPLACE none rewrites table-rewrite | INPLACE none rewrites index-not-online"},
		// Constraints.
		{"mysql:9.7", "ALTER TABLE t ADD FOREIGN KEY (n) REFERENCES p (id)", "COPY writes rewrites foreign-key-not-online"},
		{"mysql:9.7", "ALTER TABLE t ADD CHECK (n > 0)", "COPY writes rewrites table-rewrite"},
		{"mysql:9.7", "ALTER TABLE t ADD CHECK (n > 0) NOT ENFORCED, ALGORITHM=INSTANT", "INSTANT none"},
		// Tables.
		{"mysql:9.7", "ALTER TABLE t CONVERT TO CHARACTER SET latin1", "COPY writes rewrites table-rewrite"},
		{"mysql:9.7", "ALTER TABLE t ENGINE=InnoDB", "INPLACE none rewrites table-rewrite"},
		{"mysql:9.7", "ALTER TABLE t COMMENT 'x'", "INPLACE none bare-alter"},
		{"mysql:9.7", "ALTER TABLE t", "INSTANT none"},
		{"mysql:9.7", "OPTIMIZE TABLE t", "INPLACE none rewrites table-rewrite"},
		{"mysql:9.7", "ALTER TABLE t RENAME TO u", "INSTANT none rename-table"},
		{"mysql:9.7", "RENAME TABLE t TO u, p TO q", "none rename-table | none rename-table"},
		{"mysql:9.7", "RENAME TABLE t TO other.t", "none rename-table"},
		{"mysql:9.7", "DROP TABLE t", "none drop-table"},
		{"mysql:9.7", "DROP TABLE IF EXISTS nowhere", "none"},
		{"mariadb:10.11", "CREATE OR REPLACE TABLE t (a int)", "none drop-table"},
		{"mysql:9.7", "CREATE TABLE u (a int)", "none"},
		{"mysql:9.7", "ALTER VIEW v AS SELECT a, b FROM t", "none"},
		{"mysql:9.7", "ALTER VIEW v AS SELECT b FROM t", "none drop-column"},
		{"mysql:9.7", "DO SLEEP(0)", "none"},
		{"mysql:9.7", "CREATE TABLE u AS SELECT a FROM t", "none scans unbounded-write"},
		{"mysql:9.7", "CREATE TABLE u AS SELECT a FROM t WHERE id = 1", "none"},
		{"mysql:9.7", "SELECT a FROM t FOR SHARE", "none scans unbounded-write"},
		{"mysql:9.7", "FLUSH TABLES WITH READ LOCK", "writes explicit-lock"},
		{"mysql:9.7", "SET GLOBAL read_only = ON", "writes explicit-lock"},
		{"mysql:9.7", "DROP PROCEDURE tidy", "none drop-object"},
		{"mysql:9.7", "DROP PROCEDURE IF EXISTS nowhere", "none"},
		{"mysql:9.7", "REPAIR TABLE t", "none opaque-statement"},
		{"mysql:9.7", "ALTER TABLE h ADD PARTITION PARTITIONS 2", "writes rewrites table-rewrite"},
		{"mysql:9.7", "ALTER TABLE h REMOVE PARTITIONING", "COPY writes rewrites table-rewrite"},
		{"mysql:9.7", "ALTER TABLE h TRUNCATE PARTITION p0", "none drop-partition"},
		// Data and the rest.
		{"mysql:9.7", "UPDATE t SET a = 1", "none scans unbounded-write"},
		{"mysql:9.7", "UPDATE t SET a = 1 WHERE id = 1", "none"},
		{"mysql:9.7", "DELETE FROM t LIMIT 10", "none"},
		{"mysql:9.7", "DELETE FROM t", "none scans unbounded-write"},
		{"mysql:9.7", "TRUNCATE t", "none truncate-table"},
		{"mysql:9.7", "INSERT INTO t (id) VALUES (1)", "none"},
		{"mysql:9.7", "CALL p()", "none opaque-statement"},
		{"mysql:9.7", "FROB", "none syntax-error"},
		{"mysql:9.7", "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1", "none"},
		{"mysql:9.7", "GRANT SELECT ON t TO x", "none"},
	} {
		if got := judged(t, test.server, test.sql); got != test.want {
			t.Errorf("%s: %s\n\tgot  %s\n\twant %s", test.server, test.sql, got, test.want)
		}
	}
}

func TestEffectsOfFreshTables(t *testing.T) {
	if got := judged(t, "mysql:9.7", "ALTER TABLE t MODIFY a bigint, DROP b", "t"); got != "COPY none rewrites | COPY none rewrites" {
		t.Error(got)
	}
}

// TestRedefinitionIsItsChange holds that MODIFY and CHANGE reach the recipes of the one change they make.
func TestRedefinitionIsItsChange(t *testing.T) {
	for sql, want := range map[string]string{
		"ALTER TABLE t CHANGE a aa int":           "dialects.RenameColumn",
		"ALTER TABLE t MODIFY a bigint":           "dialects.AlterColumnType",
		"ALTER TABLE t MODIFY a int NOT NULL":     "dialects.SetNotNull",
		"ALTER TABLE t MODIFY n int DEFAULT 1":    "dialects.DropNotNull",
		"ALTER TABLE t MODIFY a int DEFAULT 7":    "dialects.SetDefault",
		"ALTER TABLE t CHANGE a aa bigint":        "dialects.RedefineColumn",
		"ALTER TABLE t MODIFY a int INVISIBLE":    "dialects.RedefineColumn",
		"ALTER TABLE t CHANGE a aa int DEFAULT 3": "dialects.RedefineColumn",
	} {
		c := onMySQL.NewCatalog(onMySQL.Server)
		for _, s := range onMySQL.Parse(effectsTables) {
			onMySQL.Replay(c, s)
		}
		effects := onMySQL.Effects(c, onMySQL.Parse(sql)[0], nil)
		if got := fmt.Sprintf("%T", effects[0].Change); got != want || len(effects) != 1 {
			t.Errorf("%s: got %s, want %s", sql, got, want)
		}
	}
}

// TestHazardsNameWhoFails holds that a hazard names the triggers and views that break with it.
func TestHazardsNameWhoFails(t *testing.T) {
	c := onMySQL.NewCatalog(onMySQL.Server)
	for _, s := range onMySQL.Parse(effectsTables) {
		onMySQL.Replay(c, s)
	}
	for sql, want := range map[string]string{
		"ALTER TABLE t RENAME COLUMN a TO aa": "view v still name it",
		"ALTER TABLE t DROP b":                "trigger g still name it",
		"DROP TABLE p":                        "event nightly, routine tidy still name it",
		"RENAME TABLE t TO u":                 "view v still name it",
		"ALTER TABLE p RENAME COLUMN n TO m":  "routine tidy still name it",
	} {
		hazards := onMySQL.Effects(c, onMySQL.Parse(sql)[0], nil)[0].Hazards
		if len(hazards) == 0 || !strings.Contains(hazards[0].Detail, want) {
			t.Errorf("%s: %v", sql, hazards)
		}
	}
}
