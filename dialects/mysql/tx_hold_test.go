package mysql

import (
	"context"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

// heldTables are a table that is written through two names, the ledger, and the triggers.
const heldTables = `CREATE TABLE users (id int PRIMARY KEY, user_email varchar(40) NOT NULL, email varchar(40));
	CREATE TRIGGER upd BEFORE UPDATE ON users FOR EACH ROW SET NEW.user_email = NEW.email;
	CREATE TRIGGER ins BEFORE INSERT ON users FOR EACH ROW SET NEW.user_email = NEW.email;
	CREATE TABLE segue_steps (id int PRIMARY KEY, state varchar(200));
	CREATE TABLE segue_events (id int PRIMARY KEY);
	CREATE TABLE other (id int)`

// contractHeld is what contract does last.
var contractHeld = []string{
	"DROP TRIGGER ins", "DROP TRIGGER upd", "ALTER TABLE users DROP COLUMN user_email, ALGORITHM=INSTANT",
}

var holdUsers = dialects.TxOptions{LockTimeout: time.Second, Hold: []dialects.Name{{Name: "users"}}}

// inBackground runs a statement on a session of its own, and waits until it waits for the table.
func inBackground(t *testing.T, d *Database, watch *session, sql string) chan error {
	t.Helper()
	s := sessionTest(t, d)
	id := value(t, s, "SELECT CONNECTION_ID()")
	ended := make(chan error, 1)
	go func() { ended <- s.Script(context.Background(), sql) }()
	await(t, sql+" waits", func() bool { return waitsForTable(t, watch, id) })
	return ended
}

func waitsForTable(t *testing.T, watch *session, id string) bool {
	t.Helper()
	return value(t, watch, `SELECT COUNT(*) FROM information_schema.processlist
WHERE id = $1 AND state = 'Waiting for table metadata lock'`, id) == "1"
}

// B5: while triggers and old column go, nobody is let at the table. Without, an insert by the new
// name meets an old column that has no value.
func TestHoldLetsNobodySeeBetween(t *testing.T) {
	const insert = "INSERT INTO users (id, email) VALUES (1, 'a')"
	onBoth(t, func(t *testing.T, d *Database) {
		s, watch := sessionTest(t, d), sessionTest(t, d)
		runScript(t, s, heldTables)
		runScript(t, s, contractHeld[0])
		if err := s.Script(t.Context(), insert); !isCode(err, 1364) {
			t.Errorf("an insert between, with nothing held: %v", err)
		}
		runScript(t, s, "CREATE TRIGGER ins BEFORE INSERT ON users FOR EACH ROW SET NEW.user_email = NEW.email")

		tx := begin(t, s, holdUsers)
		writer := inBackground(t, d, watch, insert)
		reader := inBackground(t, d, watch, "SELECT user_email FROM users")
		if err := tx.LockRegistry(t.Context(), dialects.LockName{Kind: dialects.RegistryLock}); err != nil {
			t.Error(err)
		}
		if c, err := d.Inspect(t.Context(), tx); err != nil || c.Table(dialects.Name{Name: "users"}) == nil {
			t.Errorf("the catalog under a held table: %v", err)
		}
		for i, sql := range contractHeld {
			runScript(t, tx, sql)
			if _, err := tx.Exec(t.Context(), "INSERT INTO segue_steps VALUES ($1, $2)", i, sql); err != nil {
				t.Fatal(err)
			}
			value(t, tx, "SELECT COUNT(*) FROM users")
		}
		select {
		case err := <-writer:
			t.Errorf("it was let at a held table: %v", err)
		case err := <-reader:
			t.Errorf("it was let at a held table: %v", err)
		default:
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := <-writer; err != nil {
			t.Errorf("the new app's insert: %v", err)
		}
		if err := <-reader; d.Fault(err) != dialects.FaultMissing {
			t.Errorf("the old app's read: %v", err)
		}
		if got := value(t, s, "SELECT CONCAT(COUNT(*), ' ', (SELECT COUNT(*) FROM segue_steps), ' ', @@lock_wait_timeout) FROM users"); got != "1 3 10" {
			t.Errorf("rows, steps and lock timeout are %s", got)
		}
	})
}

func TestHoldReachesNoOtherTable(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		runScript(t, s, heldTables)
		tx := begin(t, s, holdUsers)
		for _, sql := range []string{
			"SELECT * FROM other", "SELECT * FROM users u", "SELECT * FROM users WHERE id IN (SELECT id FROM users)", "CREATE TABLE more (id int)",
		} {
			if err := tx.Script(t.Context(), sql); !isCode(err, codeNotLocked) {
				t.Errorf("%s: %v", sql, err)
			}
		}
		if err := tx.Commit(t.Context()); err == nil {
			t.Error("committed although a statement failed")
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		runScript(t, s, "SELECT * FROM other")

		tx = begin(t, s, holdUsers)
		runScript(t, tx, "START TRANSACTION")
		if err := tx.Commit(t.Context()); err == nil {
			t.Error("committed although the tables were let go")
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Error(err)
		}
		begin(t, s, dialects.TxOptions{})
	})
}

// A table that is not had in time leaves nothing locked and no setting behind.
func TestHoldTimesOut(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s, app, other := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
		runScript(t, s, heldTables)
		write := begin(t, app, dialects.TxOptions{})
		runScript(t, write, "INSERT INTO users (id, email) VALUES (1, 'a')")
		_, err := s.Begin(t.Context(), holdUsers)
		if f := d.Fault(err); f != dialects.FaultLockTimeout {
			t.Fatalf("fault %q of %v", f, err)
		}
		runScript(t, other, "INSERT INTO segue_events VALUES (1); INSERT INTO users (id, email) VALUES (2, 'b')")
		tx := begin(t, s, dialects.TxOptions{})
		if got := value(t, tx, "SELECT CONCAT(COUNT(*), ' ', @@lock_wait_timeout) FROM other"); got != "0 10" {
			t.Errorf("rows of another table, and the lock timeout, are %s", got)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Error(err)
		}
		if err := write.Commit(t.Context()); err != nil {
			t.Error(err)
		}
		if err := begin(t, s, holdUsers).Commit(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// What was written before a kill is there, and nothing is locked.
func TestHoldEndsWithItsConnection(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s, other := sessionTest(t, d), sessionTest(t, d)
		runScript(t, s, heldTables)
		tx := begin(t, s, holdUsers)
		runScript(t, tx, "INSERT INTO segue_steps VALUES (1, 'begun')")
		runScript(t, tx, contractHeld[0])
		if err := d.TerminateBlocker(t.Context(), other, value(t, s, "SELECT CONNECTION_ID()")); err != nil {
			t.Fatal(err)
		}
		if got := value(t, other, "SELECT COUNT(*) FROM segue_steps"); got != "1" {
			t.Errorf("%s rows of the ledger", got)
		}
		runScript(t, other, "UPDATE users SET email = 'x'; "+contractHeld[1])
		if err := tx.Rollback(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// Whoever waits for a table to himself makes a deadlock's victim of a transaction that has read it and
// goes on to write it. MariaDB can be asked not to wait.
func TestHoldAndWhoReadsBeforeHeWrites(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s, app, watch := sessionTest(t, d), sessionTest(t, d), sessionTest(t, d)
		runScript(t, s, heldTables)
		write := begin(t, app, dialects.TxOptions{})
		value(t, write, "SELECT COUNT(*) FROM users")
		ended := make(chan error, 1)
		go func() {
			tx, err := s.Begin(context.Background(), dialects.TxOptions{LockTimeout: 100 * time.Millisecond, Hold: holdUsers.Hold})
			if err == nil {
				err = tx.Rollback(context.Background())
			}
			ended <- err
		}()
		isMySQL := d.dialect().Kind() == dialects.MySQL
		if isMySQL {
			await(t, "the table is waited for", func() bool { return waitsForTable(t, watch, value(t, watch, "SELECT $1 + 0", s.conn.id)) })
		} else if err := <-ended; d.Fault(err) != dialects.FaultLockTimeout {
			t.Errorf("a table that is not to be waited for: %v", err)
		}
		err := write.Script(t.Context(), "INSERT INTO users (id, email) VALUES (1, 'a')")
		if isMySQL != (d.Fault(err) == dialects.FaultDeadlock) {
			t.Errorf("the app's write: %v", err)
		}
		write.Rollback(t.Context())
		if isMySQL {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
}
