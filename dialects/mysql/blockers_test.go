package mysql

import (
	"database/sql"
	"slices"
	"testing"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

func blockersTest(t *testing.T, d *Database, q dialects.Queryer, tables ...string) []dialects.Blocker {
	t.Helper()
	var names []dialects.Name
	for _, table := range tables {
		names = append(names, dialects.Name{Name: table})
	}
	blockers, err := d.Blockers(t.Context(), q, names)
	if err != nil {
		t.Fatal(err)
	}
	return blockers
}

func pids(blockers []dialects.Blocker) []string {
	var all []string
	for _, b := range blockers {
		all = append(all, b.PID)
	}
	return all
}

// locksShown are the ways in which a server may show who holds a table's lock.
var locksShown = []struct {
	name     string
	kind     dialects.Kind
	settings map[string]string
}{
	{"instrumented", dialects.MySQL, nil},
	{"instrumented MariaDB", dialects.MariaDB, map[string]string{"performance_schema_instrument": "wait/lock/metadata/sql/mdl=ON"}},
	{"plugin", dialects.MariaDB, map[string]string{"performance_schema": "OFF", "plugin_load_add": "metadata_lock_info"}},
}

func TestBlockers(t *testing.T) {
	for _, c := range locksShown {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("TZ", "America/New_York") // the server's clock; ages must not have it in them
			var opts []scratch.Option
			for name, value := range c.settings {
				opts = append(opts, scratch.Setting(name, value))
			}
			d := openAt(t, own[c.kind](t, opts...).Database(t))
			s := sessionTest(t, d)
			runScript(t, s, "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE other (id int)")
			app := openPool(t, attributed(d, "web@1.4.0"))
			tx, err := app.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelReadCommitted})
			if err != nil {
				t.Fatal(err)
			}
			var pid string
			if err := tx.QueryRow("SELECT CONNECTION_ID(), (SELECT COUNT(*) FROM users)").Scan(&pid, new(int)); err != nil {
				t.Fatal(err)
			}
			if got := blockersTest(t, d, s, "other"); len(got) > 0 {
				t.Errorf("in the way of another table: %+v", got)
			}
			got := blockersTest(t, d, s, "users", "other")
			if len(got) != 1 || got[0].PID != pid || got[0].User != "root" || got[0].State != "idle in transaction" ||
				got[0].Age > time.Minute || got[0].ID == "" || got[0].Suspected {
				t.Fatalf("%+v", got)
			}
			if c.kind == dialects.MySQL && (got[0].App != "web@1.4.0" || got[0].Query != "SELECT CONNECTION_ID(), (SELECT COUNT(*) FROM users)") {
				t.Errorf("%+v", got[0])
			}
			locker := sessionTest(t, d)
			runScript(t, locker, "LOCK TABLES other READ")
			if got := blockersTest(t, d, s, "other"); len(got) != 1 || got[0].ID == "" {
				t.Errorf("%+v", got)
			}
			// Of another database, and named with it.
			if got, err := d.Blockers(t.Context(), s, []dialects.Name{{Schema: "mysql", Name: "users"}}); err != nil || len(got) > 0 {
				t.Errorf("%+v, %v", got, err)
			}
			if err := d.TerminateBlocker(t.Context(), s, pid); err != nil {
				t.Fatal(err)
			}
			await(t, "the blocker is gone", func() bool { return len(blockersTest(t, d, s, "users")) == 0 })
		})
	}
}

// attributed is a configuration of an app that names itself.
func attributed(d *Database, name string) *driver.Config {
	config := d.config.Clone()
	config.ConnectionAttributes = "program_name:" + name
	config.Logger = &driver.NopLogger{} // of sessions that are ended
	return config
}

// A MariaDB as it comes does not show metadata locks: sessions with a transaction are suspects.
func TestBlockersAreSuspectedWhereLocksAreNotShown(t *testing.T) {
	d := openAt(t, shared[dialects.MariaDB](t, scratch.Setting("performance_schema", "OFF")).Database(t))
	s, other, idle := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
	runScript(t, s, "CREATE TABLE users (id int); CREATE TABLE other (id int)")
	value(t, idle, "SELECT 1")
	value(t, begin(t, other, dialects.TxOptions{}), "SELECT COUNT(*) FROM other")
	got := blockersTest(t, d, s, "users")
	if len(got) != 1 || !got[0].Suspected || got[0].PID != value(t, other, "SELECT CONNECTION_ID()") {
		t.Errorf("%+v", got)
	}
}

