package mysql

import (
	"maps"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

func TestOnline(t *testing.T) {
	for _, test := range []struct {
		d                Dialect
		sql, want, cured string
	}{
		{onMySQL, "ALTER TABLE t ADD x int", "ALTER TABLE t ADD x int, ALGORITHM=INSTANT", bareAlter},
		{onMySQL, "ALTER TABLE `t` /* c */ ADD x int, DROP INDEX k", "", ""},
		{onMySQL, "ALTER TABLE t DROP INDEX k, COMMENT 'x'", "ALTER TABLE t DROP INDEX k, COMMENT 'x', ALGORITHM=INPLACE, LOCK=NONE", bareAlter},
		{onMySQL, "ALTER TABLE t ADD KEY (n)", "ALTER TABLE t ADD KEY (n), ALGORITHM=INPLACE, LOCK=NONE", indexNotOnline},
		{onMariaDB, "ALTER TABLE t WAIT 3 ADD KEY (n)", "ALTER TABLE t WAIT 3 ADD KEY (n), ALGORITHM=NOCOPY, LOCK=NONE", indexNotOnline},
		{onMySQL, "CREATE UNIQUE INDEX i ON t (n)", "CREATE UNIQUE INDEX i ON t (n) ALGORITHM=INPLACE LOCK=NONE", indexNotOnline},
		{onMySQL, "ALTER TABLE t ADD x int, ALGORITHM=INSTANT", "", ""},
		{onMySQL, "ALTER TABLE t MODIFY a bigint", "", ""},
		{onMySQL, "ALTER TABLE t ADD FULLTEXT (b)", "", ""},
		{onMySQL, "ALTER TABLE t RENAME TO u", "", ""},
		{onMySQL, "ALTER TABLE h ADD PARTITION PARTITIONS 2", "", ""},
		{onMySQL, "UPDATE t SET a = 1", "", ""},
		{onMySQL, "DROP INDEX k ON t", "", ""},
	} {
		c := test.d.NewCatalog(test.d.Server)
		for _, s := range test.d.Parse(effectsTables) {
			test.d.Replay(c, s)
		}
		actions, cured, err := test.d.Online(c, "1", test.d.Parse(test.sql)[0])
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(actions) == 1 {
			got = actions[0].SQL
			if s := test.d.Parse(got)[0]; s.Syntax != nil || len(hazardsOf(test.d, c, s)) > 0 {
				t.Errorf("%s: %v, %v", got, s.Syntax, hazardsOf(test.d, c, s))
			}
		}
		if got != test.want || strings.Join(cured, " ") != test.cured {
			t.Errorf("%s\n\tgot  %s %v\n\twant %s %s", test.sql, got, cured, test.want, test.cured)
		}
	}
}

func hazardsOf(d Dialect, c *dialects.Catalog, s dialects.Statement) []dialects.Hazard {
	var hazards []dialects.Hazard
	for _, e := range d.Effects(c, s, nil) {
		hazards = append(hazards, e.Hazards...)
	}
	return hazards
}

// TestProbe holds that a probe says absent before its statement and done after it, or that the
// statement may be run again.
func TestProbe(t *testing.T) {
	statements := []string{
		"CREATE TABLE x (id int PRIMARY KEY, a int, b int, KEY k (a), CHECK (a > 0))",
		"ALTER TABLE x ADD c int, COMMENT 'x'", "ALTER TABLE x RENAME COLUMN c TO d", "ALTER TABLE x CHANGE d e bigint", "ALTER TABLE x DROP e",
		"ALTER TABLE x ADD KEY (b)", "CREATE UNIQUE INDEX u ON x (a, b)", "ALTER TABLE x RENAME INDEX u TO uu", "DROP INDEX k ON x",
		"ALTER TABLE x ADD CHECK (b > 0)", "ALTER TABLE x ADD UNIQUE (b, id)", "ALTER TABLE x RENAME TO y",
		"CREATE VIEW v AS SELECT a FROM y", "DROP VIEW v", "CREATE TRIGGER tr BEFORE INSERT ON y FOR EACH ROW SET NEW.a = 1", "DROP TRIGGER tr",
		"CREATE PROCEDURE pr() SELECT 1", "DROP PROCEDURE pr", "DROP TABLE y",
	}
	again := []string{"ALTER TABLE x ALTER a SET DEFAULT 3", "ALTER TABLE x MODIFY a bigint", "ALTER TABLE x COMMENT 'y'"}
	onBoth(t, func(t *testing.T, d *Database) {
		session := sessionTest(t, d)
		dialect := d.dialect()
		catalog := dialect.NewCatalog(dialects.Version{})
		for i, sql := range statements {
			s := dialect.Parse(sql)[0]
			probe := dialect.Probe(catalog, s)
			if got := value(t, session, probe); got != "absent" {
				t.Errorf("before %s: %s", sql, got)
			}
			runScript(t, session, sql)
			if got := value(t, session, probe); got != "done" {
				t.Errorf("after %s: %s (%s)", sql, got, probe)
			}
			dialect.Replay(catalog, s)
			if i > 0 {
				continue
			}
			for _, sql := range again {
				probe := dialect.Probe(catalog, dialect.Parse(sql)[0])
				runScript(t, session, sql)
				if got := value(t, session, probe); got != "absent" {
					t.Errorf("after %s: %s", sql, got)
				}
				runScript(t, session, sql)
			}
		}
	})
}

// TestProbeOfWhatIsThere holds that no probe takes what was there before a statement for its result, on either
// side of the statement: then it may be run again, or only a person can tell.
func TestProbeOfWhatIsThere(t *testing.T) {
	const tables = "CREATE TABLE a (id int PRIMARY KEY, n int, m int, KEY by_n (n), KEY by_m (m)); CREATE TABLE b (id int)"
	both := map[string]string{
		"ALTER TABLE a RENAME COLUMN n TO m, RENAME COLUMN m TO n":           "unknown",
		"ALTER TABLE a CHANGE n m int, CHANGE m n int":                       "unknown",
		"ALTER TABLE a RENAME COLUMN n TO N":                                 "absent",
		"ALTER TABLE a RENAME INDEX by_n TO by_m, RENAME INDEX by_m TO by_n": "unknown",
		"ALTER TABLE a DROP COLUMN m, ADD COLUMN m varchar(9)":               "unknown",
		"DROP TABLE IF EXISTS missing":                                       "absent",
		"DROP TABLE IF EXISTS missing, b":                                    "done",
		"ALTER TABLE a DROP INDEX by_n, ADD INDEX by_n (m)":                  "absent",
		"CREATE TABLE IF NOT EXISTS a (other int)":                           "absent",
	}
	mariadb := map[string]string{
		"ALTER TABLE a ADD COLUMN IF NOT EXISTS n int, ADD COLUMN IF NOT EXISTS o int": "done",
		"ALTER TABLE a DROP COLUMN IF EXISTS missing, DROP COLUMN m":                   "done",
		"DROP INDEX IF EXISTS missing ON a":                                            "absent",
		"CREATE OR REPLACE TABLE b (id int)":                                           "unknown",
	}
	onBoth(t, func(t *testing.T, d *Database) {
		session := sessionTest(t, d)
		dialect := d.dialect()
		statements := maps.Clone(both)
		if dialect.Kind() == dialects.MariaDB {
			maps.Copy(statements, mariadb)
		}
		for sql, after := range statements {
			catalog := dialect.NewCatalog(dialects.Version{})
			for _, s := range dialect.Parse(tables) {
				dialect.Replay(catalog, s)
			}
			runScript(t, session, "DROP TABLE IF EXISTS a, b")
			runScript(t, session, tables)
			probe := dialect.Probe(catalog, dialect.Parse(sql)[0])
			if got := value(t, session, probe); got == "done" {
				t.Errorf("before %s: done (%s)", sql, probe)
			}
			runScript(t, session, sql)
			if got := value(t, session, probe); got != after {
				t.Errorf("after %s: %s, want %s (%s)", sql, got, after, probe)
			}
		}
	})
}
