package postgres

import (
	"context"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

// openTest opens a fresh database.
func openTest(t testing.TB, opts ...scratch.Option) *Database {
	t.Helper()
	d, err := Open(t.Context(), scratch.Postgres(t, opts...).Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// sessionTest opens a session that ends with the test.
func sessionTest(t testing.TB, d *Database) *session {
	t.Helper()
	s, err := d.Session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s.(*session)
}

func runScript(t testing.TB, q dialects.Queryer, sql string) {
	t.Helper()
	if err := q.Script(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// value is a query's only value, as text.
func value(t testing.TB, q dialects.Queryer, sql string, args ...any) string {
	t.Helper()
	var v *string
	if err := one(t.Context(), q, sql, args, &v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	if v == nil {
		return "NULL"
	}
	return *v
}

func begin(t testing.TB, s *session, o dialects.TxOptions) dialects.Tx {
	t.Helper()
	tx, err := s.Begin(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Rollback(context.Background()) })
	return tx
}

// await polls until a condition holds.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("waited 20s until %s", what)
		}
		<-time.After(10 * time.Millisecond)
	}
}
