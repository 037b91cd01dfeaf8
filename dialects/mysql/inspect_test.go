package mysql

import (
	"context"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

func inspectTest(t *testing.T, d *Database, q dialects.Queryer) *dialects.Catalog {
	t.Helper()
	c, err := d.Inspect(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What only a server knows.
func TestInspectReadsFactsOfTheServer(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		runScript(t, s, "CREATE TABLE `odd-näme` (id int PRIMARY KEY, a int, b int) PARTITION BY HASH (id) PARTITIONS 2;"+
			"CREATE TABLE segue_events (id int); CREATE TABLE users (id int, email text)")
		for range 3 {
			runScript(t, s, "ALTER TABLE `odd-näme` ADD c int, ALGORITHM=INSTANT; ALTER TABLE `odd-näme` DROP c, ALGORITHM=INSTANT")
		}
		other := s.conn.schema + "_other"
		runScript(t, s, "CREATE DATABASE "+quote(other)+"; CREATE TABLE "+quote(other)+".parent (id int PRIMARY KEY);"+
			"CREATE TABLE child (id int, CONSTRAINT fk FOREIGN KEY (id) REFERENCES "+quote(other)+".parent (id))")
		t.Cleanup(func() {
			_ = sessionOf(t, d).Script(context.Background(), "DROP DATABASE "+quote(other))
		})
		limited := limitedUser(t, s)
		runScript(t, s, "GRANT SELECT (email), UPDATE (email) ON users TO "+quote(limited.config.User)+"@'%'")
		tx := begin(t, s, dialects.TxOptions{})
		c := inspectTest(t, d, tx)
		if err := tx.Commit(t.Context()); err != nil {
			t.Error(err)
		}
		odd := c.Table(dialects.Name{Name: "odd-näme"})
		if odd == nil || odd.Kind != dialects.PartitionedTable {
			t.Fatalf("%+v", odd)
		}
		if mysql := c.Version.Kind == dialects.MySQL; (odd.RowVersions == 6) != mysql {
			t.Errorf("%d row versions", odd.RowVersions)
		}
		if c.Table(dialects.Name{Name: "segue_events"}) != nil {
			t.Error("segue's own table is in the catalog")
		}
		if got := c.Table(dialects.Name{Name: "child"}).Constraints[0].References; *got != (dialects.Name{Schema: other, Name: "parent"}) {
			t.Errorf("references %v", got)
		}
		grants := c.Table(dialects.Name{Name: "users"}).Column("email").Grants
		if len(grants) != 2 || grants[0].Privilege != "SELECT" || !strings.Contains(grants[0].Role, limited.config.User) {
			t.Errorf("%+v", grants)
		}
		ls := sessionTest(t, limited)
		if l := inspectTest(t, limited, ls); len(l.Tables) != len(c.Tables) || l.Table(dialects.Name{Name: "odd-näme"}).RowVersions != 0 {
			t.Errorf("a user without PROCESS sees %d tables of %d", len(l.Tables), len(c.Tables))
		}
	})
}

// MySQL's information_schema leaves out a default that ALTER COLUMN gave to a TEXT.
func TestInspectReadsUnshownDefaults(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		runScript(t, s, "CREATE TABLE t (a text, b text, c text DEFAULT ('c')); ALTER TABLE t ALTER COLUMN a SET DEFAULT (concat('a', 'x'))")
		table := inspectTest(t, d, s).Table(dialects.Name{Name: "t"})
		if a, b := table.Column("a").Default, table.Column("b").Default; !strings.HasPrefix(a, "(concat(") || b != "" {
			t.Errorf("the defaults are %q and %q", a, b)
		}
	})
}

// The catalog can be read again while tables are held by LOCK TABLES (dual-write.md, B5), which
// performance_schema, and with it evidence and blockers, cannot.
func TestReadsUnderLockTables(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		runScript(t, s, "CREATE TABLE users (id int); CREATE TABLE segue_steps (id int); CREATE VIEW v AS SELECT * FROM users; LOCK TABLES users WRITE, segue_steps WRITE")
		if c := inspectTest(t, d, s); c.Table(dialects.Name{Name: "users"}) == nil {
			t.Error("the locked table is not in the catalog")
		}
		serverTest(t, d, s)
		if ok, err := s.TryLock(t.Context(), dialects.LockName{Kind: dialects.LedgerLock}); !ok || err != nil {
			t.Error(ok, err)
		}
		// None of it has let go of the tables.
		done := make(chan error, 1)
		other := sessionTest(t, d)
		go func() { done <- other.Script(context.Background(), "INSERT INTO users VALUES (1)") }()
		await(t, "the other waits for the table", func() bool {
			return value(t, s, `SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for table metadata lock' AND db = DATABASE()`) == "1"
		})
		runScript(t, s, "UNLOCK TABLES")
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
