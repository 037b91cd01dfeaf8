package mysql

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

func TestSessionSettings(t *testing.T) {
	for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
		t.Run(string(kind), func(t *testing.T) {
			d := openAt(t, own[kind](t, scratch.Setting("sql_mode", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT"),
				scratch.Setting("default_time_zone", "+05:00"), scratch.Setting("autocommit", "OFF"),
				scratch.Setting("transaction_isolation", "SERIALIZABLE")).Database(t))
			s := sessionTest(t, d)
			isolation := "@@transaction_isolation"
			if kind == dialects.MariaDB {
				isolation = "@@tx_isolation"
			}
			for setting, want := range map[string]string{
				"@@sql_mode": "PIPES_AS_CONCAT,STRICT_TRANS_TABLES", "@@time_zone": "+00:00", "@@autocommit": "1",
				isolation: "READ-COMMITTED", "@@lock_wait_timeout": "10", "@@character_set_connection": "utf8mb4",
			} {
				if got := value(t, s, `SELECT `+setting); got != want {
					t.Errorf("%s is %q, want %q", setting, got, want)
				}
			}
			// Backslashes escape, double quotes make strings, and times go and come as UTC.
			if got := value(t, s, `SELECT CONCAT("a\"b", 'c\'d', $1)`, `e\'f`); got != `a"bc'de\'f` {
				t.Errorf("read %s", got)
			}
			at := time.Date(2026, 3, 29, 1, 30, 0, 123456000, time.UTC)
			var back time.Time
			runScript(t, s, `CREATE TABLE at (d datetime(6), ts timestamp(6))`)
			if _, err := s.Exec(t.Context(), `INSERT INTO at VALUES ($1, $1)`, at.In(time.FixedZone("", 7200))); err != nil {
				t.Fatal(err)
			}
			for _, column := range []string{"d", "ts"} {
				if err := dialects.ReadRow(t.Context(), s, `SELECT `+column+` FROM at`, nil, &back); err != nil || !back.Equal(at) {
					t.Errorf("%s: %v came back as %v (%v)", column, at, back, err)
				}
			}
			if err := s.Timeout(t.Context(), 1500*time.Millisecond); err != nil {
				t.Fatal(err)
			}
			if got := value(t, s, `SELECT CONCAT(@@lock_wait_timeout, ' ', @@innodb_lock_wait_timeout)`); got != "2 2" {
				t.Errorf("timeouts %s", got)
			}
			if err := s.Timeout(t.Context(), 100*time.Millisecond); err != nil {
				t.Fatal(err)
			}
			want := map[dialects.Kind]string{dialects.MySQL: "1 1", dialects.MariaDB: "0 1"}[d.Dialect().Kind()]
			if got := value(t, s, `SELECT CONCAT(@@lock_wait_timeout, ' ', @@innodb_lock_wait_timeout)`); got != want {
				t.Errorf("a timeout of 100 ms is %s, want %s", got, want)
			}
			if err := s.Timeout(t.Context(), 0); err != nil {
				t.Fatal(err)
			}
			if got := value(t, s, `SELECT CONCAT(@@lock_wait_timeout, ' ', @@innodb_lock_wait_timeout)`); got != "10 50" {
				t.Errorf("timeouts %s", got)
			}
		})
	}
}

func TestSessionOfPool(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		config := d.config.Clone()
		config.ParseTime, config.ClientFoundRows = true, true
		pool := openPool(t, config)
		pool.SetMaxOpenConns(3)
		pool.SetConnMaxLifetime(time.Millisecond)
		p := Pool(pool)
		s := sessionTest(t, p)
		name := dialects.LockName{Kind: dialects.LedgerLock}
		if ok, err := s.TryLock(t.Context(), name); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if got, want := p.Dialect(), sessionTest(t, d); got.Kind() != want.conn.database.Dialect().Kind() {
			t.Errorf("the dialect is %s", got.Kind())
		}
		id := value(t, s, `SELECT CONNECTION_ID()`)
		if again := value(t, s, `SELECT CONNECTION_ID()`); again != id {
			t.Errorf("the session moved from %s to %s", id, again)
		}
		s.Close()
		var lock string
		for range 3 {
			if err := pool.QueryRow(`SELECT CONCAT(CONNECTION_ID() = ?, @@lock_wait_timeout = 10)`, id).Scan(&lock); err != nil || lock != "00" {
				t.Errorf("the app got the session's connection or settings: %q %v", lock, err)
			}
		}
		other := sessionTest(t, p)
		await(t, "the lock is free", func() bool {
			ok, err := other.TryLock(t.Context(), name)
			return ok && err == nil
		})
	})
}

func TestPoolOfOtherSettingsIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		for _, change := range []func(*driver.Config){
			func(c *driver.Config) { c.ParseTime = false },
			func(c *driver.Config) { c.ClientFoundRows = false },
			func(c *driver.Config) { c.Loc = time.FixedZone("", 3600) },
		} {
			config := d.config.Clone()
			config.ParseTime, config.ClientFoundRows = true, true
			change(config)
			_, err := Pool(openPool(t, config)).Session(t.Context())
			if err == nil || !strings.Contains(err.Error(), "in the pool's configuration") {
				t.Errorf("got %v", err)
			}
		}
	})
}

func openPool(t *testing.T, config *driver.Config) *sql.DB {
	t.Helper()
	connector, err := driver.NewConnector(config)
	if err != nil {
		t.Fatal(err)
	}
	pool := sql.OpenDB(connector)
	t.Cleanup(func() { pool.Close() })
	return pool
}

