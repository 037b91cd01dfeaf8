package mysql

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// B3: what is equal and not identical is copied, and each half of the comparison misses something.
func TestCopyGoesByIdentity(t *testing.T) {
	const equal, printed = "user_email <=> email", "CAST(user_email AS BINARY) <=> CAST(email AS BINARY)"
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		for _, test := range []struct{ kind, old, new, blind string }{
			{"varchar(9)", "'a@x'", "'A@x'", equal},
			{"varchar(9) COLLATE utf8mb4_general_ci", "'a'", "'a '", equal},
			{"text", "'é'", "'e'", equal},
			{"enum('a', 'b')", "'a'", "'b'", ""},
			{"float", "1.0000002", "1", printed},
			{"float", "16777214", "16777215", printed},
			{"double", "0.1e0 + 0.2e0", "0.3e0", ""},
			{"decimal(20, 2)", "1.10", "1.11", ""},
			{"binary(3)", "'a'", "'a '", ""},
			{"blob", "X'00FF'", "X'00FE'", ""},
			{"bit(9)", "5", "6", ""},
			{"json", `'{"a": 1}'`, `'{"a": 2}'`, ""},
			{"datetime(6)", "'2026-01-01 00:00:00.000001'", "'2026-01-01 00:00:00.000002'", ""},
			{"time(3)", "'-01:00:00.5'", "'01:00:00.5'", ""},
			{"point", "ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('POINT(2 1)')", ""},
		} {
			runScript(t, s, fmt.Sprintf(`DROP TABLE IF EXISTS users; CREATE TABLE users (id int PRIMARY KEY, user_email %[1]s, email %[1]s);
				INSERT INTO users VALUES (1, %[2]s, %[3]s), (2, %[2]s, NULL), (3, %[2]s, %[2]s), (4, NULL, %[3]s)`, test.kind, test.old, test.new))
			rows := differing(t, s, users)
			if len(rows) != 3 {
				t.Errorf("%s: %d rows differ, want 3", test.kind, len(rows))
				continue
			}
			if rows[0].Old == nil || rows[0].New == nil || *rows[0].Old == *rows[0].New || rows[2].Old != nil {
				t.Errorf("%s: printed as %v and %v", test.kind, rows[0].Old, rows[0].New)
			}
			if test.blind != "" && value(t, s, "SELECT "+test.blind+" FROM users WHERE id = 1") != "1" {
				t.Errorf("%s: %s tells the values apart", test.kind, test.blind)
			}
			if sum, _ := copyAll(t, s, users, 1, 100); sum.Written != 3 {
				t.Errorf("%s: %d rows written, want 3", test.kind, sum.Written)
			}
			wantIdentical(t, s, users)
		}
		runScript(t, s, `DROP TABLE users; CREATE TABLE users (id varbinary(3) PRIMARY KEY, user_email blob, email blob); INSERT INTO users VALUES (X'00ff', 'a', NULL)`)
		if got := differing(t, s, users)[0]; got.Key != "id=0x00FF" || *got.Old != "0x61" || got.New != nil {
			t.Errorf("%+v", got)
		}
	})
}

// What older modes have let in is copied as it is. The session's own mode would not let it pass.
func TestCopyTakesWhatIsThere(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s, lax := sessionTest(t, d), sessionTest(t, d)
		runScript(t, s, `SET sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE'`)
		runScript(t, lax, `SET sql_mode = 'ALLOW_INVALID_DATES'`)
		for _, test := range []struct{ kind, value string }{
			{"date", "'0000-00-00'"}, {"date", "'2026-02-31'"}, {"datetime(3)", "'2026-00-10 01:02:03.004'"},
			{"timestamp NULL", "'0000-00-00 00:00:00'"}, {"enum('a', 'b')", "'neither'"}, {"set('a', 'b')", "'a,neither'"},
			{"year", "'0000'"}, {"char(5)", "'toolong'"}, {"tinyint", "1000"}, {"decimal(3, 1)", "12345"},
		} {
			runScript(t, lax, fmt.Sprintf(`DROP TABLE IF EXISTS users; CREATE TABLE users (id int PRIMARY KEY, user_email %[1]s NOT NULL, email %[2]s NULL);
				INSERT INTO users VALUES (1, %[3]s, NULL)`, strings.TrimSuffix(test.kind, " NULL"), test.kind, test.value))
			if sum, _ := copyAll(t, s, users, 1, 100); sum.Written != 1 {
				t.Errorf("%s of %s: %+v", test.value, test.kind, sum)
			}
			wantIdentical(t, s, users)
		}
		// A zero date may be what the walk stands at.
		runScript(t, lax, `DROP TABLE users; CREATE TABLE users (id date PRIMARY KEY, user_email int, email int);
			INSERT INTO users VALUES ('0000-00-00', 1, NULL), ('2026-02-31', 1, NULL), ('2026-03-01', 1, NULL)`)
		if sum, _ := copyAll(t, s, users, 1, 1); sum.Written != 3 {
			t.Errorf("%+v", sum)
		}
	})
}

