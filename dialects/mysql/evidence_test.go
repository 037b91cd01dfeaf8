package mysql

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

func evidenceTest(t *testing.T, d *Database, q dialects.Queryer) dialects.Evidence {
	t.Helper()
	e, err := d.Evidence(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEvidence(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		runScript(t, s, "CREATE TABLE users (id int, user_email text)")
		for _, name := range []string{"web@1.4.0", "web@1.5.0", "nameless", "web @1", "a@b@c", "@1", "web@"} {
			app := openPool(t, attributed(d, name))
			if _, err := app.Exec("INSERT INTO users (id, user_email) VALUES (7, 'secret')"); err != nil {
				t.Fatal(err)
			}
			if err := app.QueryRow("SELECT user_email FROM users WHERE id = ?", 7).Scan(new(string)); err != nil {
				t.Fatal(err)
			}
			if err := app.QueryRow("SELECT user_email FROM users LIMIT 5").Scan(new(string)); err != nil {
				t.Fatal(err)
			}
		}
		runScript(t, s, "/* segue:0001/backfill/1 */ UPDATE users AS segue_row SET user_email = 'x' WHERE segue_row.id = 0")
		tx := begin(t, s, dialects.TxOptions{})
		e := evidenceTest(t, d, tx)
		var named []string
		for _, u := range e.Sessions {
			named = append(named, u.App+"@"+u.Version)
			if u.PID == "" || u.Idle > time.Minute {
				t.Errorf("%+v", u)
			}
		}
		if want := []string{"web@1.4.0", "web@1.5.0"}; !slices.Equal(named, want) {
			t.Errorf("sessions %v", named)
		}
		if len(e.Unreadable) > 0 || len(e.Absent) > 0 {
			t.Errorf("%+v", e)
		}
		use := func(e dialects.Evidence, begins string) (found dialects.StatementUse) {
			for _, u := range e.Statements {
				if strings.HasPrefix(u.Query, begins) {
					found = u
				}
			}
			return found
		}
		selects := use(e, "SELECT `user_email` FROM `users` LIMIT")
		if selects.Calls != 7 || selects.ID == "" || time.Since(selects.LastSeen).Abs() > time.Minute || strings.Contains(selects.Query, "5") {
			t.Errorf("%+v among %+v", selects, e.Statements)
		}
		if inserts := use(e, "INSERT INTO `users`"); inserts.Calls != 7 || strings.Contains(inserts.Query, "secret") {
			t.Errorf("%+v", inserts)
		}
		// Those that the protocol prepares are known of MySQL alone.
		prepared := slices.ContainsFunc(e.Statements, func(u dialects.StatementUse) bool {
			return strings.HasPrefix(u.Query, "SELECT `user_email` FROM `users` WHERE `id` = ?") || strings.Contains(u.Query, "WHERE ID = ?")
		})
		if want := d.dialect().Kind() == dialects.MySQL; prepared != want {
			t.Errorf("prepared statements are counted: %v", prepared)
		}
		if own := use(e, "UPDATE `users`"); own.Calls != 0 {
			t.Errorf("segue's own statement is evidence: %+v", own)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// Evidence that may not be read says so, and leaves the transaction that it is asked in alone.
func TestEvidenceThatMayNotBeRead(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		limited := limitedUser(t, sessionTest(t, d))
		s := sessionTest(t, limited)
		tx := begin(t, s, dialects.TxOptions{})
		if e := evidenceTest(t, limited, tx); len(e.Unreadable) != 2 || !strings.Contains(fmt.Sprint(e.Unreadable), "GRANT SELECT") {
			t.Errorf("%+v", e)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestEvidenceThatIsNotKept(t *testing.T) {
	for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
		t.Run(string(kind), func(t *testing.T) {
			d := openAt(t, shared[kind](t, scratch.Setting("performance_schema", "OFF")).Database(t))
			if e := evidenceTest(t, d, sessionTest(t, d)); len(e.Absent) != 1 || len(e.Unreadable) > 0 {
				t.Errorf("%+v", e)
			}
		})
	}
}
