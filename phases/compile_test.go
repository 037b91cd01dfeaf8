package phases_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/phases"
)

// base is the schema that the migrations of these tests meet.
const base = `CREATE TABLE users (id bigint PRIMARY KEY, user_email text NOT NULL UNIQUE, age int);`

func compile(t *testing.T, sql string, how phases.Protection) (*phases.Plan, error) {
	t.Helper()
	d := postgres.Dialect{}
	c := d.NewCatalog(dialects.Version{Kind: dialects.Postgres, Major: 16})
	for _, s := range d.Parse(base) {
		d.Replay(c, s)
	}
	script, problems := dialects.ReadScript(d, sql)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return phases.Compile(d, c, phases.Migration{Version: "0002", Name: "m", Path: "0002_m.sql", Script: script}, how)
}

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct{ name, sql, says string }{
		{"unsafe without a recipe", "ALTER TABLE users ALTER COLUMN age TYPE bigint;", "change-column-type"},
		{"plan off without its second key", "-- segue:plan off\nALTER TABLE users ALTER COLUMN age TYPE bigint;", "second key"},
		{"an allow without plan off", "-- segue:allow change-column-type small table\nALTER TABLE users ALTER COLUMN age TYPE bigint;", "segue:plan off"},
		{"an allow of another rule", "-- segue:plan off\n-- segue:allow drop-column small\nALTER TABLE users ALTER COLUMN age TYPE bigint;", "second key"},
		{"a phased change beside others", "ALTER TABLE users RENAME COLUMN user_email TO email;\nCREATE TABLE t (id int);", "migration of its own"},
		{"transaction words", "BEGIN;\nCREATE TABLE t (id int);\nCOMMIT;", "transaction of its own"},
		{"a directive that no recipe reads", "-- segue:as mail\nALTER TABLE users RENAME COLUMN user_email TO email;", "segue:as"},
		{"what cannot be parsed", "FROBNICATE users;", "syntax-error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := compile(t, c.sql, phases.Protected)
			var refused *phases.RefusedError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want a refusal that says %q", err, c.says)
			}
		})
	}
}

func TestCompilePlain(t *testing.T) {
	for _, c := range []struct {
		name, sql string
		how       phases.Protection
		steps     int
	}{
		{"safe statements are one step", "CREATE TABLE t (id int);\nALTER TABLE users ADD COLUMN x int;", phases.Protected, 1},
		{"what cannot run in a transaction is a step of its own", "CREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY i ON users (age);\nCREATE TABLE v (id int);", phases.Protected, 3},
		{"both keys", "-- segue:plan off\n-- segue:allow change-column-type 12 rows\nALTER TABLE users ALTER COLUMN age TYPE bigint;", phases.Protected, 1},
		{"a rename of a table from the same file", "CREATE TABLE t (a int);\nALTER TABLE t RENAME COLUMN a TO b;", phases.Protected, 1},
		{"as written", "ALTER TABLE users RENAME COLUMN user_email TO email;", phases.AsWritten, 1},
		{"nothing", "-- later", phases.Protected, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := compile(t, c.sql, c.how)
			if err != nil {
				t.Fatal(err)
			}
			if p.Phased() || len(p.Phases) != 1 || len(p.Phases[0].Steps) != c.steps {
				t.Errorf("got %+v, want one phase of %d steps", p.Phases, c.steps)
			}
		})
	}
}

// TestRenameColumnOrder pins the order on which every row depends: see the recipe.
func TestRenameColumnOrder(t *testing.T) {
	p, err := compile(t, "ALTER TABLE users RENAME COLUMN user_email TO email;", phases.Protected)
	if err != nil {
		t.Fatal(err)
	}
	var names []phases.PhaseName
	for _, phase := range p.Phases {
		names = append(names, phase.Name)
	}
	if got := []phases.PhaseName{phases.Expand, phases.Backfill, phases.DualWrite, phases.Contract}; len(names) != len(got) {
		t.Fatalf("phases %v", names)
	}
	backfill := p.Phase(phases.Backfill).Steps
	if backfill[0].Kind != phases.CopyRow {
		t.Error("the backfill does not begin with the copy")
	}
	last := len(backfill) - 1
	if backfill[last-1].Kind != phases.Settle || !strings.Contains(backfill[last].SQL, "CREATE OR REPLACE FUNCTION") {
		t.Error("the two-way body does not come right behind settling")
	}
	contract := p.Phase(phases.Contract).Steps
	if contract[0].Kind != phases.Verify || contract[len(contract)-1].Final != phases.Irreversible {
		t.Error("contract does not begin with verifying, or does not end with its last step")
	}
	for _, s := range contract[:len(contract)-1] {
		if s.Final == phases.Irreversible {
			t.Errorf("%s cannot be undone, before the end", s.ID)
		}
	}
}

func TestDigest(t *testing.T) {
	const rename = "ALTER TABLE users RENAME COLUMN user_email TO email;"
	a, _ := compile(t, rename, phases.Protected)
	b, _ := compile(t, rename, phases.Protected)
	c, _ := compile(t, "-- segue:soak 1h\n\n"+rename, phases.Protected)
	if a.Digest == "" || a.Digest != b.Digest || a.Digest == c.Digest {
		t.Errorf("digests %q, %q, and with a soak %q", a.Digest, b.Digest, c.Digest)
	}
}

func TestMeets(t *testing.T) {
	rename, _ := compile(t, "ALTER TABLE users RENAME COLUMN user_email TO email;", phases.Protected)
	for sql, meets := range map[string]bool{
		"ALTER TABLE users ADD COLUMN x int;":                        false,
		"CREATE INDEX CONCURRENTLY i ON users (user_email);":         true,
		"CREATE INDEX CONCURRENTLY i ON users (age);":                false,
		"CREATE TABLE other (user_email text);":                      false,
		"CREATE VIEW v AS SELECT id FROM users;":                     true,
		"ALTER TABLE users ALTER COLUMN user_email SET DEFAULT 'x';": true,
	} {
		p, err := compile(t, sql, phases.Protected)
		if err != nil {
			t.Fatal(err)
		}
		if rename.Meets(p) != meets || p.Meets(rename) != meets {
			t.Errorf("%s: meets %v, want %v", sql, !meets, meets)
		}
	}
}

func TestTransitions(t *testing.T) {
	all := []phases.State{phases.Pending, phases.Running, phases.Interrupted, phases.Waiting, phases.Paused, phases.Failed, phases.RolledBack, phases.Done}
	for _, s := range all {
		if s != phases.Running && s.CanBecome(phases.RolledBack) {
			t.Errorf("%s may be rolled back without running", s)
		}
		if s != phases.Running && s != phases.Pending && s.CanBecome(phases.Done) {
			t.Errorf("%s may be done without running", s)
		}
		if phases.Interrupted.CanBecome(s) || s.CanBecome(phases.Interrupted) {
			t.Errorf("interrupted is kept in the ledger")
		}
	}
}
