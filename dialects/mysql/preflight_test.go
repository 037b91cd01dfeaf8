package mysql

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// preflightTable has a column for which MariaDB's triggers need a value that stands for "not given".
const preflightTable = `CREATE TABLE users (id int PRIMARY KEY, user_email varchar(60) NOT NULL)`

// preflightOf are the reasons that a user is given. The catalog is the administrator's.
func preflightOf(t *testing.T, d *Database, s *session, c *dialects.Catalog, accepted ...string) []string {
	t.Helper()
	spec := users
	spec.Accepted = accepted
	err := d.Preflight(t.Context(), s, c, spec)
	var refusal *dialects.Refusal
	if err != nil && !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	if refusal == nil {
		return nil
	}
	return refusal.Reasons
}

func wantReasons(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d reasons, want %d: %q", what, len(got), len(want), got)
		return
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("%s: %q does not say %q", what, got[i], want[i])
		}
	}
}

// newAccount makes a user who may do nothing, or a role.
func newAccount(t *testing.T, admin *session, kind, name string) string {
	t.Helper()
	name = quoteLiteral(name + admin.conn.schema[len(admin.conn.schema)-8:])
	sql := "CREATE " + kind + " " + name
	if kind == "USER" {
		name += "@'%'"
		sql = "CREATE USER " + name + " IDENTIFIED BY 'sesame'"
	}
	runScript(t, admin, sql)
	t.Cleanup(func() {
		if err := admin.Script(context.Background(), "DROP "+kind+" "+name); err != nil {
			t.Error(err)
		}
	})
	return name
}

func asAccount(t *testing.T, d *Database, account string) (*Database, *session) {
	t.Helper()
	other := as(t, d, strings.Trim(strings.TrimSuffix(account, "@'%'"), "'"), "sesame")
	return other, sessionTest(t, other)
}

func TestPreflightPrivileges(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		admin := sessionTest(t, d)
		runScript(t, admin, preflightTable)
		c := inspectTest(t, d, admin)
		wantReasons(t, "an administrator", preflightOf(t, d, admin, c))

		schema := quote(d.config.DBName) + ".*"
		user := newAccount(t, admin, "USER", "r")
		runScript(t, admin, "GRANT SHOW VIEW, SELECT (id) ON "+quote(d.config.DBName)+".users TO "+user)
		limited, s := asAccount(t, d, user)
		want := []string{"lacks privileges on users: GRANT ALTER, SELECT, UPDATE, TRIGGER, LOCK TABLES ON " + schema + " TO " + user, "GRANT PROCESS ON *.*", "log_bin_trust_function_creators"}
		if d.dialect().Kind() == dialects.MySQL {
			want = append([]string{"GRANT SELECT ON performance_schema.*"}, want...)
		}
		wantReasons(t, "a user without privileges", preflightOf(t, limited, s, c), want...)

		if d.dialect().Kind() == dialects.MySQL {
			runScript(t, admin, "GRANT SELECT ON performance_schema.* TO "+user)
		}
		runScript(t, admin, "GRANT ALTER, SELECT, UPDATE, TRIGGER, LOCK TABLES ON "+strings.ReplaceAll(schema, "_", `\_`)+" TO "+user+"; GRANT PROCESS ON *.* TO "+user)
		limited, s = asAccount(t, d, user) // a session has what it had when it chose its database
		wantReasons(t, "without SUPER", preflightOf(t, limited, s, c), "error 1419")
		if err := s.Script(t.Context(), "CREATE TRIGGER g BEFORE INSERT ON users FOR EACH ROW SET NEW.id = NEW.id"); !isCode(err, 1419) {
			t.Errorf("without SUPER: %v", err)
		}
		runScript(t, admin, "SET GLOBAL log_bin_trust_function_creators = ON")
		t.Cleanup(func() { _ = admin.Script(context.Background(), "SET GLOBAL log_bin_trust_function_creators = OFF") })
		wantReasons(t, "where makers of functions are trusted", preflightOf(t, limited, s, c))
		runScript(t, s, "CREATE TRIGGER g BEFORE INSERT ON users FOR EACH ROW SET NEW.id = NEW.id; DROP TRIGGER g; ALTER TABLE users ADD COLUMN x int, ALGORITHM=INSTANT; LOCK TABLES users WRITE; UNLOCK TABLES")
	})
}

