package dialecttest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// wildNames are names that a server takes only quoted, and one that it takes either way.
var wildNames = []string{
	"plain", "Capital", "select", "with blank", `double "quotes"`, "back `ticks`", "it's", `back\slash`, "$1 and $2", "per%cent_",
	"Größe ✓", "semi;colon", "-- dash", "/* star */", "# hash", "dot.ted", "1digit", strings.Repeat("x", 63),
}

// Quoted names come back from the server as they were.
func testQuote(t *testing.T, f Fixture) {
	l := open(t, f)
	for _, name := range wildNames {
		n := dialects.Name{Name: name}
		table, column := l.d.Qualified(n), l.d.Quote(name)
		create := fmt.Sprintf("CREATE TABLE %s (id int NOT NULL PRIMARY KEY, %s int)", table, column)
		Script(t, l.s, create)
		c := l.inspect(t, l.s)
		found := c.Table(n)
		if found == nil || found.Column(name) == nil {
			t.Errorf("%q is not in the catalog after %s", name, create)
			continue
		}
		again := replayed(t, l.d, empty(l.d, c), create).Table(n)
		if again == nil || again.Column(name) == nil {
			t.Errorf("%q is not in the catalog that %s is replayed to", name, create)
		}
		// A name of the catalog, schema and all, is one that SQL can be written with.
		if _, err := l.s.Exec(t.Context(), fmt.Sprintf("INSERT INTO %s (%s, id) VALUES ($1, $2)", l.d.Qualified(found.Name), column), 7, 1); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		if got := Value(t, l.s, fmt.Sprintf("SELECT %s FROM %s WHERE %[1]s = $1", column, table), 7); got != "7" {
			t.Errorf("%q: read %s", name, got)
		}
	}
}

// The ledger's tables can be made again and again, and are no part of the schema.
func testLedger(t *testing.T, f Fixture) {
	l := open(t, f, neighbours)
	before := facts(l.inspect(t, l.s), allFields)
	for range 2 {
		for _, ddl := range l.d.LedgerDDL() {
			if _, err := l.s.Exec(t.Context(), ddl); err != nil {
				t.Fatalf("%s: %v", ddl, err)
			}
		}
	}
	sameFacts(t, "with a ledger", facts(l.inspect(t, l.s), allFields), before)
	for _, table := range []string{"ledger", "migrations", "steps", "backfills", "app_versions", "events"} {
		if got := Value(t, l.s, "SELECT COUNT(*) FROM "+l.d.LedgerTable(table)); got != "0" {
			t.Errorf("%s rows in a fresh %s", got, table)
		}
	}
	// Keys differ by case and trailing blanks, and what is written comes back byte for byte.
	for _, step := range []string{"a", "A", "a ", "ä"} {
		if _, err := l.s.Exec(t.Context(), "INSERT INTO "+l.d.LedgerTable("steps")+` (project, migration, step, state, attempts, started_at)
			VALUES ('p', '1', $1, 'done', 1, CURRENT_TIMESTAMP)`, step); err != nil {
			t.Errorf("step %q: %v", step, err)
		}
	}
	const detail = `{"b": 1,"a":  "\u00e9 é 😀"}`
	events := l.d.LedgerTable("events")
	if _, err := l.s.Exec(t.Context(), "INSERT INTO "+events+` (at, actor, host, db_user, project, action, detail)
		VALUES (CURRENT_TIMESTAMP, 'a', 'h', 'u', 'p', 'x', $1)`, detail); err != nil {
		t.Fatal(err)
	}
	if got := Value(t, l.s, "SELECT detail FROM "+events); got != detail {
		t.Errorf("wrote %s and read %s", detail, got)
	}
}
