package fleet

import (
	"reflect"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases/compat"
)

var emailForms = []compat.Form{{Project: "main", Migration: "0002", Table: "public.users", Old: "user_email", New: "email", Stage: compat.Both}}

func counted(calls ...int64) dialects.Evidence {
	queries := []string{
		"SELECT user_email FROM users WHERE id = $1",
		`update "users" set "user_email" = $1`,
		"SELECT email FROM users",
		"SELECT user_email FROM audit_log",
		"SELECT /* segue:backfill */ user_email FROM users",
		"ALTER TABLE users VALIDATE CONSTRAINT c_user_email",
		"-- of the app\n/* web */ WITH x AS (SELECT 1) SELECT USER_EMAIL FROM users, x",
	}
	var e dialects.Evidence
	for i, n := range calls {
		e.Statements = append(e.Statements, dialects.StatementUse{ID: string(rune('a' + i)), Query: queries[i], Calls: n, User: "app"})
	}
	return e
}

// The server counts for ever: only calls since the last version that used the column went show use.
func TestStatementsSinceRetirement(t *testing.T) {
	p := newPipeline(t)
	p.run(StartVerb, web("1.4.0"), onOld)
	p.run(FinishVerb, web("1.4.0"), nil)
	p.run(StartVerb, web("1.5.0"), onNew)
	grown := func(e dialects.Evidence) map[string]int64 {
		t.Helper()
		entries, err := p.registry.List(t.Context(), p.session)
		if err != nil {
			t.Fatal(err)
		}
		calls := map[string]int64{}
		for _, s := range Grown(emailForms, entries, e) {
			calls[s.ID] = s.Calls
		}
		return calls
	}
	expect := func(when string, e dialects.Evidence, want map[string]int64) {
		t.Helper()
		if got := grown(e); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", when, got, want)
		}
	}
	expect("while the old version counts", counted(9, 9, 9, 9, 9, 9), map[string]int64{})
	p.baseline = TakeBaseline(emailForms, counted(9, 9, 9, 9, 9, 9), p.now)
	p.run(FinishVerb, web("1.5.0"), nil)

	expect("nothing called since", counted(9, 9, 9, 9, 9, 9), map[string]int64{})
	expect("other statements called", counted(9, 9, 20, 20, 20, 20), map[string]int64{})
	expect("called since", counted(10, 12, 9, 9, 9, 9), map[string]int64{"a": 1, "b": 3})
	expect("a statement that is new", counted(9, 9, 9, 9, 9, 9, 2), map[string]int64{"g": 2})
	expect("counts were reset", counted(4, 0, 0, 0, 0, 0), map[string]int64{"a": 4})

	p.baseline = TakeBaseline(emailForms, counted(30, 9, 9, 9, 9, 9), p.now)
	p.run(StartVerb, web("1.4.0"), nil)
	p.run(AbortVerb, web("1.4.0"), nil)
	expect("the old version ran in between", counted(30, 9, 9, 9, 9, 9), map[string]int64{})
	expect("and was called again", counted(31, 9, 9, 9, 9, 9), map[string]int64{"a": 1})

	p.baseline = nil // the server could not be asked
	p.run(StartVerb, web("1.4.0"), nil)
	p.run(AbortVerb, web("1.4.0"), nil)
	expect("nothing known of the time", counted(99, 9, 9, 9, 9, 9), map[string]int64{})
}

func TestTakeBaseline(t *testing.T) {
	e := counted(1, 2, 3, 4, 5, 6)
	b := TakeBaseline(emailForms, e, noon)
	if want := map[string]int64{"a": 1, "b": 2}; !reflect.DeepEqual(b.Calls, want) || !b.At.Equal(noon) {
		t.Errorf("got %+v, want %v", b, want)
	}
	e.Unreadable = []string{"statements of other roles are hidden"}
	if b := TakeBaseline(emailForms, e, noon); b != nil {
		t.Errorf("a baseline that misses statements would accuse them later: %+v", b)
	}
	e = counted(1, 2)
	e.Absent = []string{"pg_stat_statements is not installed"}
	if b := TakeBaseline(emailForms, e, noon); b != nil {
		t.Errorf("a server that begins to keep statistics would accuse them later: %+v", b)
	}
	if b := TakeBaseline(nil, counted(1), noon); b != nil {
		t.Errorf("no form in flight, nothing to keep: %+v", b)
	}
}

func TestNames(t *testing.T) {
	for _, test := range []struct {
		query, name string
		want        bool
	}{
		{"SELECT u.user_email FROM users u", "user_email", true},
		{"SELECT User_Email", "user_email", true},
		{`SELECT "User_Email"`, "user_email", false},
		{`SELECT "User_Email"`, "User_Email", true},
		{"SELECT `user_email`", "user_email", true},
		{`SELECT "a""b"`, `a"b`, true},
		{"SELECT old_user_email", "user_email", false},
		{"SELECT user_email2", "user_email", false},
		{"SELECT 'user_email', 'it''s user_email'", "user_email", false},
		{"SELECT é FROM t", "é", true},
	} {
		if got := names(test.query, test.name); got != test.want {
			t.Errorf("%s in %s: got %v", test.name, test.query, got)
		}
	}
}
