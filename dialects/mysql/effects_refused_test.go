package mysql

import (
	"errors"
	"slices"
	"testing"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
)

const (
	refusedReset = `SET foreign_key_checks = 0;
DROP TABLE IF EXISTS p, c, n, m, h, new, g, t, s, texts, a, ak, an;
SET foreign_key_checks = 1;
`
	refusedTables = `CREATE TABLE p (id int PRIMARY KEY, u int, n int, v varchar(10), UNIQUE KEY uu (u), KEY kn (n), UNIQUE KEY uv (v));
CREATE TABLE c (id int PRIMARY KEY, pid int, qid int, KEY kp (pid), KEY kq (qid, id),
  CONSTRAINT f1 FOREIGN KEY (pid) REFERENCES p (id), CONSTRAINT f2 FOREIGN KEY (qid) REFERENCES p (u));
CREATE TABLE n (id int PRIMARY KEY, pid int, v varchar(20), CONSTRAINT f3 FOREIGN KEY (pid) REFERENCES p (id) ON DELETE SET NULL,
  CONSTRAINT f4 FOREIGN KEY (v) REFERENCES p (v));
CREATE TABLE m (id int PRIMARY KEY) ENGINE=MyISAM;
CREATE TABLE h (id int, a int, PRIMARY KEY (id, a)) PARTITION BY HASH (a) PARTITIONS 2;
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int, d int, e int, CONSTRAINT c1 CHECK (b > 0), CONSTRAINT c2 CHECK (c > d),
  g int AS (a + 1) VIRTUAL);
CREATE TABLE s (id int PRIMARY KEY, parent int, CONSTRAINT f5 FOREIGN KEY (parent) REFERENCES s (id));
CREATE TABLE texts (id int PRIMARY KEY, d decimal(10,2) UNIQUE, l varchar(10) CHARACTER SET latin1 UNIQUE, b varbinary(16) UNIQUE, dt datetime UNIQUE);
CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY, n int);
CREATE TABLE ak (id int AUTO_INCREMENT PRIMARY KEY, n int, KEY k (id));
CREATE TABLE an (id int AUTO_INCREMENT, n int, PRIMARY KEY (id, n), KEY k (n, id));
`
)

