package dialecttest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

// Whoever is in the way of a table is named, and can be ended.
func testBlockers(t *testing.T, f Fixture) {
	l := open(t, f, `CREATE TABLE busy (id int NOT NULL PRIMARY KEY, a int)`, `INSERT INTO busy VALUES (1, 1)`)
	blockers := func() []dialects.Blocker {
		t.Helper()
		b, err := l.Blockers(t.Context(), l.s, []dialects.Name{{Name: "busy"}})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	Script(t, l.s, `SELECT * FROM busy`)
	if got := blockers(); len(got) != 0 {
		t.Fatalf("nobody is there: %+v", got)
	}
	app, late := l.app(t, "web@1.4.0"), l.app(t, "web@1.5.0")
	send(t, app, `BEGIN`)
	send(t, app, "\n UPDATE busy SET a = 2\n WHERE id = 1")
	send(t, late, `BEGIN`)
	send(t, late, `SELECT * FROM busy WHERE id = 1`)
	Await(t, "both are named", func() bool { return len(blockers()) == 2 })
	slept := later(func(ctx context.Context) error { return app.Exec(ctx, f.SQL.Sleep) })
	named := func() dialects.Blocker {
		got := blockers()
		return got[max(0, slices.IndexFunc(got, func(b dialects.Blocker) bool { return b.App == "web@1.4.0" }))]
	}
	Await(t, "what the app runs is shown", func() bool { return named().Query == f.SQL.Sleep })
	got := blockers()
	if len(got) != 2 || got[0].Age < got[1].Age || got[0].App == got[1].App || !strings.HasPrefix(got[0].App, "web@1.") {
		t.Fatalf("not both, the oldest first: %+v", got)
	}
	for _, b := range got {
		if b.PID == "" || b.ID == "" || b.User == "" || b.Age < 0 || b.Age > time.Hour {
			t.Errorf("%+v", b)
		}
	}
	if err := l.TerminateBlocker(t.Context(), l.s, named().PID); err != nil {
		t.Fatal(err)
	}
	if err := <-slept; err == nil {
		t.Error("the ended session's statement went on to its end")
	}
	Await(t, "the session has ended", func() bool { return len(blockers()) == 1 })
	if err := app.Exec(t.Context(), `SELECT 1`); err == nil {
		t.Error("the ended session answers")
	}
	if got := Value(t, l.s, `SELECT a FROM busy`); got != "1" {
		t.Errorf("the ended session's write is there: %s", got)
	}
	send(t, late, `COMMIT`)
	Await(t, "nobody is left", func() bool { return len(blockers()) == 0 })
	if err := l.TerminateBlocker(t.Context(), l.s, "no session"); err == nil {
		t.Error("a session that cannot be was ended")
	}
}

// Transactions that run are listed; one that has ended never comes back under its name.
func testTransactions(t *testing.T, f Fixture) {
	l := open(t, f, `CREATE TABLE busy (id int NOT NULL PRIMARY KEY)`)
	list := func() []dialects.Blocker {
		t.Helper()
		all, err := l.Transactions(t.Context(), l.s)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	app := l.app(t, "web@1.4.0")
	elsewhere := open(t, f, `CREATE TABLE busy (id int NOT NULL PRIMARY KEY)`)
	stranger := elsewhere.app(t, "elsewhere")
	send(t, stranger, `BEGIN`)
	send(t, stranger, `INSERT INTO busy VALUES (1)`)
	// Whether the server tells who holds what shows at the blockers.
	others, err := elsewhere.Blockers(t.Context(), elsewhere.s, []dialects.Name{{Name: "busy"}})
	if err != nil || len(others) != 1 {
		t.Fatalf("%+v, %v", others, err)
	}
	unsure := others[0].Suspected
	own := Begin(t, l.s, dialects.TxOptions{})
	Script(t, own, `INSERT INTO busy VALUES (1)`)
	for _, b := range list() {
		if b.App != "elsewhere" || !unsure {
			t.Errorf("the runner's own session, or another database's, is listed: %+v", b)
		}
	}
	commit(t, own)
	id := func() (id string) {
		t.Helper()
		for _, b := range list() {
			if b.App == "web@1.4.0" {
				id = b.ID
				if b.PID == "" || b.ID == "" {
					t.Errorf("%+v", b)
				}
			}
		}
		return id
	}
	next := func(id func() string) string {
		send(t, app, `BEGIN`)
		send(t, app, `INSERT INTO busy VALUES (2)`)
		return id()
	}
	first := next(id)
	if again := id(); again != first || first == "" {
		t.Errorf("%q is now %q", first, again)
	}
	send(t, app, `ROLLBACK`)
	if got := id(); got != "" {
		t.Errorf("%s has ended and is listed as %s", first, got)
	}
	Await(t, "another transaction has another name", func() bool {
		second := next(id)
		send(t, app, `ROLLBACK`)
		return second != first && second != ""
	})
}

// App versions that are connected are seen, and so is what they call.
func testEvidence(t *testing.T, f Fixture) {
	l := open(t, f, `CREATE TABLE users (id int NOT NULL PRIMARY KEY, user_email varchar(60))`)
	if f.SQL.Statistics != "" {
		Script(t, l.s, f.SQL.Statistics)
	}
	for _, name := range []string{"nameless", "web @1", "a@b@c", "@1", "web@"} {
		send(t, l.app(t, name), `SELECT 1`)
	}
	tx := Begin(t, l.s, dialects.TxOptions{}) // contract asks in its own
	evidence := func() dialects.Evidence {
		t.Helper()
		e, err := l.Evidence(t.Context(), tx)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Unreadable) > 0 || len(e.Absent) > 0 {
			t.Fatalf("%+v", e)
		}
		return e
	}
	calls := func() (n int64) {
		t.Helper()
		for _, s := range evidence().Statements {
			if strings.Contains(s.Query, "user_email") && strings.Contains(strings.ToLower(s.Query), "where") {
				if s.ID == "" || strings.Contains(s.Query, "secret") {
					t.Errorf("%+v", s)
				}
				n += s.Calls
			}
		}
		return n
	}
	app := l.app(t, "web@1.4.0")
	for n := range int64(3) {
		if got := calls(); got != n {
			t.Errorf("%d calls, want %d", got, n)
		}
		send(t, app, `SELECT user_email FROM users WHERE user_email = 'secret'`)
	}
	if got := evidence().Sessions; len(got) != 1 || got[0].App != "web" || got[0].Version != "1.4.0" || got[0].PID == "" || got[0].Idle > time.Minute {
		t.Errorf("sessions %+v", got)
	}
	app.Close()
	Await(t, "the app is gone", func() bool { return len(evidence().Sessions) == 0 })
	Script(t, tx, `SELECT 1`)
	commit(t, tx)
}
