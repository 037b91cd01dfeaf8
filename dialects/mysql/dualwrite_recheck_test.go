package mysql

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestRecheck is A8: what would be lost or broken with the form that goes, or stands in its way, is
// named, while the table is held. What stands on the old column goes along, and is not.
func TestRecheck(t *testing.T) {
	onLive(t, func(t *testing.T, l *live) {
		l.table(t, "CREATE TABLE t (id int PRIMARY KEY, o varchar(20) NOT NULL, q int, KEY known (o)); INSERT INTO t VALUES (1, 'a', 1); CREATE FUNCTION before_plan() RETURNS int DETERMINISTIC RETURN (SELECT COUNT(o) FROM t)")
		spec, dw := l.plan(t, "t", "o", "n")
		l.toDualWrite(t, dw)
		sync := dw.TwoWay[0]
		first, rest, _ := strings.Cut(sync.SQL, "\n")
		_, body, _ := strings.Cut(rest, "\n") // without FOLLOWS
		type change struct{ name, change, back, want string }
		changes := []change{
			{"nothing", "", "", ""},
			{"an index on the old column goes along", "CREATE UNIQUE INDEX hot ON t (o)", "DROP INDEX hot ON t", ""},
			{"an index on the new column would go", "CREATE INDEX hot ON t (q, n)", "DROP INDEX hot ON t", "index hot stands on t.n, which contract drops"},
			{"a trigger of an app that names neither", "CREATE TRIGGER late BEFORE UPDATE ON t FOR EACH ROW SET NEW.q = 7", "DROP TRIGGER late", ""},
			{"a trigger behind ours", "CREATE TRIGGER late BEFORE UPDATE ON t FOR EACH ROW SET NEW.n = 'x'", "DROP TRIGGER late", "trigger late of t names n and runs behind"},
			{"a trigger that names the old column", "CREATE TRIGGER late AFTER UPDATE ON t FOR EACH ROW SET @x = OLD.o", "DROP TRIGGER late", "trigger late of t names o"},
			{"a view of the old column", "CREATE VIEW v AS SELECT o FROM t", "DROP VIEW v", "view v reads t.o"},
			{"a view of the new column", "CREATE VIEW v AS SELECT n FROM t", "DROP VIEW v", ""},
			{"a routine", "CREATE PROCEDURE late() SELECT o FROM t", "DROP PROCEDURE late", "routine late has the word o"},
			{"an event", "CREATE EVENT late ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE o = ''", "DROP EVENT late", "event late has the word o"},
			{"a generated column", "ALTER TABLE t ADD w varchar(40) AS (concat(o, 'x'))", "ALTER TABLE t DROP w", "generated column t.w uses o"},
			{"a generated column on the new one", "ALTER TABLE t ADD w varchar(40) AS (concat(n, 'x'))", "ALTER TABLE t DROP w", "generated column w stands on t.n"},
			{"a type", "ALTER TABLE t MODIFY n varchar(30) NULL INVISIBLE", "ALTER TABLE t MODIFY n varchar(20) NULL INVISIBLE", "different types"},
			{"no sync trigger", sync.Undo, first + "\n" + body, "is gone"},
		}
		const check = "ALTER TABLE t ADD CONSTRAINT ck CHECK (o <> 'x')"
		if l.isMariaDB() {
			changes = append(changes, change{"a check goes along", check, "ALTER TABLE t DROP CONSTRAINT ck", ""})
		} else {
			changes = append(changes, change{"a check", check, "ALTER TABLE t DROP CHECK ck", "check ck of t uses o"})
		}
		recheck := func(name, want string) {
			t.Helper()
			tx := begin(t, l.s, dialects.TxOptions{Hold: []dialects.Name{spec.Table}})
			defer tx.Rollback(t.Context())
			messages, err := l.Recheck(t.Context(), tx, spec, dw.Recheck)
			if err != nil {
				t.Fatal(err)
			}
			if want == "" && len(messages) > 0 || want != "" && !strings.Contains(strings.Join(messages, "\n"), want) {
				t.Errorf("%s: got %q, want %q", name, messages, want)
			}
		}
		for _, c := range changes {
			runScript(t, l.s, c.change)
			recheck(c.name, c.want)
			runScript(t, l.s, c.back)
		}
		runScript(t, l.s, "DROP FUNCTION before_plan")
		l.contractTo(t, spec, dw, 1)
		for _, c := range []change{
			{"an index on the column that stays, after the swap", "CREATE INDEX hot ON t (n)", "DROP INDEX hot ON t", ""},
			{"an index on the column that goes, after the swap", "CREATE INDEX hot ON t (o)", "DROP INDEX hot ON t", "index hot stands on t.o, which contract drops"},
			{"a view of the old name, after the swap", "CREATE VIEW v AS SELECT o FROM t", "DROP VIEW v", "view v reads t.o"},
		} {
			runScript(t, l.s, c.change)
			recheck(c.name, c.want)
			runScript(t, l.s, c.back)
		}
		for _, a := range dw.Contract[1:] {
			l.carryOut(t, a)
		}
		recheck("all is through", "")
		runScript(t, l.s, "DROP TABLE t")
		if messages, err := l.Recheck(t.Context(), l.s, spec, dw.Recheck); err != nil || len(messages) != 1 || messages[0] != "table t is gone" {
			t.Errorf("no table: %q %v", messages, err)
		}
	})
}
