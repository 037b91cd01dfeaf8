package postgres

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

func TestFaults(t *testing.T) {
	d := openTest(t)
	s, other := sessionTest(t, d), sessionTest(t, d)
	role := "segue_fault_" + value(t, s, "SELECT oid::text FROM pg_database WHERE datname = current_database()")
	runScript(t, s, `CREATE TABLE t (a int PRIMARY KEY CHECK (a > 0)); INSERT INTO t VALUES (1);
CREATE TABLE hidden (a int); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
CREATE ROLE `+role+`; GRANT SELECT, INSERT ON hidden TO `+role)
	defer runScript(t, s, `DROP OWNED BY `+role+`; DROP ROLE `+role)
	tx := begin(t, other, dialects.TxOptions{})
	runScript(t, tx, `LOCK TABLE t`)

	for sql, want := range map[string]dialects.Fault{
		`SELECT 1`: dialects.FaultNone,
		`BEGIN; SET LOCAL lock_timeout = 10; SELECT * FROM t`:  dialects.FaultLockTimeout,
		`BEGIN; LOCK TABLE t NOWAIT`:                           dialects.FaultLockTimeout,
		`SELECT * FROM nowhere`:                                dialects.FaultMissing,
		`SELECT * FROM nowhere.t`:                              dialects.FaultMissing,
		`SELECT b FROM hidden`:                                 dialects.FaultMissing,
		`BEGIN READ ONLY; INSERT INTO hidden VALUES (1)`:       dialects.FaultReadOnly,
		`SET LOCAL ROLE ` + role + `; SELECT * FROM pg_authid`: dialects.FaultPrivilege,
		`SET LOCAL ROLE ` + role + `; SELECT * FROM hidden`:    dialects.FaultRowSecurity,
		`SET LOCAL ROLE ` + role + `; SET LOCAL row_security = on; INSERT INTO hidden VALUES (1)`: dialects.FaultRowSecurity,
		`DO $$ BEGIN RAISE unique_violation; END $$`:                                              dialects.FaultConstraint,
		`DO $$ BEGIN RAISE deadlock_detected; END $$`:                                             dialects.FaultDeadlock,
		`DO $$ BEGIN RAISE serialization_failure; END $$`:                                         dialects.FaultSerialization,
		`SELECT 1/0`: dialects.FaultOther,
	} {
		err := s.Script(t.Context(), sql)
		if got := d.Fault(fmt.Errorf("running: %w", err)); err != nil && got != want || err == nil && want != dialects.FaultNone {
			t.Errorf("%s: fault %q (%v), want %q", sql, got, err, want)
		}
		runScript(t, s, `ROLLBACK`)
	}
	if got := d.Fault(errors.New("not of this database")); got != dialects.FaultOther {
		t.Errorf("fault %q", got)
	}
}

func TestFaultOfLostConnection(t *testing.T) {
	d := openTest(t)
	s, killer := sessionTest(t, d), sessionTest(t, d)
	tx := begin(t, s, dialects.TxOptions{})
	failed := make(chan error, 1)
	pid := value(t, s, "SELECT pg_backend_pid()::text")
	go func() { failed <- tx.Script(t.Context(), "SELECT pg_sleep(60)") }()
	await(t, "it sleeps", func() bool {
		return value(t, killer, "SELECT count(*)::text FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = $1", pid) == "1"
	})
	if err := d.TerminateBlocker(t.Context(), killer, pid); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; d.Fault(err) != dialects.FaultConnection {
		t.Errorf("fault %q of %v", d.Fault(err), err)
	}
	_, err := s.Exec(t.Context(), "SELECT 1")
	if d.Fault(err) != dialects.FaultConnection {
		t.Errorf("afterwards: fault %q of %v", d.Fault(err), err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Errorf("rolling back what is gone: %v", err)
	}
	// A context that ends while the server does not answer at all.
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	if _, err := d.Session(ctx); d.Fault(err) != dialects.FaultConnection {
		t.Errorf("fault %q of %v", d.Fault(err), err)
	}
}
