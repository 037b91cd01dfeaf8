package mysql

import (
	"encoding/json"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestReplayLeavesOut holds that what a server refuses leaves the catalog as it is.
func TestReplayLeavesOut(t *testing.T) {
	const tables = `CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, b int, v int AS (b + 1), pid int, FOREIGN KEY (pid) REFERENCES p (id), CHECK (a > b));`
	for _, sql := range []string{
		"ALTER TABLE nowhere ADD x int", "ALTER TABLE t ADD a int", "ALTER TABLE t ADD x int AFTER nowhere", "ALTER TABLE t DROP nowhere",
		"ALTER TABLE t DROP a", "ALTER TABLE t DROP b", "ALTER TABLE t DROP pid", "ALTER TABLE p DROP id",
		"ALTER TABLE t RENAME COLUMN a TO b", "ALTER TABLE t RENAME COLUMN b TO c", "ALTER TABLE t CHANGE a b int",
		"RENAME TABLE t TO p", "CREATE TABLE t (z int)", "CREATE INDEX i ON t (nowhere)", "ALTER TABLE t ADD KEY pid (a)",
		"DROP INDEX nowhere ON t", "ALTER TABLE t DROP CONSTRAINT nowhere", "FROB", "ALTER TABLE t RENAME INDEX nowhere TO x",
	} {
		catalog := func(more string) *dialects.Catalog {
			c := onMySQL.NewCatalog(onMySQL.Server)
			for _, s := range onMySQL.Parse(tables + more) {
				onMySQL.Replay(c, s)
			}
			return c
		}
		before, after := catalog(""), catalog(sql)
		if len(before.Tables) != len(after.Tables) {
			t.Errorf("%s: %d tables became %d", sql, len(before.Tables), len(after.Tables))
		}
		for name, table := range before.Tables {
			if b, a := asText(t, table), asText(t, after.Tables[name]); a != b {
				t.Errorf("%s\nbefore %s\nafter  %s", sql, b, a)
			}
		}
	}
}

func TestReplayFollowsTheDatabase(t *testing.T) {
	c := onMySQL.NewCatalog(onMySQL.Server)
	for _, s := range onMySQL.Parse("CREATE DATABASE d; USE d; CREATE TABLE t (a int); CREATE TABLE e.u (a int); DROP DATABASE e") {
		onMySQL.Replay(c, s)
	}
	if c.Tables[dialects.Name{Schema: "d", Name: "t"}] == nil || len(c.Tables) != 1 || c.DefaultSchema != "d" {
		t.Errorf("tables %v, default %q", c.Tables, c.DefaultSchema)
	}
}

func asText(t *testing.T, table *dialects.Table) string {
	t.Helper()
	text, err := json.Marshal(table)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