// A trigger runs without its maker's roles on MariaDB: what it makes by a role's privileges fails every
// write of the apps. MySQL gives it its maker's default roles.
func TestPreflightOfARole(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		admin := sessionTest(t, d)
		runScript(t, admin, preflightTable)
		c := inspectTest(t, d, admin)
		user, role := newAccount(t, admin, "USER", "m"), newAccount(t, admin, "ROLE", "role")
		set := map[dialects.Kind]string{dialects.MySQL: "TO", dialects.MariaDB: "FOR"}[d.dialect().Kind()]
		runScript(t, admin, fmt.Sprintf(`GRANT ALTER, SELECT, UPDATE, TRIGGER, LOCK TABLES ON %s.* TO %s; GRANT PROCESS, SUPER ON *.* TO %[2]s; GRANT %[2]s TO %s;
			SET DEFAULT ROLE %[2]s %[4]s %[3]s`, quote(d.config.DBName), role, user, set))
		if d.dialect().Kind() == dialects.MySQL {
			runScript(t, admin, "GRANT SELECT ON performance_schema.* TO "+role)
		}
		limited, s := asAccount(t, d, user)
		got := preflightOf(t, limited, s, c)
		runScript(t, s, "CREATE TRIGGER g BEFORE INSERT ON users FOR EACH ROW SET NEW.user_email = NEW.user_email")
		write := admin.Script(t.Context(), "INSERT INTO users VALUES (1, 'a')")
		if d.dialect().Kind() == dialects.MySQL {
			wantReasons(t, "a default role", got)
			if write != nil {
				t.Error(write)
			}
			return
		}
		wantReasons(t, "a role", got, "SELECT, UPDATE, TRIGGER on users by a role alone")
		if !isCode(write, codeTableDenied) {
			t.Errorf("the app's write: %v", write)
		}
	})
}

func TestGrants(t *testing.T) {
	all := grants{
		{privileges: []string{"SELECT", "UPDATE"}, on: "*.*"},
		{privileges: []string{"UPDATE"}, on: "`sales`.*", revoked: true},
		{privileges: []string{"ALL PRIVILEGES"}, on: "`app\\_%`.*"},
		{privileges: []string{"TRIGGER"}, on: "`sales`.`or``ders`"},
		{privileges: []string{"ALTER"}, on: "*.*", byRole: true},
	}
	for _, c := range []struct {
		privilege, schema, table string
		want                     bool
	}{
		{"SELECT", "sales", "orders", true}, {"UPDATE", "sales", "orders", false}, {"UPDATE", "other", "orders", true},
		{"TRIGGER", "sales", "or`ders", true}, {"TRIGGER", "sales", "other", false},
		{"TRIGGER", "app_1", "x", true}, {"TRIGGER", "app_", "x", true}, {"TRIGGER", "appx1", "x", false}, {"ALTER", "x", "x", true},
	} {
		if got := all.has(c.privilege, &dialects.Name{Schema: c.schema, Name: c.table}); got != c.want {
			t.Errorf("%s on %s.%s: %v", c.privilege, c.schema, c.table, got)
		}
	}
	if all.direct().has("ALTER", nil) || !all.has("SELECT", nil) || all.has("TRIGGER", nil) {
		t.Error("what is given on everything is not told from what is not")
	}
}

