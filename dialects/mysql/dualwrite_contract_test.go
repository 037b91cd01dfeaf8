package mysql

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

// kept is a table whose old column has all that could stand in the new app's way.
const kept = `CREATE TABLE up (name varchar(20) PRIMARY KEY); INSERT INTO up VALUES ('a'), ('b'), ('c'), ('d'), ('e'), ('f'), ('g'), ('h');
	CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, o varchar(20) NOT NULL, q int, UNIQUE uq (o), KEY both_of (q, o), CONSTRAINT fk FOREIGN KEY (o) REFERENCES up (name));
	INSERT INTO t (o) VALUES ('a'), ('b')`

// statements takes a script apart as the session does.
func (l *live) statements(sql string) []string {
	var parts []string
	for _, s := range l.dialect().Parse(sql) {
		parts = append(parts, s.Text)
	}
	return parts
}

// A runner that is killed between any two statements of contract lets the table go. Apps of the new name
// then write as before, and are held to what stood on the old column; the probe says that the action is
// not done, and the same action run again ends it. Nothing is lost (dual-write.md, B5).
func TestContractKilledInside(t *testing.T) {
	for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
		t.Run(string(kind), func(t *testing.T) {
			plain := openLive(t, kind, kept)
			runScript(t, plain.s, "ALTER TABLE t RENAME COLUMN o TO n")
			l := openLive(t, kind, kept)
			spec, dw := l.plan(t, "t", "o", "n")
			l.toDualWrite(t, dw)
			killed := 0
			written := []string{"c", "d", "e", "f", "g", "h"}
			for _, a := range dw.Contract {
				parts := l.statements(a.SQL)
				for done := range parts {
					runner := sessionTest(t, l.Database)
					tx := begin(t, runner, dialects.TxOptions{Hold: a.Hold})
					for _, sql := range parts[:done] {
						runScript(t, tx, sql)
					}
					runScript(t, l.s, fmt.Sprintf("KILL %d", runner.conn.id))
					if killed < len(written) {
						l.newAppWrites(t, written[killed], strings.Join(parts[:done], "; "))
					}
					killed++
					if state := value(t, l.s, a.Probe); state != "absent" {
						t.Errorf("killed before %s: the probe says %s", parts[done], state)
					}
				}
				l.recheck(t, a, spec, dw)
				l.carryOut(t, a)
			}
			if killed < 6 {
				t.Errorf("killed %d times", killed)
			}
			sameText(t, "schema", l.dump(t), plain.dump(t))
			if got := value(t, l.s, "SELECT GROUP_CONCAT(n ORDER BY n) FROM t"); got != "a,b,c,d,e,f,g,h" {
				t.Errorf("the rows are %s", got)
			}
		})
	}
}

// newAppWrites inserts twice by the new name alone: a good row, and rows that a plain table refuses.
func (l *live) newAppWrites(t *testing.T, v, after string) {
	t.Helper()
	l.waitsForNobody(t)
	if err := l.app.Script(t.Context(), "INSERT INTO t (n) VALUES ('"+v+"')"); err != nil {
		t.Errorf("after %q: %v", after, err)
	}
	for bad, codes := range map[string][]int{
		"INSERT INTO t (n) VALUES ('a')":              {1062},
		"INSERT INTO t (n) VALUES ('none')":           {1452},
		"INSERT INTO t (q) VALUES (1)":                {1364, 1406},
		"INSERT INTO t (n) VALUES (NULL)":             {1048, 1364, 1406},
		"UPDATE t SET n = NULL WHERE n = '" + v + "'": {1048},
	} {
		if err := l.app.Script(t.Context(), bad); !slices.Contains(codes, codeOf(err)) {
			t.Errorf("after %q: %s: %v", after, bad, err)
		}
	}
}

// waitsForNobody waits until a killed session has let the table go.
func (l *live) waitsForNobody(t *testing.T) {
	t.Helper()
	await(t, "the killed session is gone", func() bool {
		return value(t, l.s, "SELECT COUNT(*) FROM information_schema.processlist WHERE command = 'Killed'") == "0"
	})
}

// In the order that drops the triggers while the old column keeps its key, the new app's second insert
// fails for as long as the runner takes, or for ever if it died there (dual-write.md, B5).
func TestContractInAnotherOrderFailsTheNewApp(t *testing.T) {
	onLive(t, func(t *testing.T, l *live) {
		l.table(t, "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, o varchar(20) NOT NULL DEFAULT '', UNIQUE uq (o))")
		_, dw := l.plan(t, "t", "o", "n")
		l.toDualWrite(t, dw)
		last := l.statements(dw.Contract[len(dw.Contract)-1].SQL)
		if drop := last[len(last)-1]; l.s.Script(t.Context(), drop) == nil {
			t.Errorf("%s is taken while a key is on the column", drop)
		}
		for _, sql := range last[:len(last)-1] {
			runScript(t, l.s, sql)
		}
		first, second := l.app.Script(t.Context(), "INSERT INTO t (n) VALUES ('x')"), l.app.Script(t.Context(), "INSERT INTO t (n) VALUES ('y')")
		if first != nil || codeOf(second) != 1062 {
			t.Errorf("%v, %v", first, second)
		}
	})
}

