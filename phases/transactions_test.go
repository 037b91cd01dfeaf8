package phases_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/phases"
)

func compileRun(t *testing.T, d dialects.Dialect, m phases.Migration, up, down string) (*phases.Plan, error) {
	t.Helper()
	script, problems := dialects.ReadScript(d, up)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	back, problems := dialects.ReadScript(d, down)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	script.Down = back.Up
	m.Version, m.Path, m.Script = "1", "1.sql", script
	return phases.Compile(d, d.NewCatalog(dialects.Version{Kind: d.Kind(), Major: 16}), m, phases.AsWritten)
}

func sqlOf(steps []phases.Step) string {
	var all []string
	for _, s := range steps {
		all = append(all, strings.Join(strings.Fields(s.SQL), " "))
	}
	return strings.Join(all, " | ")
}

func TestStepsFollowTheRunnersTransactions(t *testing.T) {
	for _, c := range []struct {
		name string
		how  dialects.TransactionRule
		sql  string
		want string
	}{
		{"one", dialects.OneTransaction, "SELECT 1; SELECT 2", "SELECT 1; SELECT 2"},
		{"none", dialects.NoTransaction, "SELECT 1; SELECT 2", "SELECT 1 | SELECT 2"},
		{"none, with transactions in it", dialects.NoTransaction, "SELECT 1; BEGIN; SELECT 2; SELECT 3; COMMIT; SELECT 4", "SELECT 1 | SELECT 2; SELECT 3 | SELECT 4"},
		{"one text", dialects.ImplicitTransaction, "SELECT 1; SELECT 2", "SELECT 1; SELECT 2"},
		{"one text of one statement", dialects.ImplicitTransaction, "CREATE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX CONCURRENTLY i ON t (a)"},
		{"one text with a transaction", dialects.ImplicitTransaction, "BEGIN; SELECT 1; SELECT 2; COMMIT", "SELECT 1; SELECT 2"},
		{"one text that BEGIN makes a block of", dialects.ImplicitTransaction, "SELECT 1; BEGIN; SELECT 2; COMMIT; SELECT 3", "SELECT 1; SELECT 2 | SELECT 3"},
		{"scripted", dialects.ScriptedTransactions, "START TRANSACTION; SELECT 1; SELECT 2; END; CREATE INDEX CONCURRENTLY i ON t (a); BEGIN; SELECT 3; COMMIT", "SELECT 1; SELECT 2 | CREATE INDEX CONCURRENTLY i ON t (a) | SELECT 3"},
		{"scripted, two in a row", dialects.ScriptedTransactions, "BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT", "SELECT 1 | SELECT 2"},
		{"scripted without a transaction", dialects.ScriptedTransactions, "SELECT 1; SELECT 2", "SELECT 1 | SELECT 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := compileRun(t, postgres.Dialect{}, phases.Migration{Up: c.how, Down: c.how}, c.sql, c.sql)
			if err != nil {
				t.Fatal(err)
			}
			if got := sqlOf(p.Phases[0].Steps); got != c.want {
				t.Errorf("up is\n%s, want\n%s", got, c.want)
			}
			if got := sqlOf(p.Down); got != c.want || p.DownRefused != "" {
				t.Errorf("down is\n%s, want\n%s\n%s", got, c.want, p.DownRefused)
			}
		})
	}
}

func TestWhatCannotRunInTheRunnersTransaction(t *testing.T) {
	const index = "CREATE INDEX CONCURRENTLY i ON t (a)"
	for _, c := range []struct {
		name string
		how  dialects.TransactionRule
		sql  string
		says string
	}{
		{"one", dialects.OneTransaction, index, "cannot run in a transaction"},
		{"one, the way out", dialects.OneTransaction, index, "write NO TRANSACTION"},
		{"one text of two", dialects.ImplicitTransaction, "SELECT 1; " + index, "cannot run in a transaction"},
		{"one text with a transaction", dialects.ImplicitTransaction, "BEGIN; " + index + "; COMMIT", "cannot run in a transaction"},
		{"scripted, in a transaction", dialects.ScriptedTransactions, "BEGIN; " + index + "; COMMIT", "cannot run in a transaction"},
		{"a transaction within the runner's", dialects.OneTransaction, "BEGIN; SELECT 1; COMMIT", "BEGIN inside the transaction"},
		{"a savepoint", dialects.ScriptedTransactions, "BEGIN; SAVEPOINT s; COMMIT", "SAVEPOINT"},
		{"a rollback", dialects.ScriptedTransactions, "BEGIN; SELECT 1; ROLLBACK", "ROLLBACK"},
		{"a commit of nothing", dialects.NoTransaction, "SELECT 1; COMMIT", "COMMIT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := phases.Migration{Up: c.how, Down: c.how, Outside: "write NO TRANSACTION"}
			_, err := compileRun(t, postgres.Dialect{}, m, c.sql, "")
			var refused *phases.RefusedError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want a refusal that says %q", err, c.says)
			}
			p, err := compileRun(t, postgres.Dialect{}, m, "SELECT 1", c.sql)
			if err != nil || p.Down != nil || !strings.Contains(p.DownRefused, c.says) {
				t.Errorf("down: got %+v, %v", p, err)
			}
		})
	}
}

// TestDDLThatCommitsItself: what runs a file in one transaction on MySQL is in nobody's way there.
func TestDDLThatCommitsItself(t *testing.T) {
	p, err := compileRun(t, mysql.Dialect{}, phases.Migration{Up: dialects.OneTransaction}, "CREATE TABLE t (a int); CREATE TABLE v (a int)", "")
	if err != nil || len(p.Phases[0].Steps) != 2 {
		t.Errorf("got %+v, %v", p, err)
	}
}

