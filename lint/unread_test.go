package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/lint"
)

// onServer is a configuration for a server of the MySQL family.
func onServer(t testing.TB, server string) lint.Config {
	t.Helper()
	v, err := dialects.ParseVersion(server)
	if err != nil {
		t.Fatal(err)
	}
	c := config()
	c.Dialect, c.Server = mysql.Dialect{Server: v}, v
	return c
}

// TestWhatCannotBeReadHasAPlace holds that a statement which the parser does not know is a finding at
// its file, line and column; that those around it are read all the same; and that it is run, as written,
// only where it is allowed.
func TestWhatCannotBeReadHasAPlace(t *testing.T) {
	const before, after = "CREATE TABLE IF NOT EXISTS a (id int);\n\n/* größe */ ", ";\nDROP TABLE a2"
	for _, test := range []struct {
		server, text string
		at           int    // where in the text the finding points
		rule         string // that reports it
	}{
		{"mysql:9.7", "CREATE JSON RELATIONAL DUALITY VIEW v AS SELECT JSON_DUALITY_OBJECT('_id': id) FROM a", len("CREATE "), "syntax-error"},
		{"mysql:9.7", "INSERT INTO a (id) VALUES (1) RETURNING id", len("INSERT INTO a (id) VALUES (1) "), "not-on-this-server"},
		{"mysql:9.7", "SELECT * FROM a QUALIFY row_number() OVER (ORDER BY id) = 1", len("SELECT * FROM a QUALIFY "), "syntax-error"},
		{"mysql:9.7", "CREATE LIBRARY l LANGUAGE JAVASCRIPT AS $$ export function f() { return 1; } $$", len("CREATE "), "syntax-error"},
		{"mysql:8.4", "ALTER TABEL a ADD b int", len("ALTER "), "syntax-error"},
		{"mysql:8.4", "ALTER TABLE a ADD COLUMN IF NOT EXISTS b int", len("ALTER TABLE a ADD COLUMN "), "not-on-this-server"},
		{"mysql:8.4", "SOURCE other.sql", 0, "syntax-error"},
		{"mysql:8.4", "CALL tidy_up()", 0, "opaque-statement"},
		{"mariadb:10.11", "UPDATE a SET id = 1 RETURNING id", len("UPDATE a SET id = 1 "), "syntax-error"},
		{"mysql:8.4", "SET STATEMENT lock_wait_timeout = 3 FOR ALTER TABLE a ADD b int", len("SET STATEMENT "), "syntax-error"},
		{"mariadb:10.11", "ALTER TABLE a ADD CONSTRAINT IF NOT EXISTS c CHECK (id > 0)", len("ALTER TABLE a ADD CONSTRAINT "), "syntax-error"},
	} {
		t.Run(test.text, func(t *testing.T) {
			c := onServer(t, test.server)
			r := run(t, c, before+test.text+after)
			var places []string
			for _, f := range r.Findings {
				if f.Rule == test.rule {
					places = append(places, fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column))
					if f.Statement != test.text {
						t.Errorf("the statement is %q", f.Statement)
					}
				}
			}
			want := fmt.Sprintf("migrations/0001_x.sql:3:%d", len([]rune("/* größe */ "))+1+test.at)
			if got := strings.Join(places, " "); got != want {
				t.Errorf("%s at %q, want %s", test.rule, got, want)
			}
			allowed := run(t, c, "-- segue:allow "+test.rule+" the server knows it\n"+test.text)
			if len(allowed.Findings) > 0 || len(allowed.Suppressed) != 1 {
				t.Errorf("allowed, it has the findings %q", found(allowed))
			}
		})
	}
}