func TestPreflightServer(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		runScript(t, s, preflightTable)
		c := inspectTest(t, d, s)
		f := &preflight{Queryer: s, ctx: t.Context(), pair: d.dialect().pairOf(c, dialects.DualWriteSpec{Table: users.Table, Old: users.From, New: users.To})}
		if err := f.read(); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"log_bin", "log_bin_trust_function_creators", "binlog_format", "innodb_read_only", "explicit_defaults_for_timestamp"} {
			if f.settings[name] == "" {
				t.Errorf("%s was not read", name)
			}
		}
		for format, reasons := range map[string]int{"ROW": 0, "MIXED": 0, "STATEMENT": 1} {
			f.settings["binlog_format"] = format
			if got, err := f.badReplication(); err != nil || len(got) != reasons {
				t.Errorf("%s: %q, %v", format, got, err)
			}
		}
		f.settings["innodb_read_only"] = "ON"
		f.comment = "TiDB Server"
		if got, err := f.badServer(); err != nil || len(got) != 2 {
			t.Errorf("%q, %v", got, err)
		}
		for _, flavour := range []dialects.Flavour{"", dialects.Galera, dialects.MultiPrimary, dialects.Vitess, dialects.TiDB} {
			f.spec.Accepted = nil
			refused := len(f.badFlavour(flavour)) > 0
			f.spec.Accepted = []string{dialects.MultiPrimaryRisk}
			accepted := len(f.badFlavour(flavour)) == 0
			cluster := flavour == dialects.Galera || flavour == dialects.MultiPrimary
			if refused == (flavour == "") || accepted != (flavour == "" || cluster) {
				t.Errorf("%q: refused %v, opened by the author %v", flavour, refused, accepted)
			}
		}
	})
}

func TestPreflightOfAReplica(t *testing.T) {
	words := map[dialects.Kind][3]string{
		dialects.MySQL:   {"CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = 1", "START REPLICA SQL_THREAD", "STOP REPLICA; RESET REPLICA ALL"},
		dialects.MariaDB: {"CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1", "START SLAVE SQL_THREAD", "STOP SLAVE; RESET SLAVE ALL"},
	}
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		runScript(t, s, preflightTable)
		c := inspectTest(t, d, s)
		w := words[d.dialect().Kind()]
		t.Cleanup(func() { _ = s.Script(context.Background(), w[2]) })
		if _, err := s.Exec(t.Context(), w[0]); err != nil {
			t.Fatal(err)
		}
		wantReasons(t, "before replication runs", preflightOf(t, d, s, c))
		if _, err := s.Exec(t.Context(), w[1]); err != nil {
			t.Fatal(err)
		}
		await(t, "the server applies", func() bool { return len(preflightOf(t, d, s, c)) == 1 })
		wantReasons(t, "a replica", preflightOf(t, d, s, c), "run on the source")
		wantReasons(t, "one of two that take writes", preflightOf(t, d, s, c, dialects.MultiPrimaryRisk))
	})
}

func TestPreflightData(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		runScript(t, s, preflightTable+`; INSERT INTO users VALUES (1, 'a'), (2, '')`)
		c := inspectTest(t, d, s)
		for _, table := range []string{"_users_gho", "_users_ghc", "_users_del", "_users_new", "_users_chkpnt"} {
			runScript(t, s, "CREATE TABLE "+table+" (id int)")
			wantReasons(t, table, preflightOf(t, d, s, c), "table "+table)
			runScript(t, s, "DROP TABLE "+table)
		}
		runScript(t, s, "CREATE TABLE _users (id int); CREATE TABLE users_new (id int); CREATE TRIGGER pt_osc_x_users_ins AFTER INSERT ON users FOR EACH ROW SET @x = 1")
		wantReasons(t, "pt-online-schema-change", preflightOf(t, d, s, c), "trigger pt_osc_x_users_ins")
		runScript(t, s, `DROP TRIGGER pt_osc_x_users_ins; INSERT INTO users VALUES (3, '\0SEGUE')`)
		wantReasons(t, "another value", preflightOf(t, d, s, c))
		runScript(t, s, `INSERT INTO users VALUES (4, REPEAT('\Z', 60))`)
		if got := preflightOf(t, d, s, c); d.dialect().Kind() == dialects.MySQL {
			wantReasons(t, "MySQL needs no such value", got)
		} else {
			wantReasons(t, "the value that stands for none", got, `a row of users has the value REPEAT('\Z', 60) in user_email`)
		}
		runScript(t, s, "DROP TABLE users; CREATE TABLE users (user_email varchar(60), id int NOT NULL, UNIQUE KEY (user_email, id), KEY (id))")
		wantReasons(t, "no key", preflightOf(t, d, s, inspectTest(t, d, s)), "users has no primary key")
		runScript(t, s, "DROP TABLE users")
		wantReasons(t, "no table", preflightOf(t, d, s, inspectTest(t, d, s)), "table users is not there")
	})
}