// After the swap, and a crash of the server, each name has the values that it should, and the keys are
// with the new name.
func TestSwapSurvivesACrash(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
		t.Run(string(kind), func(t *testing.T) {
			server := own[kind](t)
			url := server.Database(t)
			d := openAt(t, url)
			l := &live{d, sessionTest(t, d), sessionTest(t, d), server}
			runScript(t, l.s, kept)
			spec, dw := l.plan(t, "t", "o", "n")
			l.toDualWrite(t, dw)
			l.contractTo(t, spec, dw, 1)
			runScript(t, l.app, "INSERT INTO t (n) VALUES ('c'); INSERT INTO t (o) VALUES ('d')")
			crashNow(t, server)
			l.s, l.app = sessionTest(t, d), sessionTest(t, d)
			if state := value(t, l.s, dw.Contract[0].Probe); state != "done" {
				t.Errorf("the probe says %s", state)
			}
			l.newAppWrites(t, "e", "a crash")
			if got := value(t, l.s, "SELECT GROUP_CONCAT(CONCAT(o, n) ORDER BY n) FROM t FORCE INDEX (uq)"); got != "aa,bb,cc,dd,ee" {
				t.Errorf("the rows are %s", got)
			}
			for _, a := range dw.Contract[1:] {
				l.recheck(t, a, spec, dw)
				l.carryOut(t, a)
			}
			crashNow(t, server)
			l.s, l.app = sessionTest(t, d), sessionTest(t, d)
			if got := value(t, l.s, "SELECT GROUP_CONCAT(n ORDER BY n) FROM t FORCE INDEX (uq)"); got != "a,b,c,d,e" {
				t.Errorf("the rows are %s", got)
			}
			var table, op, kind, text string
			if err := dialects.ReadRow(t.Context(), l.s, "CHECK TABLE t EXTENDED", nil, &table, &op, &kind, &text); err != nil || text != "OK" {
				t.Errorf("CHECK TABLE: %s %v", text, err)
			}
			l.newAppWrites(t, "f", "the end")
		})
	}
}

// Old apps that are still there after the swap, which the gate should have kept out, are served until
// the column goes; then they fail loudly.
func TestOldAppsFailLoudlyAtLast(t *testing.T) {
	onLive(t, func(t *testing.T, l *live) {
		runScript(t, l.s, kept)
		spec, dw := l.plan(t, "t", "o", "n")
		l.toDualWrite(t, dw)
		for i, a := range dw.Contract {
			runScript(t, l.app, fmt.Sprintf("INSERT INTO t (o) VALUES ('%c'); UPDATE t SET o = o WHERE n = 'a'", 'c'+i))
			l.recheck(t, a, spec, dw)
			l.carryOut(t, a)
		}
		if err := l.app.Script(context.Background(), "INSERT INTO t (o) VALUES ('h')"); codeOf(err) != 1054 {
			t.Error(err)
		}
		if got := value(t, l.s, "SELECT GROUP_CONCAT(n ORDER BY n) FROM t"); got != "a,b,c,d,e" {
			t.Errorf("the rows are %s", got)
		}
	})
}

func crashNow(t *testing.T, server *scratch.Server) {
	t.Helper()
	if err := server.Restart(t.Context(), scratch.Immediate); err != nil {
		t.Fatal(err)
	}
}

// TestContractUnderAKeyOfAnotherSchema: a foreign key that the database's own catalog does not show.
func TestContractUnderAKeyOfAnotherSchema(t *testing.T) {
	onLive(t, func(t *testing.T, l *live) {
		runScript(t, l.s, "CREATE TABLE t (id int PRIMARY KEY, o varchar(9) NOT NULL, UNIQUE (o)); INSERT INTO t VALUES (1, 'a')")
		here := value(t, l.s, "SELECT DATABASE()")
		there := quote(here + "_there")
		t.Cleanup(func() { _ = l.s.Script(context.WithoutCancel(t.Context()), "DROP DATABASE "+there) })
		runScript(t, l.s, fmt.Sprintf("CREATE DATABASE %s; CREATE TABLE %[1]s.child (o varchar(9), FOREIGN KEY (o) REFERENCES %s.t (o)); INSERT INTO %[1]s.child VALUES ('a')", there, quote(here)))
		_, dw := l.plan(t, "t", "o", "n")
		l.toDualWrite(t, dw)
		l.carryOut(t, dw.Contract...)
		if got := value(t, l.s, "SELECT CONCAT(n, (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't')) FROM t"); got != "a2" {
			t.Errorf("the table has %s, want a2", got)
		}
		if _, err := l.s.Exec(t.Context(), "DELETE FROM t"); err == nil {
			t.Error("the key of the other schema is gone")
		}
	})
}
