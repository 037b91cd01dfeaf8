package dialecttest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// refusals are what is in the way of renaming users.user_email to email: a change to the table, and
// what the refusal names.
var refusals = []struct {
	name, change string
	want         []string
}{
	{"no table", `DROP TABLE users`, []string{"users"}},
	{"no column", `ALTER TABLE users DROP COLUMN user_email`, []string{"users", "user_email"}},
	{"name taken", `ALTER TABLE users ADD COLUMN email int`, []string{"users", "email"}},
	{"view", `CREATE VIEW emails AS SELECT user_email FROM users`, []string{"emails", "user_email"}},
	{"generated column", `ALTER TABLE users ADD COLUMN long_email varchar(80) GENERATED ALWAYS AS (CONCAT(user_email, 'x')) STORED`,
		[]string{"long_email", "user_email"}},
	{"incoming foreign key", `CREATE UNIQUE INDEX users_email ON users (user_email);
		CREATE TABLE mails (address varchar(60), CONSTRAINT mails_user FOREIGN KEY (address) REFERENCES users (user_email))`, []string{"mails_user"}},
}

// A plan that cannot be is refused before anything is changed, by the name of what is in the way.
func testRefusals(t *testing.T, f Fixture) {
	for _, r := range refusals {
		if slices.Contains(f.Carries, r.name) {
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			change := r.change
			if sql, ok := f.Samples["refused: "+r.name]; ok {
				change = sql
			}
			l := open(t, f, `CREATE TABLE users (id int NOT NULL PRIMARY KEY, user_email varchar(60) NOT NULL, name varchar(40))`, change)
			c := l.inspect(t, l.s)
			before := facts(c, allFields)
			spec := dialects.DualWriteSpec{Migration: "0002", Table: c.Resolve(dialects.Name{Name: "users"}), Old: "user_email", New: "email"}
			_, err := capability[dialects.DualWriter](t, l.d).DualWrite(c, spec)
			var refusal *dialects.Refusal
			if !errors.As(err, &refusal) || len(refusal.Reasons) == 0 || !strings.Contains(refusal.What, "user_email") {
				t.Fatalf("got %v, want a refusal", err)
			}
			for _, name := range r.want {
				if !strings.Contains(strings.Join(refusal.Reasons, "\n"), name) {
					t.Errorf("%v does not name %s", refusal, name)
				}
			}
			sameFacts(t, "the catalog", facts(c, allFields), before)
		})
	}
	t.Run("privileges", func(t *testing.T) {
		p := planUsers(t, f, users(2))
		limited := openAt(t, f, f.Limited(t, p.url))
		err := limited.Preflight(t.Context(), limited.s, p.before, p.dw.Copy)
		var refusal *dialects.Refusal
		if !errors.As(err, &refusal) || len(refusal.Reasons) == 0 {
			t.Errorf("got %v, want a refusal of a user that may not do it", err)
		}
	})
}

// lateComers come onto the columns in dual-write, and are gone again by the second text.
func (p *plan) lateComers(t *testing.T) []lateComer {
	t.Helper()
	return []lateComer{
		{"hotfix", `CREATE INDEX hotfix ON users (user_email)`, p.dropIndex(t, "hotfix")},
		{"late_check", `ALTER TABLE users ADD CONSTRAINT late_check CHECK (user_email <> 'x')`, `ALTER TABLE users DROP CONSTRAINT late_check`},
		{"late_view", `CREATE VIEW late_view AS SELECT user_email FROM users`, `DROP VIEW late_view`},
		{"on_new", `CREATE INDEX on_new ON users (email)`, p.dropIndex(t, "on_new")},
		{"of_the_others", `CREATE INDEX of_the_others ON users (name)`, ""},
	}
}

type lateComer struct{ name, sql, undo string }

// What comes after the plan is named by contract's recheck, or contract carries it over; and what has
// nothing to do with it holds nothing up.
func testRecheck(t *testing.T, f Fixture) {
	p, plain := planUsers(t, f, users(3)), open(t, f, users(3))
	p.toDualWrite(t)
	p.do(t, p.dw.Prove...)
	recheck := func() string {
		t.Helper()
		tx := Begin(t, p.s, dialects.TxOptions{Hold: []dialects.Name{p.spec.Table}})
		defer rollback(t, tx)
		found, err := p.Recheck(t.Context(), tx, p.spec, p.dw.Recheck)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(found, "\n")
	}
	if found := recheck(); found != "" {
		t.Errorf("nothing has come: %s", found)
	}
	named := 0
	for _, late := range p.lateComers(t) {
		Script(t, p.s, late.sql)
		found := recheck()
		if found == "" {
			Script(t, plain.s, strings.ReplaceAll(late.sql, "(email)", "(user_email)"))
			continue
		}
		named++
		if !strings.Contains(found, late.name) || late.undo == "" {
			t.Errorf("%s: found %q", late.sql, found)
		}
		Script(t, p.s, late.undo)
	}
	if named == 0 {
		t.Error("nothing that came was named")
	}
	if found := recheck(); found != "" {
		t.Errorf("what was named is gone again: %s", found)
	}
	p.contract(t)
	Script(t, plain.s, `ALTER TABLE users RENAME COLUMN user_email TO email`)
	view := allFields
	view.anyOrder = true
	sameFacts(t, "the schema", facts(p.inspect(t, p.s), view), facts(plain.inspect(t, plain.s), view))
}

// dropIndex is the text that drops an index of users: the sample's, of another name.
func (p *plan) dropIndex(t *testing.T, name string) string {
	t.Helper()
	for _, s := range samples {
		if s.name == "drop index" {
			return strings.Replace(s.text(t, p.f), "users_by_age", name, 1)
		}
	}
	t.Fatal("no sample drops an index")
	return ""
}
