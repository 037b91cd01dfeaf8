package mysql

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/segue-db/segue/dialects"
)

const (
	matrixSettings = `SET foreign_key_checks=0;
SET sql_mode='STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION';
DROP TABLE IF EXISTS kid, t, tt;
SET foreign_key_checks=1;
`
	matrixParent = `CREATE TABLE p (id int primary key) ENGINE=InnoDB;
`
	matrixTables = `CREATE TABLE t (id int not null primary key, a int, b varchar(20) charset utf8mb4,
  c varchar(40) charset latin1 not null default 'x', d datetime, e enum('a','b'), n int not null default 1,
  big varchar(300) charset latin1, txt text, key k (a), unique key u (n), constraint ck check (a < 100)) ENGINE=InnoDB;
`
)

// matrixCase is a line of testdata/matrix.txt.
type matrixCase struct {
	line  int
	setup string
	alter string
	only  dialects.Kind
}

func matrixCases(t *testing.T) []matrixCase {
	t.Helper()
	data, err := os.ReadFile("testdata/matrix.txt")
	if err != nil {
		t.Fatal(err)
	}
	var cases []matrixCase
	for i, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		c := matrixCase{line: i + 1, alter: line}
		for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
			if rest, ok := strings.CutPrefix(line, string(kind)+": "); ok {
				c.only, c.alter = kind, rest
			}
		}
		if setup, alter, ok := strings.Cut(c.alter, " | "); ok {
			c.setup, c.alter = setup+";\n", alter
		}
		cases = append(cases, c)
	}
	return cases
}

// asking is the statement with an algorithm and a lock.
func (c matrixCase) asking(algorithm dialects.Algorithm, lock string) string {
	clauses := []string{"ALGORITHM=" + string(algorithm)}
	if lock != "" {
		clauses = append(clauses, "LOCK="+lock)
	}
	if strings.HasPrefix(c.alter, "CREATE ") || strings.HasPrefix(c.alter, "DROP INDEX k ON") {
		return c.alter + " " + strings.Join(clauses, " ")
	}
	return "ALTER TABLE t " + strings.Join(clauses, ", ") + ", " + c.alter
}

// predicted is what the judge makes of the case on the catalog that its setup replays to.
func (c matrixCase) predicted(t *testing.T, v dialects.Version) (judge, outcome) {
	t.Helper()
	d := Dialect{Server: v}
	catalog := d.NewCatalog(v)
	now := defaultSettings
	for _, s := range d.Parse(matrixParent + matrixTables + c.setup) {
		if s.Syntax != nil {
			t.Fatalf("line %d: %v", c.line, s.Syntax)
		}
		d.Replay(catalog, s)
		for _, change := range s.Changes {
			if set, ok := change.(dialects.Setting); ok {
				now.foreignKeyChecks = now.foreignKeyChecks && !(set.Name == "foreign_key_checks" && set.Value == "0")
				now.strict = now.strict && !(set.Name == "sql_mode" && set.Value == "''")
			}
		}
	}
	statements := d.Parse(c.asking(dialects.AlgorithmCopy, ""))
	if len(statements) != 1 || statements[0].Syntax != nil {
		t.Fatalf("line %d: %s: %v", c.line, c.alter, statements[0].Syntax)
	}
	j := judge{replayer: replayer{Catalog: catalog, server: v}, statement: statements[0], settings: now}
	return j, j.outcome()
}

// TestMatrix holds the online DDL matrix against the servers: each algorithm is asked for, and acceptance
// must equal prediction in both directions.
func TestMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("asks two servers some thousand times")
	}
	onBoth(t, func(t *testing.T, d *Database) {
		session := sessionTest(t, d)
		server, err := d.Server(t.Context(), session)
		if err != nil {
			t.Fatal(err)
		}
		algorithms := []dialects.Algorithm{dialects.AlgorithmInstant, dialects.AlgorithmInPlace, dialects.AlgorithmCopy}
		if server.Version.Kind == dialects.MariaDB {
			algorithms = append(algorithms, dialects.AlgorithmNoCopy)
		}
		runScript(t, session, matrixParent)
		asked, disagreements := 0, 0
		for _, c := range matrixCases(t) {
			if c.only != "" && c.only != server.Version.Kind {
				continue
			}
			j, whole := c.predicted(t, server.Version)
			fresh := false
			for _, algorithm := range algorithms {
				for _, lock := range []string{"NONE", ""} {
					if !fresh {
						runScript(t, session, matrixSettings+matrixTables+c.setup)
					}
					sql := c.asking(algorithm, lock)
					err := session.Script(t.Context(), sql)
					fresh = err != nil
					asked++
					want, got := j.accepts(whole.ability, algorithm, lock), accepted(t, sql, err)
					if got != want {
						disagreements++
						t.Errorf("matrix.txt:%d: %s%s\n\tpredicted %t (%s), the server says: %v", c.line, c.setup, sql, want, describeAbility(whole.ability), err)
					}
					if got {
						break // what is accepted with a lock is accepted without
					}
				}
			}
		}
		t.Logf("%s: asked %d times, %d disagreements", server.Version, asked, disagreements)
	})
}

// accepted reports whether the server did as it was asked, or refused the algorithm or lock.
func accepted(t *testing.T, sql string, err error) bool {
	t.Helper()
	var refusal *mysql.MySQLError
	switch {
	case err == nil:
		return true
	case errors.As(err, &refusal):
		switch refusal.Number {
		case 1845, 1846, 1221, 1795: // not supported; with a reason; incorrect usage; one FULLTEXT index at a time
			return false
		}
	}
	t.Errorf("%s: %v", sql, err)
	return false
}

func describeAbility(a ability) string {
	return fmt.Sprintf("instant %t, work %d, waits %t, exclusive %t, %s", a.instant, a.work, a.waits, a.exclusive, a.cause)
}
