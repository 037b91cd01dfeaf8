package postgres

import (
	"testing"

	"github.com/segue-db/segue/dialects/dialecttest"
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

// The steps of a test on a live server are those of the conformance suite.
var (
	runScript = dialecttest.Script
	value     = dialecttest.Value
	begin     = dialecttest.Begin
	await     = dialecttest.Await
)
