package dialecttest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// A server tells what it is, the same to every session.
func testServer(t *testing.T, f Fixture) {
	l := open(t, f)
	server := func(l *live) dialects.Server {
		s, err := l.Server(t.Context(), l.s)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := server(l)
	if s.Version.Kind != l.d.Kind() || s.Version.Major == 0 || s.Host == "" || s.Database == "" || s.User == "" || s.Identity == "" {
		t.Errorf("%+v of %s", s, l.d.Kind())
	}
	if s.ReadOnly || s.Flavour != "" || s.Pooled {
		t.Errorf("a plain server: %+v", s)
	}
	if again := server(openAt(t, f, l.url)); again != s {
		t.Errorf("%+v, and at another time %+v", s, again)
	}
	if other := server(open(t, f)); other.Identity == s.Identity {
		t.Errorf("two databases are one: %s", s.Identity)
	}
	if read := l.inspect(t, l.s); read.Version != s.Version || !read.Live {
		t.Errorf("the catalog is of %v, the server is %v", read.Version, s.Version)
	}
}

// What one session sends is one dialect of placeholders, scripts and counts.
func testSession(t *testing.T, f Fixture) {
	l := open(t, f, `CREATE TABLE pairs (a int, b varchar(40))`)
	exec := func(want int64, sql string, args ...any) {
		t.Helper()
		if n, err := l.s.Exec(t.Context(), sql, args...); n != want || err != nil {
			t.Errorf("%s: %d rows, %v; want %d", sql, n, err, want)
		}
	}
	const wild = `it's \ "$1" ? %s /* -- ; é`
	exec(2, `INSERT INTO pairs (b, a) VALUES ($2, $1), ($3, $1)`, 1, wild, nil)
	exec(1, `INSERT INTO pairs (a, b) VALUES (2, '$1 is text') -- $1`)
	for sql, want := range map[string]string{
		`SELECT b FROM pairs WHERE a = $1 AND b = $2`:                wild,
		`SELECT b FROM pairs WHERE b = $2 AND a = $1 AND $1 = a`:     wild,
		`SELECT COUNT(*) FROM pairs WHERE a = $1 AND b IS NULL`:      "1",
		`SELECT COUNT(*) FROM pairs WHERE b = '$1 is text' OR a = 9`: "1",
	} {
		var args []any
		if strings.Contains(sql, "a = $1") {
			args = append(args, 1)
		}
		if strings.Contains(sql, "$2") {
			args = append(args, wild)
		}
		if got := Value(t, l.s, sql, args...); got != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
	exec(2, `UPDATE pairs SET a = $1 WHERE a = $1`, 1) // found, though nothing changes
	exec(0, `DELETE FROM pairs WHERE a = $1`, 99)

	Script(t, l.s, "/* segue:0001/expand/1 */ INSERT INTO pairs VALUES (3, 'x;y'); -- one\nSELECT * FROM pairs;; INSERT INTO pairs VALUES (4, NULL)")
	Script(t, l.s, "")
	if got := Value(t, l.s, `SELECT COUNT(*) FROM pairs`); got != "5" {
		t.Errorf("%s rows after a script of several statements", got)
	}
	if err := l.s.Script(t.Context(), "SELECT 1; SELECT * FROM nowhere; SELECT 2"); err == nil {
		t.Error("the error of a script's second statement is lost")
	}
	rows, err := l.s.Query(t.Context(), `SELECT a, b FROM pairs ORDER BY a`)
	if err != nil {
		t.Fatal(err)
	}
	seen, nulls := 0, 0
	for rows.Next() {
		var a int64
		var b *string
		if err := rows.Scan(&a, &b); err != nil {
			t.Error(err)
		}
		seen++
		if b == nil {
			nulls++
		}
	}
	if seen != 5 || nulls != 2 || rows.Err() != nil {
		t.Errorf("%d rows, %d NULLs, %v", seen, nulls, rows.Err())
	}
	rows.Close()
	rows.Close() // does no harm
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.s.Exec(ctx, `DELETE FROM pairs`); !errors.Is(err, context.Canceled) {
		t.Errorf("under a context that has ended: %v", err)
	}
	if got := Value(t, l.s, `SELECT COUNT(*) FROM pairs`); got != "5" {
		t.Errorf("%s rows: the session is of no more use", got)
	}
}

// A transaction is READ COMMITTED, whole, and reports what became of it.
func testTransaction(t *testing.T, f Fixture) {
	l := open(t, f, `CREATE TABLE counted (a int)`)
	other := l.session(t)
	Script(t, l.s, f.SQL.Serializable)
	const count = `SELECT COUNT(*) FROM counted`
	tx := Begin(t, l.s, dialects.TxOptions{})
	if _, err := l.s.Begin(t.Context(), dialects.TxOptions{}); err == nil {
		t.Error("a second transaction was begun within the first")
	}
	first := Value(t, tx, count)
	Script(t, other, `INSERT INTO counted VALUES (1)`)
	if got := Value(t, tx, count); first != "0" || got != "1" {
		t.Errorf("%s rows, then %s: each statement reads afresh", first, got)
	}
	Script(t, tx, `INSERT INTO counted VALUES (2); INSERT INTO counted VALUES (3)`)
	if got := Value(t, other, count); got != "1" {
		t.Errorf("others see %s rows of an open transaction", got)
	}
	commit(t, tx)
	rollback(t, tx) // does nothing
	if err := tx.Commit(t.Context()); err == nil {
		t.Error("a transaction was committed twice")
	}
	if got := Value(t, other, count); got != "3" {
		t.Errorf("%s rows after the commit", got)
	}

	tx = Begin(t, l.s, dialects.TxOptions{})
	Script(t, tx, `INSERT INTO counted VALUES (4)`)
	if err := tx.Script(t.Context(), `SELECT * FROM nowhere`); err == nil {
		t.Error("no error")
	}
	if err := tx.Commit(t.Context()); err == nil {
		t.Error("a transaction with a failed statement was reported as committed")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := tx.Rollback(ctx); err != nil {
		t.Errorf("rolling back under a context that has ended: %v", err)
	}
	tx = Begin(t, l.s, dialects.TxOptions{})
	Script(t, tx, `COMMIT`)
	if err := tx.Commit(t.Context()); err == nil {
		t.Error("a transaction that a statement had ended was reported as committed")
	}
	rollback(t, tx)
	if got := Value(t, l.s, count); got != "3" {
		t.Errorf("%s rows after a rollback", got)
	}
}
