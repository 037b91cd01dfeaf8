package mysql

import (
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestLedger makes the ledger twice, in a database with another collation, and reads back what was
// written byte for byte.
func TestLedger(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		s := sessionTest(t, d)
		runScript(t, s, "SET sql_mode = 'ANSI'")
		for range 2 {
			for _, sql := range d.dialect().LedgerDDL() {
				runScript(t, s, sql)
			}
		}
		events := d.dialect().LedgerTable("events")
		const detail = `{"b": 1,"a":  "\u00e9 é 😀"}`
		if _, err := s.Exec(t.Context(), "INSERT INTO "+events+" (at, actor, host, db_user, project, action, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			"2026-11-24 18:00:00.123456", "a", "h", "u", "p", "x", detail); err != nil {
			t.Fatal(err)
		}
		if got := value(t, s, "SELECT detail FROM "+events); got != detail {
			t.Errorf("detail is %s", got)
		}
		if got := value(t, s, "SELECT migration FROM "+events); got != "" {
			t.Errorf("migration is %q", got)
		}
		// Keys differ by case and trailing blanks as on Postgres.
		steps := d.dialect().LedgerTable("steps")
		for _, step := range []string{"a", "A", "a "} {
			if _, err := s.Exec(t.Context(), "INSERT INTO "+steps+" (project, migration, step, state, attempts, started_at) VALUES ($1, $2, $3, $4, 1, now())",
				"p", "1", step, "done"); err != nil {
				t.Errorf("step %q: %v", step, err)
			}
		}
	})
}

// TestLedgerIsReadable holds the ledger's own SQL against the parser.
func TestLedgerIsReadable(t *testing.T) {
	for _, d := range []Dialect{onMySQL, onMariaDB} {
		c := d.NewCatalog(dialects.Version{})
		for _, sql := range d.LedgerDDL() {
			for _, s := range d.Parse(sql) {
				if s.Syntax != nil {
					t.Errorf("%s: %v", sql, s.Syntax)
				}
				d.Replay(c, s)
			}
		}
		if len(c.Tables) != 6 {
			t.Errorf("%s: %d tables", d.Kind(), len(c.Tables))
		}
	}
}
