package integration_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

// several is a file of several statements that no transaction holds together.
const several = `CREATE TABLE counters (id int PRIMARY KEY, n int NOT NULL);
INSERT INTO counters VALUES (1, 1);
UPDATE counters SET n = n + 1;
ALTER TABLE counters ADD COLUMN note varchar(20), ALGORITHM=INSTANT;
CREATE INDEX by_n ON counters (n);
RENAME TABLE counters TO tallies;
INSERT INTO tallies VALUES (2, 1, 'x');
`

// TestBrokenOffFile lets the runner of a file with several statements die after each of them, once
// before its result is written and once after. The same command again goes on from there: nothing is
// run twice, and nothing left out.
func TestBrokenOffFile(t *testing.T) {
	onFamily(t, func(t *testing.T, on rig) {
		long(t)
		server := on.shared(t)
		f := files{"0001_counters.sql": several}
		var steps []string
		plain := server.Database(t)
		whole := runner(t, plain, f, migrate.Options{Logger: slog.New(onLog(func(line slog.Record) {
			if line.Message == "step done" {
				steps = append(steps, attr(line, "step"))
			}
		}))})
		if _, err := whole.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := on.dump(t, server, plain) + on.content(t, connect(t, plain), "tallies")
		t.Logf("steps: %v", steps)
		for _, step := range steps {
			for _, written := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s, result written %v", step, written), func(t *testing.T) {
					url := server.Database(t)
					conn := connect(t, url)
					dieAfter(t, url, f, step)
					if !written {
						// What is transactional commits with its result.
						run(t, conn, "UPDATE segue_steps SET state = 'intent', finished_at = NULL WHERE step = $1 AND step IN ("+nonTransactional(t, whole)+")", step)
					}
					r := runner(t, url, f, migrate.Options{})
					if _, err := r.Up(t.Context()); err != nil {
						t.Fatalf("the same command again: %v", err)
					}
					if s := status(t, r, "0001"); s.State != phases.Done {
						t.Errorf("it stands in %s", s.State)
					}
					if got := on.dump(t, server, url) + on.content(t, conn, "tallies"); got != want {
						t.Errorf("it ended otherwise.\ngot:\n%s\nwant:\n%s", got, want)
					}
				})
			}
		}
	})
}

// dieAfter runs up until a step is done.
func dieAfter(t *testing.T, url string, f files, step string) {
	t.Helper()
	ctx, die := context.WithCancel(t.Context())
	defer die()
	r := runner(t, url, f, migrate.Options{Logger: slog.New(onLog(func(line slog.Record) {
		if line.Message == "step done" && attr(line, "step") == step {
			die()
		}
	}))})
	if _, err := r.Up(ctx); err == nil {
		t.Fatal("the runner went on")
	}
}

// nonTransactional lists, for SQL, the steps of 0001 that commit by themselves.
func nonTransactional(t *testing.T, r *migrate.Runner) string {
	t.Helper()
	plans, err := r.Plans(t.Context(), "0001")
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{"''"}
	for _, s := range plans[0].Phases[0].Steps {
		if !s.Transactional {
			ids = append(ids, "'"+s.ID+"'")
		}
	}
	return strings.Join(ids, ", ")
}

// TestSwappedTables: whether two tables have swapped names cannot be seen. A runner that died before
// it wrote the result must not swap them back.
func TestSwappedTables(t *testing.T) {
	onFamily(t, func(t *testing.T, on rig) {
		long(t)
		url := on.shared(t).Database(t)
		conn := connect(t, url)
		run(t, conn, "SELECT 1")
		f := files{"0001_tables.sql": "CREATE TABLE a (one int PRIMARY KEY);\nCREATE TABLE b (two int PRIMARY KEY);\nRENAME TABLE a TO c, b TO a, c TO b;\nCREATE TABLE d (id int PRIMARY KEY);\n"}
		dieAfter(t, url, f, "expand/3")
		run(t, conn, "UPDATE segue_steps SET state = 'intent', finished_at = NULL WHERE step = 'expand/3'")
		r := runner(t, url, f, migrate.Options{})
		_, err := r.Up(t.Context())
		if count(t, conn, on.column, "a", "two") != 1 {
			t.Fatalf("they were swapped back (%v)", err)
		}
		if err == nil || !strings.Contains(err.Error(), "expand/3") {
			t.Errorf("nobody can tell whether step expand/3 was carried out, and up says: %v", err)
		}
		t.Log(err)
	})
}

// TestConnectionLostInDDL ends the runner's session while its ALTER TABLE waits for a reader. The error
// says what to do, and the same command again looks first.
func TestConnectionLostInDDL(t *testing.T) {
	onFamily(t, func(t *testing.T, on rig) {
		long(t)
		url, _ := on.started(t, 10)
		f := files{"0001_users.sql": on.users, "0002_column.sql": "ALTER TABLE users ADD COLUMN age int;\nCREATE TABLE other (id int PRIMARY KEY);\n"}
		reader, admin := blocker(t, url), connect(t, url)
		const waiting = `SELECT p.id FROM information_schema.processlist p WHERE p.db = DATABASE() AND p.state LIKE 'Waiting for table metadata lock%' AND p.info LIKE '%ALTER TABLE%'`
		ended := background(func() error {
			_, err := runner(t, url, f, migrate.Options{Locks: migrate.Locks{Timeout: time.Minute}}).Up(t.Context())
			return err
		})
		until(t, "the ALTER TABLE to wait", func() bool {
			return count(t, admin, "SELECT count(*) FROM ("+waiting+") w") == 1
		})
		run(t, admin, "KILL "+text(t, admin, waiting))
		err := await(t, "the runner to see it", ended)
		if err == nil || !strings.Contains(err.Error(), "run the same command again") {
			t.Errorf("a connection that was lost: %v", err)
		}
		t.Log(err)
		run(t, reader, "COMMIT")
		r := runner(t, url, f, migrate.Options{})
		if s := status(t, r, "0002"); s.State != phases.Interrupted {
			t.Errorf("it stands in %s", s.State)
		}
		if _, err := r.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := status(t, r, "0002"); s.State != phases.Done || count(t, admin, on.column, "users", "age") != 1 || !on.exists(t, admin, "other") {
			t.Errorf("the same command again brought it to %s", s.State)
		}
	})
}
