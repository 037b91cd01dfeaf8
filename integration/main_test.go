// Package integration_test runs whole migrations on real servers.
package integration_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate"
)

func TestMain(m *testing.M) {
	if command := os.Getenv(childCommand); command != "" {
		os.Exit(runChild(command))
	}
	os.Exit(scratch.Main(m))
}

// long leaves a test out of the quick ones.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
}

// files is a migrations directory.
type files map[string]string

// runner is a Runner on a database, as a library user makes one.
func runner(t testing.TB, url string, f files, o migrate.Options) *migrate.Runner {
	t.Helper()
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	dir := fstest.MapFS{}
	for name, text := range f {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelInfo}))
	}
	r, err := migrate.New(dir, db, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// silent is for tests of many rounds.
var silent = slog.New(slog.DiscardHandler)

// testLog writes a runner's log to the test's.
type testLog struct{ t testing.TB }

func (l testLog) Write(line []byte) (int, error) {
	l.t.Logf("%s", bytes.TrimSpace(line))
	return len(line), nil
}

// connect is a client's own connection.
func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func run(t testing.TB, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func count(t testing.TB, conn *pgx.Conn, sql string, args ...any) int64 {
	t.Helper()
	var n int64
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}
