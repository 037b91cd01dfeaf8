package mysql

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// limitedUser is a user with all privileges on the database and none beside.
func limitedUser(t *testing.T, s *session) *Database {
	t.Helper()
	d := s.conn.database
	user := "u" + s.conn.schema[len(s.conn.schema)-8:]
	runScript(t, s, `CREATE USER `+user+`@'%' IDENTIFIED BY 'sesame'; GRANT ALL ON `+quote(s.conn.schema)+`.* TO `+user+`@'%'`)
	t.Cleanup(func() {
		if err := sessionOf(t, d).Script(context.Background(), `DROP USER `+user+`@'%'`); err != nil {
			t.Error(err)
		}
	})
	return as(t, d, user, "sesame")
}

// sessionOf is for cleaning up, when the test's context has ended.
func sessionOf(t *testing.T, d *Database) dialects.Session {
	t.Helper()
	s, err := d.Session(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func TestFaults(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s, other := sessionTest(t, d), sessionTest(t, d)
		runScript(t, s, `CREATE TABLE t (a int PRIMARY KEY, b varchar(3) NOT NULL, CHECK (a > 0)); INSERT INTO t VALUES (1, 'x');
CREATE TABLE child (a int, FOREIGN KEY (a) REFERENCES t (a)); CREATE TABLE locked (a int)`)
		runScript(t, other, `LOCK TABLES locked WRITE`)
		runScript(t, s, `SET lock_wait_timeout = 1`)

		for sql, want := range map[string]dialects.Fault{
			`SELECT 1`:             dialects.FaultNone,
			`SELECT * FROM locked`: dialects.FaultLockTimeout,
			`ALTER TABLE locked ADD b int, ALGORITHM=INSTANT`: dialects.FaultLockTimeout,
			`SELECT * FROM nowhere`:                           dialects.FaultMissing,
			`SELECT * FROM nowhere.t`:                         dialects.FaultMissing,
			`SELECT c FROM t`:                                 dialects.FaultMissing,
			`ALTER TABLE t DROP c`:                            dialects.FaultMissing,
			`DROP TRIGGER nowhere`:                            dialects.FaultMissing,
			`INSERT INTO t VALUES (1, 'y')`:                   dialects.FaultConstraint,
			`INSERT INTO t VALUES (2, NULL)`:                  dialects.FaultConstraint,
			`INSERT INTO t (a) VALUES (2)`:                    dialects.FaultConstraint,
			`INSERT INTO t VALUES (-1, 'y')`:                  dialects.FaultConstraint,
			`INSERT INTO t VALUES (2, 'long')`:                dialects.FaultConstraint,
			`INSERT INTO child VALUES (2)`:                    dialects.FaultConstraint,
			`SIGNAL SQLSTATE '45000'`:                         dialects.FaultOther,
			`SELEC 1`:                                         dialects.FaultOther,
		} {
			err := s.Script(t.Context(), sql)
			if got := d.Fault(fmt.Errorf("running: %w", err)); err != nil && got != want || err == nil && want != dialects.FaultNone {
				t.Errorf("%s: fault %q (%v), want %q", sql, got, err, want)
			}
		}
		runScript(t, s, `SET SESSION TRANSACTION READ ONLY`)
		if err := s.Script(t.Context(), `INSERT INTO t VALUES (5, 'x')`); d.Fault(err) != dialects.FaultReadOnly {
			t.Errorf("fault %q of %v", d.Fault(err), err)
		}
		if got := d.Fault(errors.New("not of this database")); got != dialects.FaultOther {
			t.Errorf("fault %q", got)
		}

		limited := sessionTest(t, limitedUser(t, sessionTest(t, d)))
		for _, sql := range []string{
			`SELECT * FROM mysql.user`, `SET GLOBAL max_connections = 100`, `CREATE DATABASE nowhere`, `SELECT * FROM information_schema.innodb_trx`,
			"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 'x'", // 1419 under the binary log
		} {
			if err := limited.Script(t.Context(), sql); d.Fault(err) != dialects.FaultPrivilege {
				t.Errorf("%s: fault %q of %v", sql, d.Fault(err), err)
			}
		}
	})
}

// A snapshot from before an ALTER cannot be read through it on MySQL (dual-write.md, B6).
func TestFaultOfOldSnapshot(t *testing.T) {
	d := openAt(t, shared[dialects.MySQL](t).Database(t))
	a, b := sessionTest(t, d), sessionTest(t, d)
	runScript(t, a, `CREATE TABLE t (a int); INSERT INTO t VALUES (1); SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT`)
	runScript(t, b, `ALTER TABLE t ADD b int, ALGORITHM=INSTANT`)
	_, err := a.Exec(t.Context(), `SELECT * FROM t`)
	if f := d.Fault(err); !f.Passing() {
		t.Errorf("fault %q of %v", f, err)
	}
}
