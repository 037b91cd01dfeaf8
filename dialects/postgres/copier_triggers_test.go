package postgres

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// stamps is an app's own trigger, such as one that keeps updated_at.
const stamps = `ALTER TABLE users ADD COLUMN stamped int NOT NULL DEFAULT 0;
	CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.stamped := NEW.stamped + 1; RETURN NEW; END $$;
	CREATE TRIGGER stamp BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION stamp()`

// alarmed makes the sync trigger fail when it fires.
const alarmed = `CREATE OR REPLACE FUNCTION segue_sync() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN RAISE EXCEPTION 'the sync trigger fired'; END $$`

func TestTriggersOfTheAppDoNotFire(t *testing.T) {
	s := sessionTest(t, openTest(t))
	usersTable(t, s, 10)
	syncTrigger(t, s, users)
	runScript(t, s, stamps)
	runScript(t, s, alarmed)
	copyAll(t, s, users, 1, 3)
	wantIdentical(t, s, users)
	if n := value(t, s, `SELECT sum(stamped) FROM users`); n != "0" {
		t.Errorf("the app's trigger fired %s times", n)
	}
}

// A role that may not take the replica role copies all the same: the app's triggers fire, and the
// sync trigger steps aside by its guard.
func TestCopyOfARoleWithoutPrivilege(t *testing.T) {
	d := openTest(t)
	s := sessionTest(t, d)
	usersTable(t, s, 10)
	syncTrigger(t, s, users)
	runScript(t, s, stamps)
	runScript(t, s, alarmed)
	plain := plainRole(t, d, users)
	copyAll(t, plain, users, 1, 3)
	wantIdentical(t, s, users)
	if n := value(t, s, `SELECT sum(stamped) FROM users`); n != "10" {
		t.Errorf("the app's trigger fired %s times, want once for each row", n)
	}
}

// A trigger that swallows the write would otherwise look like a row that somebody has locked, for ever.
func TestRepairKnowsARowThatATriggerKeeps(t *testing.T) {
	d := openTest(t)
	s := sessionTest(t, d)
	usersTable(t, s, 3)
	runScript(t, s, `CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
		CREATE TRIGGER swallow BEFORE UPDATE ON users FOR EACH ROW WHEN (OLD.id = 2) EXECUTE FUNCTION swallow()`)
	plain := plainRole(t, d, users)
	rows, err := Dialect{}.Differing(t.Context(), plain, users, 10)
	if err != nil || len(rows) != 3 {
		t.Fatalf("rows that differ: %v, %v", rows, err)
	}
	for _, row := range rows {
		tx := begin(t, plain, dialects.TxOptions{})
		written, err := Dialect{}.Repair(t.Context(), tx, users, row, dialects.Old)
		if row.Key == "id=2" {
			if err == nil || !strings.Contains(err.Error(), "a trigger of the table keeps the row") {
				t.Errorf("%s: %v, %v", row.Key, written, err)
			}
		} else if err != nil || !written {
			t.Errorf("%s: %v, %v", row.Key, written, err)
		}
		tx.Rollback(t.Context())
	}
}

// A17: the guard is of one session and one transaction. The same setting in another session, or
// left over from one that had the connection before, lets nothing through.
func TestGuardIsTheBatchesOwn(t *testing.T) {
	d := openTest(t)
	app, s := sessionTest(t, d), sessionTest(t, d)
	usersTable(t, s, 10)
	syncTrigger(t, s, users)
	copyAll(t, s, users, 1, 100)
	runScript(t, s, alarmed)
	for what, guard := range map[string]string{
		"on": "on", "another session's": value(t, s, `SELECT pg_backend_pid()`), "none": "",
	} {
		if _, err := app.Exec(t.Context(), `SELECT set_config('segue.backfill', $1, false)`, guard); err != nil {
			t.Fatal(err)
		}
		_, err := app.Exec(t.Context(), `UPDATE users SET user_email = 'x' WHERE id = 1`)
		if err == nil || !strings.Contains(err.Error(), "the sync trigger fired") {
			t.Errorf("guard %s: the app's write went past the trigger: %v", what, err)
		}
	}
	_, err := s.Exec(t.Context(), `UPDATE users SET user_email = 'x' WHERE id = 1`)
	if err == nil {
		t.Error("the guard outlived the copy's transaction")
	}
}

// Nobody checks foreign keys under the replica role. A new form that has one already is written as
// the origin.
func TestForeignKeysAreChecked(t *testing.T) {
	d := openTest(t)
	s := sessionTest(t, d)
	usersTable(t, s, 3)
	runScript(t, s, `CREATE TABLE addresses (address text PRIMARY KEY); INSERT INTO addresses SELECT user_email FROM users WHERE id < 3;
		ALTER TABLE users ADD FOREIGN KEY (email) REFERENCES addresses`)
	ranges, err := Dialect{}.Ranges(t.Context(), s, users, 1)
	if err != nil {
		t.Fatal(err)
	}
	tx := begin(t, s, dialects.TxOptions{})
	if _, err := (Dialect{}).CopyBatch(t.Context(), tx, users, ranges[0], "", 10); d.Fault(err) != dialects.FaultConstraint {
		t.Errorf("copying a value that the foreign key forbids: %v", err)
	}
}

// A1: a policy that would hide rows from the copy is an error, not a copy that finds nothing to do.
func TestRowSecurityIsAnError(t *testing.T) {
	d := openTest(t)
	s := sessionTest(t, d)
	usersTable(t, s, 3)
	ranges, err := Dialect{}.Ranges(t.Context(), s, users, 1)
	if err != nil {
		t.Fatal(err)
	}
	plain := plainRole(t, d, users)
	runScript(t, s, `ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY;
		CREATE POLICY mine ON users USING (id < 0)`)
	tx := begin(t, plain, dialects.TxOptions{})
	if _, err := (Dialect{}).CopyBatch(t.Context(), tx, users, ranges[0], "", 10); d.Fault(err) != dialects.FaultRowSecurity {
		t.Errorf("copying: %v", err)
	}
	tx.Rollback(t.Context())
	if _, err := (Dialect{}).Differing(t.Context(), plain, users, 10); d.Fault(err) != dialects.FaultRowSecurity {
		t.Errorf("looking for rows that differ: %v", err)
	}
}