func TestRefusalsOfTheSource(t *testing.T) {
	foreign := errors.New("1.go:1: it is written in Go")
	if _, err := compileRun(t, postgres.Dialect{}, phases.Migration{UpRefusals: []error{foreign}}, "", ""); !errors.Is(err, foreign) {
		t.Errorf("got %v", err)
	}
	p, err := compileRun(t, postgres.Dialect{}, phases.Migration{DownRefusals: []error{foreign}}, "SELECT 1", "SELECT 2")
	if err != nil || p.DownRefused != foreign.Error() || p.Down != nil {
		t.Errorf("got %+v, %v", p, err)
	}
}

// TestAPhasedChangeInATransactionOfItsOwn: what BEGIN and COMMIT stand around is still one change.
func TestAPhasedChangeInATransactionOfItsOwn(t *testing.T) {
	d := postgres.Dialect{}
	c := d.NewCatalog(dialects.Version{Kind: dialects.Postgres, Major: 16})
	for _, s := range d.Parse(base) {
		d.Replay(c, s)
	}
	script, _ := dialects.ReadScript(d, "BEGIN;\nALTER TABLE users RENAME COLUMN user_email TO email;\nCOMMIT;")
	p, err := phases.Compile(d, c, phases.Migration{Version: "1", Path: "1.sql", Script: script, Up: dialects.ScriptedTransactions}, phases.Protected)
	if err != nil || !p.Phased() {
		t.Errorf("got %+v, %v", p, err)
	}
}

// TestCommitsBefore: segue commits before a statement that cannot bear what its transaction holds, where
// it chooses the transactions and nothing ties them together; else it refuses the statement.
func TestCommitsBefore(t *testing.T) {
	const (
		scene = "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id int PRIMARY KEY, m mood); " +
			"CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE VIEW v AS SELECT id FROM t;"
		check = "ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID; "
		valid = "ALTER TABLE t VALIDATE CONSTRAINT c"
		value = "ALTER TYPE mood ADD VALUE 'b'; "
		use   = "INSERT INTO t VALUES (1, 'b')"

		add     = "ALTER TABLE t ADD COLUMN x int; "
		rows    = "UPDATE t SET m = 'a' WHERE m IS NULL"
		trigger = "DROP TRIGGER g ON t; "
		view    = "CREATE VIEW v AS SELECT id, m FROM t"
	)
	for _, c := range []struct {
		name       string
		how        dialects.TransactionRule
		protection phases.Protection
		sql        string
		want       string // the steps, or a refusal's hazard
	}{
		{"validate", dialects.PlannedTransactions, phases.Protected, check + valid, check[:len(check)-2] + " | " + valid},
		{"what holds nothing stays", dialects.PlannedTransactions, phases.Protected, "SELECT 1; " + valid, "SELECT 1; " + valid},
		{"tied together", dialects.PlannedTransactions, phases.Protected, "LOCK TABLE t; " + check + valid, "validate-under-lock"},
		{"one transaction", dialects.OneTransaction, phases.Protected, check + valid, "validate-under-lock"},
		{"each by itself", dialects.NoTransaction, phases.Protected, check + valid, check[:len(check)-2] + " | " + valid},
		{"nobody to protect", dialects.PlannedTransactions, phases.AsWritten, check + valid, check + valid},
		{"a value", dialects.PlannedTransactions, phases.Protected, value + use, value[:len(value)-2] + " | " + use},
		{"a value with nobody to protect", dialects.PlannedTransactions, phases.AsWritten, value + use, value[:len(value)-2] + " | " + use},
		{"rows behind a new column", dialects.PlannedTransactions, phases.Protected, add + rows, add[:len(add)-2] + " | " + rows},
		{"rows by key", dialects.PlannedTransactions, phases.Protected, add + rows + " AND id = 1", add + rows + " AND id = 1"},
		{"rows while a trigger is gone", dialects.PlannedTransactions, phases.Protected, trigger + rows, trigger + rows},
		{"rows in one transaction", dialects.OneTransaction, phases.Protected, add + rows, add + rows},
		{"validate while a view is gone", dialects.PlannedTransactions, phases.Protected, check + "DROP VIEW v; " + valid + "; " + view, "validate-under-lock"},
		{"validate with the view back", dialects.PlannedTransactions, phases.Protected, check + "DROP VIEW v; " + view + "; " + valid,
			check + "DROP VIEW v; " + view + " | " + valid},
		{"a value in one transaction", dialects.OneTransaction, phases.Protected, value + use, "enum-value-used-early"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := postgres.Dialect{}
			catalog := d.NewCatalog(dialects.Version{Kind: dialects.Postgres, Major: 16})
			for _, s := range d.Parse(scene) {
				d.Replay(catalog, s)
			}
			script, _ := dialects.ReadScript(d, c.sql)
			p, err := phases.Compile(d, catalog, phases.Migration{Version: "1", Path: "1.sql", Script: script, Up: c.how}, c.protection)
			var refused *phases.RefusedError
			switch {
			case errors.As(err, &refused):
				if refused.Hazard.ID != c.want {
					t.Errorf("got %v, want %s", err, c.want)
				}
			case err != nil:
				t.Fatal(err)
			case sqlOf(p.Phases[0].Steps) != c.want:
				t.Errorf("got %s, want %s", sqlOf(p.Phases[0].Steps), c.want)
			}
		})
	}
}
