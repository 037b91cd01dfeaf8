package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

func TestSessionSettings(t *testing.T) {
	d := openTest(t)
	s := sessionTest(t, d)
	runScript(t, s, `ALTER DATABASE `+pgx.Identifier{d.config.Database}.Sanitize()+` SET statement_timeout = '1min'`)
	runScript(t, s, `ALTER DATABASE `+pgx.Identifier{d.config.Database}.Sanitize()+` SET search_path = app, public`)
	runScript(t, s, `ALTER DATABASE `+pgx.Identifier{d.config.Database}.Sanitize()+` SET datestyle = 'SQL, DMY'`)
	fresh := sessionTest(t, d)
	for setting, want := range map[string]string{
		"row_security": "off", "statement_timeout": "0", "idle_in_transaction_session_timeout": "0",
		"application_name": "segue", "search_path": "app, public", "datestyle": "ISO, DMY",
	} {
		if got := value(t, fresh, `SELECT current_setting($1)`, setting); got != want {
			t.Errorf("%s = %q, want %q", setting, got, want)
		}
	}
}

func TestSessionOfPoolKeepsHooks(t *testing.T) {
	config, err := pgxpool.ParseConfig(scratch.Postgres(t).Database(t))
	if err != nil {
		t.Fatal(err)
	}
	config.BeforeConnect = func(_ context.Context, c *pgx.ConnConfig) error {
		c.RuntimeParams["options"] = "-c search_path=hooked"
		return nil
	}
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, `SET work_mem = '7MB'`)
		return err
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	s := sessionTest(t, Pool(pool))
	if got := value(t, s, `SELECT current_setting('search_path') || ' ' || current_setting('work_mem')`); got != "hooked 7MB" {
		t.Errorf("search_path and work_mem are %q", got)
	}
	if n := pool.Stat().AcquiredConns(); n != 0 {
		t.Errorf("the session took %d connections of the pool", n)
	}
}

// The shape of a result changes between two runs of the same text, as it does in a migration.
func TestSessionNeverMeetsStalePlan(t *testing.T) {
	s := sessionTest(t, openTest(t))
	runScript(t, s, `CREATE TABLE t (a int); INSERT INTO t VALUES (1)`)
	for range 7 {
		value(t, s, `SELECT t.*::text FROM t WHERE a = $1`, 1)
	}
	runScript(t, s, `ALTER TABLE t ALTER a TYPE text USING 'x' || a`)
	if got := value(t, s, `SELECT * FROM t WHERE a = $1`, "x1"); got != "x1" {
		t.Errorf("got %q", got)
	}
}

func TestScript(t *testing.T) {
	s := sessionTest(t, openTest(t))
	runScript(t, s, "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); SELECT * FROM t")
	runScript(t, s, "/* comment */ CREATE INDEX CONCURRENTLY i ON t (a); -- alone, so in no transaction")
	if err := s.Script(t.Context(), "INSERT INTO t VALUES (3); SELECT 1/0"); err == nil {
		t.Error("the second statement's error was lost")
	}
	if got := value(t, s, "SELECT count(*)::text FROM t"); got != "2" {
		t.Errorf("%s rows: a script outside a transaction is one transaction", got)
	}
	runScript(t, s, "")
}

func TestScriptRefusesCopyFromStdin(t *testing.T) {
	s := sessionTest(t, openTest(t))
	runScript(t, s, "CREATE TABLE t (a int)")
	if err := s.Script(t.Context(), "COPY t FROM STDIN"); err == nil || !strings.Contains(err.Error(), "INSERT") {
		t.Errorf("got %v", err)
	}
}

func TestCancelKeepsSession(t *testing.T) {
	s := sessionTest(t, openTest(t))
	name := dialects.LockName{Kind: dialects.MigrationLock, Project: "p", Migration: "1"}
	if ok, err := s.TryLock(t.Context(), name); !ok || err != nil {
		t.Fatal(ok, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := s.Exec(ctx, `SELECT pg_sleep($1)`, 60)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	if err := s.Unlock(t.Context(), name); err != nil {
		t.Errorf("the session lost its lock: %v", err)
	}
}

func TestTransaction(t *testing.T) {
	d := openTest(t)
	s := sessionTest(t, d)
	runScript(t, s, `ALTER DATABASE `+pgx.Identifier{d.config.Database}.Sanitize()+` SET default_transaction_isolation = serializable`)
	runScript(t, s, `CREATE TABLE t (a int)`)
	s = sessionTest(t, d)
	tx := begin(t, s, dialects.TxOptions{LockTimeout: 1500 * time.Millisecond})
	if got := value(t, tx, `SELECT current_setting('transaction_isolation') || ' ' || current_setting('lock_timeout')`); got != "read committed 1500ms" {
		t.Errorf("isolation and lock timeout are %q", got)
	}
	runScript(t, tx, "INSERT INTO t VALUES (1)")
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := value(t, s, `SELECT current_setting('lock_timeout') || ' ' || count(*) FROM t`); got != "0 1" {
		t.Errorf("after the transaction: %q", got)
	}
}

func TestOpenFaults(t *testing.T) {
	for url, want := range map[string]string{
		"mysql://u:sesame@h/d":                       "not a Postgres URL",
		"postgres://u:ses/ame@h:5432/d":              "percent-encoded",
		"postgres://u:sesame@h:port/d":               "percent-encoded",
		"postgres://u:sesame@h/d?sslmode=sometimes":  "sslmode is invalid",
		"postgres://u:ses%zzame@h/d":                 "percent-encoded",
		"host=h password=sesame sslmode=sometimes":   "sslmode is invalid",
		"postgres://u:sesame@h/d?pool_max_conns=few": "pool_max_conns",
	} {
		_, err := Open(t.Context(), url)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", url, err, want)
		} else if s := err.Error(); strings.Contains(s, "ses") {
			t.Errorf("%s: the error has a piece of the password: %v", url, err)
		}
	}
}

func TestConnectFaults(t *testing.T) {
	d := openTest(t)
	server := fmt.Sprintf("postgres://postgres@%s/", d.address())
	for url, want := range map[string]string{
		"postgres://postgres:sesame@127.0.0.1:1/d?sslmode=disable": "connecting to 127.0.0.1:1 (database d, user postgres): ",
		server + "nowhere?sslmode=disable":                         `database "nowhere" does not exist; create it`,
		server + d.config.Database + "?sslmode=require":            "sslmode in the URL",
	} {
		broken, err := Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		_, err = broken.Session(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q in it, on one line", url, err, want)
		}
		if f := d.Fault(err); f != dialects.FaultConnection {
			t.Errorf("%s: fault %q", url, f)
		}
	}
}
