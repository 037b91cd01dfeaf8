package integration_test

import (
	"errors"
	"testing"
	"time"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

// TestStatementFailed: a statement that the server refuses was not carried out, whatever there is that
// looks like what it would have made.
func TestStatementFailed(t *testing.T) {
	onFamily(t, func(t *testing.T, on rig) {
		const made = "CREATE TABLE a (id int PRIMARY KEY, n int, m int, KEY by_n (n), CONSTRAINT positive CHECK (n > 0));\n"
		for name, statement := range map[string]string{
			"table there":      "CREATE TABLE a (other int PRIMARY KEY);\n",
			"column there":     "ALTER TABLE a ADD COLUMN n varchar(20);\n",
			"column not there": "ALTER TABLE a DROP COLUMN missing;\n",
			"columns swapped":  "ALTER TABLE a RENAME COLUMN n TO m, RENAME COLUMN m TO n, ADD COLUMN id int;\n",
			"index there":      "CREATE INDEX by_n ON a (m);\n",
			"constraint there": "ALTER TABLE a ADD CONSTRAINT positive CHECK (m > 0);\n",
			"view not there":   "DROP VIEW missing;\n",
		} {
			t.Run(name, func(t *testing.T) {
				url := on.shared(t).Database(t)
				r := runner(t, url, files{"0001_a.sql": made}, migrate.Options{})
				if _, err := r.Up(t.Context()); err != nil {
					t.Fatal(err)
				}
				f := files{"0001_a.sql": made, "0002_b.sql": "-- segue:plan off\n-- segue:allow rename-column,drop-column,add-check,table-scan,drop-table,not-understood,change-column-type nobody reads it\n\n" + statement + "CREATE TABLE later (id int PRIMARY KEY);\n"}
				r = runner(t, url, f, migrate.Options{Direct: true})
				for range 2 {
					if _, err := r.Up(t.Context()); err == nil {
						t.Errorf("up says nothing of it: %s", statement)
					} else {
						t.Log(err)
					}
					if s := status(t, r, "0002"); s.State != phases.Failed {
						t.Errorf("it stands in %s", s.State)
					}
				}
			})
		}
	})
}

// TestOnlineStatementFailed: an index by the name of another's is not the one that was asked for.
func TestOnlineStatementFailed(t *testing.T) {
	onEach(t, func(t *testing.T, on rig) {
		url := on.shared(t).Database(t)
		f := files{"0001_a.sql": "CREATE TABLE a (id int PRIMARY KEY, n int, m int);\nCREATE INDEX by_n ON a (n);\n"}
		if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		f["0002_index.sql"] = "CREATE INDEX by_n ON a (m);\n"
		r := runner(t, url, f, migrate.Options{})
		for range 2 {
			_, err := r.Up(t.Context())
			if s := status(t, r, "0002"); err == nil || s.State != phases.Failed {
				t.Errorf("it stands in %s: %v", s.State, err)
			}
		}
	})
}

// TestStatementBlocked: what never had its lock was not carried out, and can be run again, even where the
// catalog could not tell.
func TestStatementBlocked(t *testing.T) {
	onFamily(t, func(t *testing.T, on rig) {
		url := on.shared(t).Database(t)
		conn := connect(t, url)
		f := files{"0001_a.sql": "CREATE TABLE a (id int PRIMARY KEY, n int, m int);\nINSERT INTO a VALUES (1, 2, 3);\n"}
		if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		f["0002_swap.sql"] = "ALTER TABLE a RENAME COLUMN n TO m, RENAME COLUMN m TO n;\n"
		reader := connect(t, url)
		run(t, reader, "START TRANSACTION")
		run(t, reader, "SELECT * FROM a")
		r := runner(t, url, f, migrate.Options{Direct: true, Locks: migrate.Locks{Timeout: time.Second, Attempts: 1, Within: time.Minute}})
		if _, err := r.Up(t.Context()); !errors.Is(err, migrate.ErrNotYet) {
			t.Errorf("a table that somebody reads: %v", err)
		}
		run(t, reader, "COMMIT")
		if _, err := r.Up(t.Context()); err != nil {
			t.Error(err)
		}
		if count(t, conn, "SELECT m FROM a") != 2 {
			t.Error("the columns did not swap names once")
		}
	})
}

// TestCompoundStatement: of a procedure that failed nobody can tell what it did. It is not called again.
func TestCompoundStatement(t *testing.T) {
	onFamily(t, func(t *testing.T, on rig) {
		url := on.shared(t).Database(t)
		conn := connect(t, url)
		f := files{"0001_a.sql": "CREATE TABLE a (id int PRIMARY KEY, n int);\nINSERT INTO a VALUES (1, 2);\nCREATE TABLE calls (n int);\n" +
			"CREATE PROCEDURE twofold() BEGIN INSERT INTO calls VALUES (1); UPDATE a SET n = 3; END;\n"}
		if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		f["0002_call.sql"] = "CALL twofold();\n"
		writer := connect(t, url)
		run(t, writer, "START TRANSACTION")
		run(t, writer, "UPDATE a SET n = 4")
		r := runner(t, url, f, migrate.Options{Direct: true, Locks: migrate.Locks{Timeout: time.Second, Attempts: 3, Within: time.Minute}})
		for range 2 {
			var unknown *migrate.UnknownStepError
			if _, err := r.Up(t.Context()); !errors.As(err, &unknown) {
				t.Errorf("a procedure that failed half way: %v", err)
			}
			run(t, writer, "COMMIT")
		}
		if n := count(t, conn, "SELECT count(*) FROM calls"); n != 1 {
			t.Errorf("it was called %d times", n)
		}
	})
}
