package mysql

import (
	"os"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/dialecttest"
	"github.com/segue-db/segue/internal/scratch"
)

func TestMain(m *testing.M) { os.Exit(scratch.Main(m)) }

// shared and own start a server of each kind.
var (
	shared = map[dialects.Kind]func(testing.TB, ...scratch.Option) *scratch.Server{
		dialects.MySQL: scratch.MySQL, dialects.MariaDB: scratch.MariaDB,
	}
	own = map[dialects.Kind]func(testing.TB, ...scratch.Option) *scratch.Server{
		dialects.MySQL: scratch.OwnMySQL, dialects.MariaDB: scratch.OwnMariaDB,
	}
)

// onBoth runs a test on MySQL and on MariaDB, each with a fresh database.
func onBoth(t *testing.T, test func(t *testing.T, d *Database), opts ...scratch.Option) {
	t.Helper()
	for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
		t.Run(string(kind), func(t *testing.T) { test(t, openAt(t, shared[kind](t, opts...).Database(t))) })
	}
}

func openAt(t testing.TB, url string) *Database {
	t.Helper()
	d, err := Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// as is the database as another user sees it.
func as(t testing.TB, d *Database, user, password string) *Database {
	t.Helper()
	config := d.config.Clone()
	config.User, config.Passwd = user, password
	return &Database{config: config}
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
