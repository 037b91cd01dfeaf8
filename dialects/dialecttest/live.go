package dialecttest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// live is a fresh database and one session of segue's on it.
type live struct {
	dialects.Database
	f   Fixture
	d   dialects.Dialect
	url string
	s   dialects.Session
}

// open makes a database and runs the setup on it.
func open(t *testing.T, f Fixture, setup ...string) *live {
	t.Helper()
	url := f.NewDatabase(t)
	l := openAt(t, f, url)
	for _, sql := range setup {
		Script(t, l.s, sql)
	}
	return l
}

// openAt opens a database that is there.
func openAt(t *testing.T, f Fixture, url string) *live {
	t.Helper()
	db, err := f.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	l := &live{Database: db, f: f, url: url}
	l.s = l.session(t)
	// What the dialect is depends on the server, which a session has met by now.
	l.d = db.Dialect()
	return l
}

// session is a further session, which ends with the test.
func (l *live) session(t *testing.T) dialects.Session {
	t.Helper()
	s, err := l.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// app is an app's own connection.
func (l *live) app(t *testing.T, name string) Client {
	t.Helper()
	return l.f.Connect(t, l.url, name)
}

func (l *live) inspect(t *testing.T, q dialects.Queryer) *dialects.Catalog {
	t.Helper()
	c, err := l.Inspect(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// pid is a session's id.
func (l *live) pid(t *testing.T, q dialects.Queryer) string {
	t.Helper()
	return Value(t, q, l.f.SQL.PID)
}

// awaitWait waits until a session waits for a lock.
func (l *live) awaitWait(t *testing.T, watch dialects.Queryer, pid string) {
	t.Helper()
	Await(t, "session "+pid+" waits for a lock", func() bool { return Value(t, watch, l.f.SQL.Waits, pid) != "0" })
}

func send(t testing.TB, c Client, sql string) {
	t.Helper()
	if err := c.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func commit(t testing.TB, tx dialects.Tx) {
	t.Helper()
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func rollback(t testing.TB, tx dialects.Tx) {
	t.Helper()
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// later runs something beside the test. Its error comes when it has ended.
func later(run func(ctx context.Context) error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- run(context.Background()) }()
	return done
}

func wantFault(t testing.TB, db dialects.Database, err error, want dialects.Fault, what string) {
	t.Helper()
	if got := faultOf(db, err); got != want {
		t.Errorf("%s: fault %q of %v, want %q", what, got, err, want)
	}
}

// faultOf is the fault of an error as callers pass it on.
func faultOf(db dialects.Database, err error) dialects.Fault {
	if err == nil {
		return dialects.FaultNone
	}
	return db.Fault(fmt.Errorf("wrapped: %w", err))
}

// inserts is one INSERT of rows 1 to n; row writes what stands between the parentheses.
func inserts(table, columns string, n int, row func(i int) string) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = "(" + row(i+1) + ")"
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", table, columns, strings.Join(rows, ", "))
}
