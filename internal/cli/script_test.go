package cli

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/segue-db/segue/internal/scratch"
)

func TestMain(m *testing.M) {
	testscript.Main(stopping{m}, map[string]func(){
		"segue":  segueMain,
		"sql":    sqlMain,
		"schema": schemaMain,
		"await":  awaitMain,
	})
}

// stopping runs the tests and stops their servers.
type stopping struct{ m *testing.M }

func (s stopping) Run() int { return scratch.Main(s.m) }

func segueMain() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// TestScripts runs testdata/script. Beside testscript's own there are
//
//	pg                     a fresh database: its URL is $DATABASE_URL from there on
//	role                   a role that may only connect: its URL is $ROLE_URL
//	proxy MODE             PgBouncer in that mode before the database: its URL is $PROXY_URL
//	exits CODE COMMAND...  runs a command that must end with that exit code
//	exec sql SQL           runs SQL on $DATABASE_URL and prints its rows
//	exec await SQL VALUE   waits until the SQL's one row is that value
//	exec schema            prints all that is in the database but rows of the app's
func TestScripts(t *testing.T) { runScripts(t, "testdata/script", nil) }

// TestMySQLScripts runs testdata/mysql, as TestScripts does, on MySQL and on MariaDB: db is a fresh
// database there, role a user that
// may only read, $ROLE, $SERVER the server's kind, and $HOST its address.
func TestMySQLScripts(t *testing.T) {
	for name, server := range map[string]func(testing.TB, ...scratch.Option) *scratch.Server{
		"mysql": scratch.MySQL, "mariadb": scratch.MariaDB,
	} {
		t.Run(name, func(t *testing.T) {
			server(t) // skips where there is none
			runScripts(t, "testdata/mysql", map[string]func(*testscript.TestScript, bool, []string){
				"db": func(ts *testscript.TestScript, _ bool, _ []string) {
					ts.Setenv("SERVER", name)
					database := server(tb(ts)).Database(tb(ts))
					ts.Setenv("DATABASE_URL", database)
					u, err := url.Parse(database)
					ts.Check(err)
					ts.Setenv("HOST", u.Host)
				},
				"role": mysqlRoleVerb,
			})
		})
	}
}

func runScripts(t *testing.T, dir string, further map[string]func(*testscript.TestScript, bool, []string)) {
	verbs := map[string]func(*testscript.TestScript, bool, []string){
		"pg":    pgVerb,
		"role":  roleVerb,
		"proxy": proxyVerb,
		"exits": exitsVerb,
	}
	maps.Copy(verbs, further)
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Values[testing.TB(nil)] = e.T().(testing.TB)
			e.Setenv("SEGUE_ACTOR", "ada")
			for name, value := range gitEnv {
				e.Setenv(name, value)
			}
			return nil
		},
		Cmds: verbs,
	})
}

// gitEnv has git commit as nobody in particular, and go by nobody's configuration.
var gitEnv = map[string]string{
	"GIT_AUTHOR_NAME": "ada", "GIT_AUTHOR_EMAIL": "ada@example.org", "GIT_COMMITTER_NAME": "ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
	"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.DevNull,
}

func tb(ts *testscript.TestScript) testing.TB { return ts.Value(testing.TB(nil)).(testing.TB) }

func pgVerb(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) > 0 {
		ts.Fatalf("usage: pg")
	}
	ts.Setenv("DATABASE_URL", scratch.Postgres(tb(ts)).Database(tb(ts)))
}

func roleVerb(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) > 0 {
		ts.Fatalf("usage: role")
	}
	database := ts.Getenv("DATABASE_URL")
	u, err := url.Parse(database)
	ts.Check(err)
	conn, err := pgx.Connect(tb(ts).Context(), database)
	ts.Check(err)
	defer conn.Close(context.Background())
	role := strings.TrimPrefix(u.Path, "/") + "_plain"
	_, err = conn.Exec(tb(ts).Context(), "CREATE ROLE "+role+" LOGIN PASSWORD 's3cret'")
	ts.Check(err)
	tb(ts).Cleanup(func() { // before the database is dropped
		conn, err := pgx.Connect(context.Background(), database)
		if err == nil {
			_, err = conn.Exec(context.Background(), "DROP OWNED BY "+role+"; DROP ROLE "+role)
			conn.Close(context.Background())
		}
		if err != nil {
			tb(ts).Errorf("dropping role %s: %v", role, err)
		}
	})
	u.User = url.UserPassword(role, "s3cret")
	ts.Setenv("ROLE_URL", u.String())
}

func exitsVerb(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			ts.Fatalf("running %v: %v", args[1:], err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		ts.Fatalf("%v ended with exit code %d, not %d", args[1:], got, want)
	}
}