func TestScript(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s, watch := sessionTest(t, d), sessionTest(t, d)
		runScript(t, s, "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2); SELECT * FROM t; SELECT 1")
		runScript(t, s, "/* comment */ CREATE INDEX i ON t (a); -- the end")
		if err := s.Script(t.Context(), "INSERT INTO t VALUES (3); SELECT * FROM nowhere; INSERT INTO t VALUES (4)"); err == nil {
			t.Error("the second statement's error was lost")
		}
		if got := value(t, s, "SELECT COUNT(*) FROM t"); got != "3" {
			t.Errorf("%s rows: statements run one by one until one fails", got)
		}
		runScript(t, s, "")
		runScript(t, s, `DELIMITER $$
/* segue:0001/1 */
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN
  IF NEW.a = 1 THEN SET NEW.a = ';'; END IF;
  SET NEW.a = NEW.a + 1;
END$$
DELIMITER ;
INSERT INTO t VALUES (10)`)
		if got := value(t, s, "SELECT MAX(a) FROM t"); got != "11" {
			t.Errorf("the trigger made %s", got)
		}
		done := make(chan error, 1)
		go func() { done <- s.Script(context.Background(), "/* segue:0001/expand/1 */ SELECT SLEEP(1)") }()
		await(t, "the tag is seen", func() bool {
			return value(t, watch, `SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE '/* segue:0001/expand/1 */ SELECT SLEEP%'`) == "1"
		})
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestPositional(t *testing.T) {
	for _, c := range []struct {
		sql, want string
		args      []any
		given     int
	}{
		{"SELECT $1", "SELECT $1", nil, 0},
		{"SELECT $2, $1, $2", "SELECT ?, ?, ?", []any{1, 2}, 3},
		{"SELECT '$1', \"$1\", `$1`, a$1, @$1 /* $1 */ -- $1\n, $1 # $1", "SELECT '$1', \"$1\", `$1`, a$1, @$1 /* $1 */ -- $1\n, ? # $1", []any{1}, 1},
		{`SELECT 'it''s $1 \' $1', $1`, `SELECT 'it''s $1 \' $1', ?`, []any{1}, 1},
		{"SELECT x=$1", "SELECT x=?", []any{1}, 1},
	} {
		got, args, err := positional(c.sql, c.args)
		if got != c.want || len(args) != c.given || err != nil {
			t.Errorf("%s: %s with %v (%v)", c.sql, got, args, err)
		}
	}
	for sql, args := range map[string][]any{"SELECT $2": {1}, "SELECT $1": {1, 2}, "SELECT 1": {1}} {
		if _, _, err := positional(sql, args); err == nil {
			t.Errorf("%s with %d arguments passed", sql, len(args))
		}
	}
}

// A cancelled context ends the statement, whatever it waits for, and leaves the session with its
// locks and its transaction's rows.
func TestCancelKeepsSession(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s, other := sessionTest(t, d), sessionTest(t, d)
		name := dialects.LockName{Kind: dialects.MigrationLock, Project: "p", Migration: "1"}
		if ok, err := s.TryLock(t.Context(), name); !ok || err != nil {
			t.Fatal(ok, err)
		}
		runScript(t, s, `CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1)`)
		id := value(t, s, `SELECT CONNECTION_ID()`)
		runScript(t, begin(t, other, dialects.TxOptions{}), `UPDATE t SET a = 2`)
		for _, sql := range []string{`UPDATE t SET a = 3`, `ALTER TABLE t ADD b int`, `SELECT * FROM t FOR UPDATE`, `DO GET_LOCK('free', 1), SLEEP(1)`} {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			err := s.Script(ctx, sql)
			cancel()
			// An interrupted SLEEP is none to the servers.
			if !errors.Is(err, context.DeadlineExceeded) && !strings.Contains(sql, "SLEEP") {
				t.Errorf("%s: got %v", sql, err)
			}
			if got := value(t, s, `SELECT CONNECTION_ID()`); got != id {
				t.Fatalf("%s: the session is another one", sql)
			}
		}
		if err := s.Unlock(t.Context(), name); err != nil {
			t.Errorf("the session lost its lock: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Exec(ctx, `INSERT INTO t VALUES (9)`); !errors.Is(err, context.Canceled) {
			t.Errorf("under a context that has ended: %v", err)
		}
	})
}

func TestOpenFaults(t *testing.T) {
	for url, want := range map[string]string{
		"postgres://u:sesame@h/d":               "not a MySQL URL",
		"mysql://u:ses/ame@h:3306/d":            "percent-encoded",
		"mysql://u:sesame@h:port/d":             "percent-encoded",
		"mysql://u:sesame@h/d?ssl-mode=never":   "ssl-mode is",
		"mysql://u:sesame@h/d?tls=custom":       "tls is",
		"mysql://u:sesame@h/d?sslaccept=strict": "sslaccept is not known",
		"mysql://u:sesame@h":                    "names no database",
		"mysql://u:sesame@h/d?timeout=soon":     "no duration",
	} {
		_, err := Open(t.Context(), url)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", url, err, want)
		} else if strings.Contains(err.Error(), "ses") {
			t.Errorf("%s: the error has a piece of the password: %v", url, err)
		}
	}
}

func TestConnectFaults(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		server := "mysql://root@" + d.config.Addr + "/"
		for url, want := range map[string]string{
			"mysql://root:sesame@127.0.0.1:1/d":   "connecting to 127.0.0.1:1 (database d, user root): ",
			server + "nowhere":                    "create it",
			"mysql://x:y@" + d.config.Addr + "/d": "check the user",
		} {
			broken := openAt(t, url)
			_, err := broken.Session(t.Context())
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v, want %q in it, on one line", url, err, want)
			}
			if f := broken.Fault(err); f != dialects.FaultConnection {
				t.Errorf("%s: fault %q", url, f)
			}
		}
	})
}