var refusedSamples = []string{
	// New foreign keys.
	"CREATE TABLE new (id int PRIMARY KEY, x int, FOREIGN KEY (x) REFERENCES p (id))",
	"CREATE TABLE new (id int PRIMARY KEY, x int REFERENCES p (id))",
	"CREATE TABLE new (id int PRIMARY KEY, x bigint, FOREIGN KEY (x) REFERENCES p (id))",
	"CREATE TABLE new (id int PRIMARY KEY, x int unsigned, FOREIGN KEY (x) REFERENCES p (id))",
	"CREATE TABLE new (id int PRIMARY KEY, x smallint, FOREIGN KEY (x) REFERENCES p (id))",
	"CREATE TABLE new (id int PRIMARY KEY, x varchar(10), FOREIGN KEY (x) REFERENCES p (id))",
	"CREATE TABLE new (id int PRIMARY KEY, x decimal(10), FOREIGN KEY (x) REFERENCES p (id))",
	"CREATE TABLE new (id int PRIMARY KEY, x int, FOREIGN KEY (x) REFERENCES p (u))",
	"CREATE TABLE new (id int PRIMARY KEY, x int, FOREIGN KEY (x) REFERENCES p (n))",
	"CREATE TABLE new (id int PRIMARY KEY, x varchar(99), FOREIGN KEY (x) REFERENCES p (v))",
	"CREATE TABLE new (id int PRIMARY KEY, x char(5), FOREIGN KEY (x) REFERENCES p (v))",
	"CREATE TABLE new (id int PRIMARY KEY, x varchar(10) COLLATE utf8mb4_bin, FOREIGN KEY (x) REFERENCES p (v))",
	"CREATE TABLE new (id int PRIMARY KEY, x varchar(10), FOREIGN KEY (x) REFERENCES texts (l))",
	"CREATE TABLE new (id int PRIMARY KEY, x decimal(12,3), FOREIGN KEY (x) REFERENCES texts (d))",
	"CREATE TABLE new (id int PRIMARY KEY, x binary(16), FOREIGN KEY (x) REFERENCES texts (b))",
	"CREATE TABLE new (id int PRIMARY KEY, x varchar(16), FOREIGN KEY (x) REFERENCES texts (b))",
	"CREATE TABLE new (id int PRIMARY KEY, x timestamp NULL, FOREIGN KEY (x) REFERENCES texts (dt))",
	"CREATE TABLE new (id int PRIMARY KEY, x date, FOREIGN KEY (x) REFERENCES texts (dt))",
	"CREATE TABLE new (id int PRIMARY KEY, x int, FOREIGN KEY (x) REFERENCES p (nowhere))",
	"CREATE TABLE new (id int PRIMARY KEY, x int, FOREIGN KEY (x) REFERENCES m (id))",
	"CREATE TABLE new (id int PRIMARY KEY, x int, FOREIGN KEY (x) REFERENCES p (id)) ENGINE=MyISAM",
	"CREATE TABLE new (id int PRIMARY KEY, x int, FOREIGN KEY (x) REFERENCES p (id)) PARTITION BY HASH (id) PARTITIONS 2",
	"CREATE TABLE new (id int PRIMARY KEY, x int, FOREIGN KEY (x) REFERENCES h (id))",
	"CREATE TABLE new (id int PRIMARY KEY, x int NOT NULL, FOREIGN KEY (x) REFERENCES p (id) ON DELETE SET NULL)",
	"CREATE TABLE new (id int PRIMARY KEY, x int, FOREIGN KEY (x) REFERENCES new (id))",
	"ALTER TABLE t ADD FOREIGN KEY (e) REFERENCES p (id)",
	"ALTER TABLE t MODIFY e bigint, ADD FOREIGN KEY (e) REFERENCES p (id)",
	"ALTER TABLE t ADD x bigint, ADD FOREIGN KEY (x) REFERENCES p (id)",
	"ALTER TABLE t ADD x int, ADD FOREIGN KEY (x) REFERENCES p (id)",
	// Indexes.
	"DROP INDEX kp ON c", "ALTER TABLE c DROP INDEX kq", "ALTER TABLE c DROP INDEX kp, ADD INDEX k (pid, id)", "ALTER TABLE c DROP INDEX kp, ADD INDEX k (id, pid)",
	"ALTER TABLE c DROP INDEX kp, DROP FOREIGN KEY f1", "ALTER TABLE p DROP INDEX uu", "ALTER TABLE p DROP INDEX uu, ADD UNIQUE KEY k (u)",
	"ALTER TABLE p DROP INDEX uu, ADD KEY k (u)", "ALTER TABLE p DROP INDEX kn", "ALTER TABLE p DROP PRIMARY KEY",
	"ALTER TABLE p DROP PRIMARY KEY, ADD PRIMARY KEY (id, u)", "ALTER TABLE p DROP PRIMARY KEY, ADD PRIMARY KEY (id)", "ALTER TABLE t DROP PRIMARY KEY",
	"ALTER TABLE s DROP PRIMARY KEY",
	// Columns.
	"ALTER TABLE c DROP COLUMN pid", "ALTER TABLE p DROP COLUMN u", "ALTER TABLE p DROP COLUMN n", "ALTER TABLE c DROP COLUMN pid, DROP FOREIGN KEY f1",
	"ALTER TABLE t DROP COLUMN a", "ALTER TABLE t DROP COLUMN a, DROP COLUMN g", "ALTER TABLE t DROP COLUMN b", "ALTER TABLE t DROP COLUMN c",
	"ALTER TABLE t DROP COLUMN c, DROP CONSTRAINT c2", "ALTER TABLE t DROP COLUMN e", "ALTER TABLE t RENAME COLUMN a TO x", "ALTER TABLE t RENAME COLUMN b TO x",
	"ALTER TABLE t CHANGE c x int", "ALTER TABLE t RENAME COLUMN e TO x", "ALTER TABLE h DROP COLUMN a", "ALTER TABLE h RENAME COLUMN a TO x",
	"ALTER TABLE h RENAME COLUMN id TO x", "ALTER TABLE p RENAME COLUMN id TO x", "ALTER TABLE c RENAME COLUMN pid TO x",
	"ALTER TABLE c MODIFY pid bigint", "ALTER TABLE p MODIFY id bigint", "ALTER TABLE c MODIFY pid int NOT NULL", "ALTER TABLE c DROP FOREIGN KEY f1, MODIFY pid bigint",
	"ALTER TABLE n MODIFY pid int NOT NULL", "ALTER TABLE n MODIFY v varchar(30)", "ALTER TABLE n MODIFY v varchar(20) COLLATE utf8mb4_bin",
	"ALTER TABLE n CONVERT TO CHARACTER SET latin1", "ALTER TABLE c CONVERT TO CHARACTER SET latin1", "ALTER TABLE p MODIFY n bigint",
	// Tables.
	"DROP TABLE p", "DROP TABLE c", "DROP TABLE p, c, n", "DROP TABLE c, n, p", "DROP TABLE s", "TRUNCATE TABLE p", "TRUNCATE TABLE c", "TRUNCATE TABLE s",
	"ALTER TABLE p ENGINE=MyISAM", "ALTER TABLE c ENGINE=MyISAM", "ALTER TABLE t ENGINE=InnoDB", "ALTER TABLE c PARTITION BY HASH (id) PARTITIONS 2",
	// Keys of names that are taken, and of AUTO_INCREMENT columns.
	"ALTER TABLE c DROP FOREIGN KEY f1, ADD CONSTRAINT f1 FOREIGN KEY (pid) REFERENCES p (id)",
	"ALTER TABLE c DROP FOREIGN KEY f1, ADD CONSTRAINT f9 FOREIGN KEY (pid) REFERENCES p (id)",
	"ALTER TABLE t ADD CONSTRAINT F1 FOREIGN KEY (e) REFERENCES p (id)", "ALTER TABLE t ADD CONSTRAINT c1k FOREIGN KEY (e) REFERENCES p (id)",
	"CREATE TABLE new (id int PRIMARY KEY, CONSTRAINT f1 FOREIGN KEY (id) REFERENCES p (id))",
	"CREATE TABLE IF NOT EXISTS c (id int PRIMARY KEY, CONSTRAINT f1 FOREIGN KEY (id) REFERENCES p (id))",
	"SET foreign_key_checks = 0; ALTER TABLE c DROP FOREIGN KEY f1, ADD CONSTRAINT f1 FOREIGN KEY (pid) REFERENCES p (id), ALGORITHM=INPLACE",
	"ALTER TABLE a DROP PRIMARY KEY", "ALTER TABLE a DROP PRIMARY KEY, ADD PRIMARY KEY (id, n)", "ALTER TABLE a DROP PRIMARY KEY, ADD PRIMARY KEY (n, id)",
	"ALTER TABLE a DROP PRIMARY KEY, ADD UNIQUE KEY (id)", "ALTER TABLE a DROP PRIMARY KEY, MODIFY id int NOT NULL", "ALTER TABLE a DROP PRIMARY KEY, ADD KEY (n, id)",
	"ALTER TABLE ak DROP PRIMARY KEY", "ALTER TABLE ak DROP KEY k", "ALTER TABLE ak DROP PRIMARY KEY, DROP KEY k", "DROP INDEX k ON ak",
	"ALTER TABLE a DROP COLUMN id", "ALTER TABLE a DROP COLUMN n", "ALTER TABLE an DROP PRIMARY KEY", "ALTER TABLE an DROP KEY k",
	// Algorithms and locks.
	"ALTER TABLE t MODIFY e bigint, ALGORITHM=INPLACE", "ALTER TABLE t MODIFY e bigint, ALGORITHM=INSTANT", "ALTER TABLE t MODIFY e bigint, LOCK=NONE",
	"ALTER TABLE t MODIFY e bigint, LOCK=SHARED", "ALTER TABLE t MODIFY e bigint, ALGORITHM=COPY", "ALTER TABLE t MODIFY e bigint, ALGORITHM=COPY, LOCK=NONE",
	"ALTER TABLE t ADD INDEX (e), ALGORITHM=INSTANT", "ALTER TABLE t ADD INDEX (e), ALGORITHM=INPLACE, LOCK=NONE", "CREATE INDEX k ON t (e) ALGORITHM=INSTANT",
	"CREATE INDEX k ON t (e) ALGORITHM=INPLACE LOCK=NONE", "CREATE INDEX k ON t (e) LOCK=NONE", "ALTER TABLE t ADD x int, ALGORITHM=INSTANT, LOCK=NONE",
	"ALTER TABLE t ADD x int, ALGORITHM=INSTANT, LOCK=DEFAULT", "ALTER TABLE t ADD x int, LOCK=NONE", "ALTER TABLE t ADD x int, ALGORITHM=INPLACE, LOCK=NONE",
	"ALTER TABLE t ADD x int, LOCK=EXCLUSIVE", "ALTER TABLE t ADD x int, ALGORITHM=DEFAULT, LOCK=NONE", "ALTER TABLE t ADD x int, ADD INDEX (e), ALGORITHM=INSTANT",
	"ALTER TABLE texts ADD FULLTEXT KEY (l), LOCK=NONE", "ALTER TABLE texts ADD FULLTEXT KEY (l), ALGORITHM=INPLACE, LOCK=SHARED",
	"ALTER TABLE texts ADD FULLTEXT KEY (l), ALGORITHM=INPLACE", "ALTER TABLE texts ADD FULLTEXT KEY (l), LOCK=SHARED",
	"ALTER TABLE t RENAME TO new, LOCK=NONE", "ALTER TABLE t RENAME TO new, ALGORITHM=INSTANT", "ALTER TABLE t RENAME TO new, ALGORITHM=INPLACE",
	"ALTER TABLE t FORCE, ALGORITHM=INSTANT", "ALTER TABLE t FORCE, ALGORITHM=INPLACE", "ALTER TABLE t FORCE, LOCK=NONE", "ALTER TABLE t DROP PRIMARY KEY, LOCK=NONE",
	"ALTER TABLE t ALTER e SET DEFAULT 5, ALGORITHM=INSTANT", "ALTER TABLE t ALTER e SET DEFAULT 5, LOCK=NONE", "ALTER TABLE c ADD FOREIGN KEY (id) REFERENCES p (id), LOCK=NONE",
	"ALTER TABLE c ADD FOREIGN KEY (id) REFERENCES p (id), ALGORITHM=INPLACE", "SET foreign_key_checks = 0; ALTER TABLE c ADD FOREIGN KEY (id) REFERENCES p (id), ALGORITHM=INPLACE, LOCK=NONE",
	"ALTER TABLE c DROP FOREIGN KEY f1, LOCK=NONE", "ALTER TABLE c DROP FOREIGN KEY f1, ALGORITHM=INSTANT", "ALTER TABLE c DROP FOREIGN KEY f1, ALGORITHM=INPLACE, LOCK=NONE",
	"DROP INDEX k ON ak LOCK=NONE", "DROP INDEX k ON ak ALGORITHM=INPLACE LOCK=NONE",
	"ALTER TABLE ak DROP INDEX k, ALGORITHM=INSTANT", "ALTER TABLE t DROP COLUMN e, ALGORITHM=INSTANT", "ALTER TABLE t ADD CHECK (e > 0), LOCK=NONE",
	"ALTER TABLE t ENGINE=MyISAM, LOCK=NONE", "ALTER TABLE t CONVERT TO CHARACTER SET latin1, LOCK=NONE", "ALTER TABLE t COMMENT='x', ALGORITHM=INSTANT",
	"ALTER TABLE t CONVERT TO CHARACTER SET latin1, ALGORITHM=INSTANT", "ALTER TABLE texts DROP PRIMARY KEY, ALGORITHM=INPLACE",
	"ALTER TABLE n CONVERT TO CHARACTER SET utf8mb4, ALGORITHM=INPLACE",
	// Without checks.
	"SET foreign_key_checks = 0; DROP TABLE p", "SET foreign_key_checks = 0; TRUNCATE TABLE p",
	"SET foreign_key_checks = 0; CREATE TABLE new (id int PRIMARY KEY, x int, FOREIGN KEY (x) REFERENCES p (id))",
	"SET foreign_key_checks = 0; DROP INDEX kp ON c",
}

