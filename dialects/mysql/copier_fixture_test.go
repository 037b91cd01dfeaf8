package mysql

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/dialecttest"
)

// users is the table of most copy tests: its key, and the two forms of a column.
var users = dialects.CopySpec{
	Table: dialects.Name{Name: "users"}, From: "user_email", To: "email",
	Key: []string{"id"}, Leaves: []dialects.Name{{Name: "users"}},
}

// numbers is a table expression of i from 1 to 10^digits.
func numbers(digits int) string {
	const digit = "(SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)"
	sum, from := "1", []string{}
	for d, weight := 0, 1; d < digits; d, weight = d+1, weight*10 {
		sum += fmt.Sprintf(" + %d * d%d.n", weight, d)
		from = append(from, fmt.Sprintf("%s d%d", digit, d))
	}
	return fmt.Sprintf("(SELECT %s AS i FROM %s) numbers", sum, strings.Join(from, ", "))
}

// usersTable makes the table with rows 1 to n, at most 1000, whose new form is unfilled.
func usersTable(t testing.TB, q dialects.Queryer, n int) {
	t.Helper()
	runScript(t, q, fmt.Sprintf(`CREATE TABLE users (id bigint PRIMARY KEY, user_email varchar(60), name varchar(60));
		INSERT INTO users SELECT i, CONCAT('user', i, '@example.com'), CONCAT('n', i) FROM %s WHERE i <= %d;
		ALTER TABLE users ADD COLUMN email varchar(60)`, numbers(3), n))
}

// fillOnly is the body of expand's triggers: a NULL new side never wins.
const (
	differsNew = "(NOT (NEW.email <=> OLD.email) OR NOT (CAST(NEW.email AS BINARY) <=> CAST(OLD.email AS BINARY)))"
	differsOld = "(NOT (NEW.user_email <=> OLD.user_email) OR NOT (CAST(NEW.user_email AS BINARY) <=> CAST(OLD.user_email AS BINARY)))"
	fillUpdate = `CREATE TRIGGER segue_upd BEFORE UPDATE ON users FOR EACH ROW
		IF NOT (@segue_backfill <=> CONNECTION_ID()) THEN
			IF NEW.email IS NOT NULL AND ` + differsNew + ` THEN SET NEW.user_email = NEW.email;
			ELSEIF NEW.email IS NULL OR ` + differsOld + ` THEN SET NEW.email = NEW.user_email; END IF;
		END IF`
	fillInsert = `CREATE TRIGGER segue_ins BEFORE INSERT ON users FOR EACH ROW
		IF NOT (@segue_backfill <=> CONNECTION_ID()) THEN
			IF NEW.email IS NOT NULL THEN SET NEW.user_email = NEW.email; ELSE SET NEW.email = NEW.user_email; END IF;
		END IF`
)

func syncTriggers(t testing.TB, q dialects.Queryer) {
	t.Helper()
	for _, sql := range []string{fillUpdate, fillInsert} {
		if _, err := q.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}

// copyAll walks new ranges to their ends and adds up the batches.
func copyAll(t testing.TB, s *session, c dialects.CopySpec, workers, size int) (sum dialects.CopyBatch, ranges []dialects.CopyRange) {
	t.Helper()
	return dialecttest.CopyAll(t, s.conn.database.dialect(), s, c, workers, size)
}

func differing(t testing.TB, s *session, c dialects.CopySpec) []dialects.RowDiff {
	t.Helper()
	return dialecttest.Differing(t, s.conn.database.dialect(), s, c)
}

func wantIdentical(t testing.TB, s *session, c dialects.CopySpec) {
	t.Helper()
	for _, row := range differing(t, s, c) {
		t.Errorf("%s %s differs", row.Table, row.Key)
	}
}

func repair(t testing.TB, s *session, c dialects.CopySpec, row dialects.RowDiff, take dialects.Side) bool {
	t.Helper()
	return dialecttest.Repair(t, s.conn.database.dialect(), s, c, row, take)
}