// B9: MariaDB changes such a column when any value of the row is set, MySQL when one changes.
func TestCopyKeepsColumnsThatChangeByThemselves(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		c := users
		for _, keep := range [][]string{nil, {"changed", "touched"}} {
			runScript(t, s, `DROP TABLE IF EXISTS users; CREATE TABLE users (id int PRIMARY KEY, user_email varchar(9), email varchar(9),
					changed timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6), touched datetime ON UPDATE CURRENT_TIMESTAMP);
				INSERT INTO users VALUES (1, 'a', NULL, '2001-01-01', NULL)`)
			c.Keep = keep
			if sum, _ := copyAll(t, s, c, 1, 10); sum.Written != 1 {
				t.Errorf("%+v", sum)
			}
			kept := value(t, s, `SELECT changed = '2001-01-01' AND touched IS NULL FROM users`) == "1"
			if kept != (keep != nil) {
				t.Errorf("with %v the times were kept: %v", keep, kept)
			}
			row := dialects.RowDiff{Locator: keyPosition{[]string{"1"}}.String()}
			runScript(t, s, `UPDATE users SET email = 'b', changed = '2001-01-01', touched = NULL`)
			if !repair(t, s, c, row, dialects.Old) || keep != nil && value(t, s, `SELECT changed = '2001-01-01' AND touched IS NULL FROM users`) != "1" {
				t.Error("a repair changed the times")
			}
		}
	})
}

// A17 and B7: the triggers step aside for the copy's own statements alone.
func TestStepAside(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s, app := sessionTest(t, d), sessionTest(t, d)
		usersTable(t, s, 3)
		syncTriggers(t, s)
		mode := value(t, s, `SELECT @@sql_mode`)
		left := func() string {
			return value(t, s, `SELECT CONCAT(COALESCE(@segue_backfill, 'none'), @@sql_mode = $1)`, mode)
		}
		copyAll(t, s, users, 1, 10)
		if got := left(); got != "none1" {
			t.Errorf("after a copy: %s", got)
		}
		runScript(t, s, `DROP TRIGGER segue_upd; UPDATE users SET email = NULL; ALTER TABLE users ADD CONSTRAINT c CHECK (email <> 'user2@example.com')`)
		ranges, err := d.dialect().Ranges(t.Context(), s, users, 1)
		if err != nil {
			t.Fatal(err)
		}
		tx := begin(t, s, dialects.TxOptions{})
		if _, err = d.dialect().CopyBatch(t.Context(), tx, users, ranges[0], "", 100); d.Fault(err) != dialects.FaultConstraint {
			t.Errorf("a row that breaks a constraint: %v", err)
		}
		if got := left(); got != "none1" {
			t.Errorf("after a copy that failed: %s", got)
		}
		tx.Rollback(t.Context())
		tx = begin(t, s, dialects.TxOptions{})
		key, cause, err := d.dialect().FindBadRow(t.Context(), tx, users, ranges[0], "", 100)
		if key != "id=2" || d.Fault(cause) != dialects.FaultConstraint || err != nil {
			t.Errorf("the bad row is %q: %v, %v", key, cause, err)
		}
		if got := left(); got != "none1" {
			t.Errorf("after looking for the bad row: %s", got)
		}
		tx.Rollback(t.Context())

		// Another session may set the variable to what it likes, as long as that is not its own number.
		runScript(t, s, `ALTER TABLE users DROP CONSTRAINT c`)
		for _, guard := range []string{"@segue_backfill IS NULL", "NOT (@segue_backfill <=> CONNECTION_ID())"} {
			runScript(t, s, `DROP TRIGGER IF EXISTS segue_upd; UPDATE users SET user_email = 'a', email = 'a'`)
			if _, err := s.Exec(t.Context(), strings.Replace(fillUpdate, "NOT (@segue_backfill <=> CONNECTION_ID())", guard, 1)); err != nil {
				t.Fatal(err)
			}
			runScript(t, app, fmt.Sprintf(`SET @segue_backfill = %d; UPDATE users SET user_email = 'leaked'`, s.conn.id))
			leaked, ours := len(differing(t, s, users)) > 0, strings.HasPrefix(guard, "NOT")
			if leaked == ours {
				t.Errorf("guarded by %s another session's write was synced: %v", guard, !leaked)
			}
		}
	})
}

// B4: a row that was inserted in step and changed out of step, before both triggers were there, is not
// NULL. Only a copy of what differs comes to it.
func TestCopyComesToRowsThatAreNotNull(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		usersTable(t, s, 2)
		if _, err := s.Exec(t.Context(), fillInsert); err != nil {
			t.Fatal(err)
		}
		runScript(t, s, `INSERT INTO users (id, user_email) VALUES (70, 'v1'); UPDATE users SET user_email = 'v2' WHERE id = 70;
			UPDATE users SET email = user_email WHERE email IS NULL`)
		if rows := differing(t, s, users); len(rows) != 1 || rows[0].Key != "id=70" {
			t.Errorf("after a copy of what is NULL: %+v", rows)
		}
		copyAll(t, s, users, 1, 10)
		wantIdentical(t, s, users)
	})
}

// The server's statement statistics show the copy's statements for segue's own.
func TestCopyIsNoEvidence(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		usersTable(t, s, 30)
		runScript(t, s, `UPDATE users SET user_email = 'app'`)
		copyAll(t, s, users, 1, 10)
		runScript(t, s, `UPDATE users SET email = 'x' WHERE id = 1`)
		repair(t, s, users, differing(t, s, users)[0], dialects.Old)
		e, err := d.Evidence(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		var seen []string
		for _, statement := range e.Statements {
			if strings.Contains(statement.Query, "user_email") && strings.HasPrefix(statement.Query, "UPDATE") || strings.Contains(strings.ToUpper(statement.Query), "FORCE INDEX") {
				seen = append(seen, statement.Query)
			}
		}
		if len(seen) != 1 {
			t.Errorf("the app's statement alone was expected: %q", seen)
		}
	})
}
