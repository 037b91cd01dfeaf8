// Package integration_test runs whole migrations on real servers.
package integration_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/internal/cli"
	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate"
)

func TestMain(m *testing.M) {
	if command := os.Getenv(childCommand); command != "" {
		os.Exit(runChild(command))
	}
	if filepath.Base(os.Args[0]) == "segue" {
		os.Exit(cli.Run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
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

// fs is the directory as the library takes it.
func (f files) fs() fstest.MapFS {
	dir := fstest.MapFS{}
	for name, text := range f {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return dir
}

// open is the database at the other end of a URL.
func open(ctx context.Context, url string) (dialects.Database, error) {
	if strings.HasPrefix(url, "mysql:") {
		return mysql.Open(ctx, url)
	}
	return postgres.Open(ctx, url)
}

// runner is a Runner on a database, as a library user makes one.
func runner(t testing.TB, url string, f files, o migrate.Options) *migrate.Runner {
	t.Helper()
	db, err := open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	if o.Logger == nil {
		o.Logger = slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelInfo}))
	}
	r, err := migrate.New(f.fs(), db, o)
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
