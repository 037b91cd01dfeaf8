package postgres

import (
	"errors"
	"fmt"
	"testing"

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
