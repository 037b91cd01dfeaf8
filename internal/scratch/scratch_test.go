package scratch_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

// childVariable makes the test program start a server, print its URL and wait to be killed.
const childVariable = "SEGUE_SCRATCH_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		startAndWait()
	}
	os.Exit(scratch.Main(m))
}

func startAndWait() {
	s, err := scratch.Start(context.Background(), scratch.Options{Private: true})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.URL())
	select {}
}

func TestDatabasesAreApartAndDropped(t *testing.T) {
	s := scratch.Postgres(t)
	admin := connect(t, s.URL())
	var names []string
	t.Run("in use", func(t *testing.T) {
		for range 2 {
			conn := connect(t, s.Database(t))
			names = append(names, query[string](t, conn, `SELECT current_database()`))
			exec1(t, conn, `CREATE TABLE users (id int)`)
		}
	})
	if names[0] == names[1] {
		t.Errorf("both databases are %s", names[0])
	}
	if n := query[int](t, admin, `SELECT count(*) FROM pg_database WHERE datname = ANY($1)`, names); n != 0 {
		t.Errorf("%d of the databases are still there", n)
	}
}

func TestTestsShareOneServer(t *testing.T) {
	if a, b := scratch.Postgres(t), scratch.Postgres(t); a != b {
		t.Errorf("two servers: %s and %s", a.URL(), b.URL())
	}
}

func TestOptionsReachTheServer(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	s := scratch.OwnPostgres(t, scratch.WithDurability(scratch.Durable), scratch.Setting("log_statement", "all"))
	conn := connect(t, s.URL())
	for setting, want := range map[string]string{
		"fsync": "on", "log_statement": "all", "wal_level": "logical",
		"max_prepared_transactions": "10", "server_encoding": "UTF8",
	} {
		if got := query[string](t, conn, `SELECT current_setting($1)`, setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
}

func TestRestartKeepsAddressAndData(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	s := scratch.OwnPostgres(t)
	url := s.Database(t)
	exec1(t, connect(t, url), `CREATE TABLE kept AS SELECT 1 AS n`)
	for _, mode := range []scratch.Mode{scratch.Immediate, scratch.Fast} {
		before := connect(t, url)
		if err := s.Restart(t.Context(), mode); err != nil {
			t.Fatalf("%s: %v", mode, err)
		}
		if err := before.Ping(t.Context()); err == nil {
			t.Errorf("%s: a session outlived the restart", mode)
		}
		if n := query[int](t, connect(t, url), `SELECT n FROM kept`); n != 1 {
			t.Errorf("%s: read %d, want 1", mode, n)
		}
	}
}

func TestBinIsOfTheServersRelease(t *testing.T) {
	s := scratch.OwnPostgres(t)
	path, ok := s.Bin("initdb")
	if !ok {
		t.Fatal("no initdb beside the server that it made")
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil || !strings.Contains(string(out), fmt.Sprintf(") %d", s.Major())) {
		t.Errorf("%s says %q (%v), want release %d", path, out, err, s.Major())
	}
	if path, ok := s.Bin("no-such-program"); ok {
		t.Errorf("found %s", path)
	}
}

func TestNoServerOfTheReleaseSaysWhatToDo(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
	_, err := scratch.Start(t.Context(), scratch.Options{Server: dialects.Version{Kind: dialects.Postgres, Major: 99}})
	if !errors.Is(err, scratch.ErrNoServer) || !strings.Contains(err.Error(), "make setup-versions") {
		t.Errorf("got %v", err)
	}
}

func TestServerNamedByTheEnvironmentIsUsedAndCleaned(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	own := scratch.OwnPostgres(t)
	t.Setenv("SEGUE_TEST_POSTGRES_URL", own.URL())
	s, err := scratch.Start(t.Context(), scratch.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.URL() != own.URL() {
		t.Errorf("got %s, want %s", s.URL(), own.URL())
	}
	if err := s.Restart(t.Context(), scratch.Fast); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("restarting somebody else's server: got %v", err)
	}
	url, err := s.NewDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	connect(t, url)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if n := query[int](t, connect(t, own.URL()), `SELECT count(*) FROM pg_database WHERE datname LIKE 'scratch%'`); n != 0 {
		t.Errorf("%d databases are left", n)
	}
}

func TestKilledProcessLeavesNoServer(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	scratch.OwnPostgres(t) // skips where there are no programs
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVariable+"=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	url := lines.Text()
	_, connectErr := pgx.Connect(t.Context(), url)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait()
	if connectErr != nil {
		t.Fatalf("the child printed %q: %v", url, connectErr)
	}
	for deadline := time.Now().Add(30 * time.Second); ; {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil && strings.Contains(err.Error(), "connection refused") {
			return
		}
		if err == nil {
			conn.Close(t.Context())
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server still answers: %v", err)
		}
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func exec1(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func query[T any](t *testing.T, conn *pgx.Conn, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}