func TestTransactions(t *testing.T) {
	for _, c := range append(locksShown, locksShown[2]) {
		settings := c.settings
		t.Run(c.name, func(t *testing.T) {
			var opts []scratch.Option
			for name, value := range settings {
				opts = append(opts, scratch.Setting(name, value))
			}
			server := shared[c.kind](t, opts...)
			d := openAt(t, server.Database(t))
			elsewhere := openAt(t, server.Database(t))
			s, own, reader, stranger, crosser := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d), sessionTest(t, elsewhere), sessionTest(t, elsewhere)
			runScript(t, s, "CREATE TABLE users (id int PRIMARY KEY); INSERT INTO users VALUES (1)")
			runScript(t, stranger, "CREATE TABLE t (id int); INSERT INTO t VALUES (1)")
			transactions := func() []dialects.Blocker {
				t.Helper()
				all, err := d.Transactions(t.Context(), s)
				if err != nil {
					t.Fatal(err)
				}
				return all
			}
			pid := func(s *session) string { return value(t, s, "SELECT CONNECTION_ID()") }
			first := begin(t, reader, dialects.TxOptions{})
			value(t, first, "SELECT COUNT(*) FROM users")
			value(t, begin(t, stranger, dialects.TxOptions{}), "SELECT COUNT(*) FROM t")
			value(t, begin(t, crosser, dialects.TxOptions{}), "SELECT COUNT(*) FROM "+quote(d.config.DBName)+".users")
			value(t, begin(t, s, dialects.TxOptions{}), "SELECT COUNT(*) FROM users")
			got := transactions()
			if all := pids(got); !slices.Contains(all, pid(reader)) || !slices.Contains(all, pid(crosser)) ||
				slices.Contains(all, pid(stranger)) || slices.Contains(all, pid(s)) || slices.Contains(all, pid(own)) {
				t.Errorf("reader %s, crosser %s, not stranger %s nor itself %s: %+v", pid(reader), pid(crosser), pid(stranger), pid(s), got)
			}
			// The id outlasts the first write, and goes with the transaction.
			id := func() string {
				for _, b := range transactions() {
					if b.PID == pid(reader) {
						return b.ID
					}
				}
				return ""
			}
			before := id()
			runScript(t, first, "INSERT INTO users VALUES (2)")
			if after := id(); after != before || after == "" {
				t.Errorf("the transaction was %q and is %q", before, after)
			}
			if err := first.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if after := id(); after != "" {
				t.Errorf("the transaction %q is over", after)
			}
			await(t, "a later transaction has another id", func() bool {
				tx := begin(t, reader, dialects.TxOptions{})
				defer tx.Rollback(t.Context())
				value(t, tx, "SELECT COUNT(*) FROM users")
				return id() != before
			})
			// A prepared transaction outlives its session.
			runScript(t, own, "XA START 'x'; INSERT INTO users VALUES (3); XA END 'x'; XA PREPARE 'x'")
			own.Close()
			prepared := func(b dialects.Blocker) bool { return b.State == "prepared transaction" && b.PID == "" }
			await(t, "the prepared transaction is listed", func() bool { return slices.ContainsFunc(transactions(), prepared) })
			if blockers, err := d.Blockers(t.Context(), reader, []dialects.Name{{Name: "users"}}); err != nil || d.dialect().Kind() == dialects.MySQL && !slices.ContainsFunc(blockers, prepared) {
				t.Errorf("the prepared transaction is not among those in the way: %v, %v", blockers, err)
			}
			runScript(t, sessionTest(t, d), "XA ROLLBACK 'x'")
			await(t, "the prepared transaction is gone", func() bool { return !slices.ContainsFunc(transactions(), prepared) })
		})
	}
}

func TestTransactionsNeedProcess(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		limited := limitedUser(t, sessionTest(t, d))
		s := sessionTest(t, limited)
		tx := begin(t, s, dialects.TxOptions{})
		_, err := limited.Transactions(t.Context(), tx)
		if f := d.Fault(err); f != dialects.FaultPrivilege {
			t.Errorf("fault %q of %v", f, err)
		}
	})
}