// TestRefusals holds that the servers refuse what is said to be refused, and take the rest.
func TestRefusals(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		server, err := d.Server(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		dialect := Dialect{Server: server.Version}
		charset, collation := value(t, s, "SELECT @@character_set_database"), value(t, s, "SELECT @@collation_database")
		runScript(t, s, refusedReset+refusedTables)
		for _, sql := range refusedSamples {
			catalog := dialect.NewCatalog(server.Version)
			catalog.Live, catalog.Charset, catalog.Collation = true, charset, collation
			for _, statement := range dialect.Parse(refusedTables) {
				dialect.Replay(catalog, statement)
			}
			statements := dialect.Parse(sql)
			for _, before := range statements[:len(statements)-1] {
				dialect.Replay(catalog, before)
			}
			statement := statements[len(statements)-1]
			if statement.Foreign != nil {
				continue
			}
			var predicted []dialects.Hazard
			for _, e := range dialect.Effects(catalog, statement, nil) {
				for _, h := range e.Hazards {
					if refusals[h.ID] {
						predicted = append(predicted, h)
					}
				}
			}
			err := s.Script(t.Context(), sql)
			if (err != nil) != (len(predicted) > 0) {
				t.Errorf("%s: predicted %v, the server says: %v", sql, predicted, err)
			}
			var refusal *driver.MySQLError
			if err != nil && (!errors.As(err, &refusal) || slices.Contains([]uint16{1064, 1146}, refusal.Number)) {
				t.Errorf("%s: %v", sql, err)
			}
			runScript(t, s, refusedReset+refusedTables)
		}
	})
}
