package postgres

import (
	"testing"

	"github.com/segue-db/segue/dialects"
)

func TestRepairTakesTheSideThatIsAsked(t *testing.T) {
	s := sessionTest(t, openTest(t))
	runScript(t, s, `CREATE TABLE users (id int, tenant text, user_email text, email text, PRIMARY KEY (tenant, id));
		INSERT INTO users VALUES (1, 'a', 'old', 'new'), (2, 'it''s', NULL, 'new'), (3, 'c', 'same', 'same'), (4, 'd', 'old', NULL)`)
	c := users
	c.Key = []string{"tenant", "id"}
	syncTrigger(t, s, c)
	rows := differing(t, s, c)
	if len(rows) != 3 {
		t.Fatalf("%d rows differ, want 3", len(rows))
	}
	if row := rows[1]; row.Key != "tenant=it's, id=2" || row.Old != nil || row.New == nil || *row.New != "new" {
		t.Errorf("row 2 is shown as %+v", row)
	}
	repair(t, s, c, rows[0], dialects.New)
	repair(t, s, c, rows[1], dialects.Old)
	repair(t, s, c, rows[2], dialects.New)
	wantIdentical(t, s, c)
	got := value(t, s, `SELECT string_agg(coalesce(user_email, 'NULL'), ' ' ORDER BY id) FROM users`)
	if want := "new NULL same NULL"; got != want {
		t.Errorf("repaired to %s, want %s", got, want)
	}
	if limited, err := (Dialect{}).Differing(t.Context(), s, c, 0); err != nil || len(limited) != 0 {
		t.Errorf("limit 0 finds %v, error %v", limited, err)
	}
}

// A NOT VALID constraint that an old row breaks is checked again by any update of the row.
func TestFindBadRow(t *testing.T) {
	d := openTest(t)
	for _, test := range []struct {
		name, setup, want string
		key               []string
	}{
		{"first of several", `ALTER TABLE users ADD CHECK (id NOT IN (37, 38, 80)) NOT VALID`, "id=37", []string{"id"}},
		{"first of the batch", `ALTER TABLE users ADD CHECK (id <> 1) NOT VALID`, "id=1", []string{"id"}},
		{"last of the batch", `ALTER TABLE users ADD CHECK (id < 90) NOT VALID`, "id=90", []string{"id"}},
		{"twice the same value", `UPDATE users SET user_email = 'same' WHERE id IN (5, 61); CREATE UNIQUE INDEX ON users (email)`, "id=61", []string{"id"}},
		{"without a key", `ALTER TABLE users ADD CHECK (id <> 37) NOT VALID`, "ctid=(0,37)", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := sessionTest(t, d)
			runScript(t, s, `DROP TABLE IF EXISTS users`)
			usersTable(t, s, 90)
			runScript(t, s, test.setup)
			c := users
			c.Key = test.key
			ranges, err := Dialect{}.Ranges(t.Context(), s, c, 1)
			if err != nil {
				t.Fatal(err)
			}
			failing := begin(t, s, dialects.TxOptions{})
			if _, err := (Dialect{}).CopyBatch(t.Context(), failing, c, ranges[0], "", 100); d.Fault(err) != dialects.FaultConstraint {
				t.Fatalf("copying: %v, want a constraint's error", err)
			}
			failing.Rollback(t.Context())
			key, cause, err := Dialect{}.FindBadRow(t.Context(), begin(t, s, dialects.TxOptions{}), c, ranges[0], "", 100)
			if err != nil || key != test.want || d.Fault(cause) != dialects.FaultConstraint {
				t.Errorf("found %q, cause %v, error %v; want %q", key, cause, err, test.want)
			}
		})
	}
}

func TestFindBadRowWhereThereIsNone(t *testing.T) {
	s := sessionTest(t, openTest(t))
	usersTable(t, s, 10)
	ranges, err := Dialect{}.Ranges(t.Context(), s, users, 1)
	if err != nil {
		t.Fatal(err)
	}
	key, cause, err := Dialect{}.FindBadRow(t.Context(), begin(t, s, dialects.TxOptions{}), users, ranges[0], "", 100)
	if key != "" || cause != nil || err != nil {
		t.Errorf("found %q, cause %v, error %v", key, cause, err)
	}
}
