package dialecttest

import (
	"context"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

// Script runs SQL that must not fail.
func Script(t testing.TB, q dialects.Queryer, sql string) {
	t.Helper()
	if err := q.Script(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// Value is a query's only value, as text.
func Value(t testing.TB, q dialects.Queryer, sql string, args ...any) string {
	t.Helper()
	var v *string
	if err := dialects.ReadRow(t.Context(), q, sql, args, &v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	if v == nil {
		return "NULL"
	}
	return *v
}

// Begin begins a transaction that ends with the test.
func Begin(t testing.TB, s dialects.Session, o dialects.TxOptions) dialects.Tx {
	t.Helper()
	tx, err := s.Begin(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Rollback(context.Background()) })
	return tx
}

// Await polls until a condition holds, for a while.
func Await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("waited 20s until %s", what)
		}
		<-time.After(5 * time.Millisecond)
	}
}
