package postgres

import (
	"strings"
	"testing"

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

// Reading what may not be there must not end the transaction that contract runs in.
func TestEvidenceWithoutStatistics(t *testing.T) {
	d := openTest(t)
	own := sessionTest(t, d)
	tx := begin(t, own, dialects.TxOptions{})
	if e := evidenceTest(t, d, tx); len(e.Absent) != 1 || !strings.Contains(e.Absent[0], "not installed") || e.Unreadable != nil {
		t.Errorf("absent %q, unreadable %q", e.Absent, e.Unreadable)
	}
	runScript(t, tx, "SELECT 1")
}

func TestEvidenceOfStatements(t *testing.T) {
	d := openTest(t)
	own := sessionTest(t, d)
	if value(t, own, `SELECT count(*)::text FROM pg_available_extensions WHERE name = 'pg_stat_statements'`) == "0" {
		scratch.Lacks(t, dialects.Postgres, "the server lacks pg_stat_statements")
	}
	runScript(t, own, `CREATE SCHEMA "Mon itor"; CREATE EXTENSION pg_stat_statements SCHEMA "Mon itor"`)
	e := evidenceTest(t, d, own)
	if len(e.Absent) > 0 && strings.Contains(e.Absent[0], "not loaded") {
		scratch.Lacks(t, dialects.Postgres, e.Absent[0])
	}
	runScript(t, own, `CREATE TABLE users (user_email text)`)
	calls := func() int64 {
		for _, s := range evidenceTest(t, d, own).Statements {
			if strings.Contains(s.Query, "WHERE user_email") && s.User == "postgres" {
				return s.Calls
			}
		}
		return 0
	}
	for n := range int64(3) {
		if got := calls(); got != n {
			t.Errorf("%d calls, want %d", got, n)
		}
		runScript(t, own, `SELECT * FROM users WHERE user_email = 'a'`)
	}
}
