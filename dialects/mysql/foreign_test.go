package mysql

import (
	"errors"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/internal/scratch"
)

// TestForeignIsRefusedByMySQL holds that MySQL does not know what is reported as MariaDB's.
func TestForeignIsRefusedByMySQL(t *testing.T) {
	const syntaxError = 1064
	texts := []string{
		"ALTER TABLE t ADD COLUMN IF NOT EXISTS b int", "ALTER TABLE t DROP COLUMN IF EXISTS a", "ALTER TABLE t MODIFY COLUMN IF EXISTS a bigint",
		"ALTER TABLE IF EXISTS t ADD b int", "ALTER TABLE t ADD INDEX IF NOT EXISTS i (a)", "ALTER TABLE t DROP FOREIGN KEY IF EXISTS f",
		"CREATE INDEX IF NOT EXISTS i ON t (a)", "DROP INDEX IF EXISTS i ON t", "CREATE OR REPLACE TABLE t (a int)",
		"CREATE OR REPLACE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1", "CREATE OR REPLACE INDEX i ON t (a)",
		"ALTER ONLINE TABLE t ADD b int", "ALTER IGNORE TABLE t ADD b int", "ALTER TABLE t WAIT 5 ADD b int", "ALTER TABLE t NOWAIT ADD b int",
	}
	s := sessionTest(t, openAt(t, scratch.MySQL(t).Database(t)))
	runScript(t, s, "CREATE TABLE t (id int PRIMARY KEY, a int)")
	for _, text := range texts {
		if got := onMySQL.Parse(text)[0].Syntax; got == nil || got.Place.Column < 2 {
			t.Errorf("%s is taken for MySQL's: %v", text, got)
		}
		if got := onMariaDB.Parse(text)[0].Syntax; got != nil {
			t.Errorf("%s is not taken for MariaDB's: %v", text, got)
		}
		_, err := s.Exec(t.Context(), text)
		var refusal *mysql.MySQLError
		if !errors.As(err, &refusal) || refusal.Number != syntaxError {
			t.Errorf("MySQL answers %s with %v", text, err)
		}
	}
	// ALGORITHM=NOCOPY is not a matter of grammar there.
	if _, err := s.Exec(t.Context(), "ALTER TABLE t ADD b int, ALGORITHM=NOCOPY"); err == nil {
		t.Error("MySQL takes ALGORITHM=NOCOPY")
	}
}
