package mysql

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// Each rule of dual-write.md, part B, is tried with the plan as it is, and with one that breaks the
// rule: there the write must be lost or fail, or the test would show nothing.
type ruleTest struct {
	name, table string
	only        dialects.Kind
	breaks      func(dw *dialects.DualWrite)
	// writes are an app's, in dual-write; errors are let pass. want and wrong are the query's answers.
	writes      []string
	query       string
	want, wrong string
}

// rewritten breaks a plan by another text.
func rewritten(from, to string) func(*dialects.DualWrite) {
	return func(dw *dialects.DualWrite) {
		for _, list := range [][]dialects.Action{dw.Expand, dw.TwoWay} {
			for i := range list {
				list[i].SQL = strings.ReplaceAll(list[i].SQL, from, to)
			}
		}
	}
}

// without leaves actions out.
func without(text string) func(*dialects.DualWrite) {
	return func(dw *dialects.DualWrite) {
		dw.Expand = slices.DeleteFunc(slices.Clone(dw.Expand), func(a dialects.Action) bool { return strings.Contains(a.SQL, text) })
	}
}

// with adds an action behind expand's.
func with(sql string) func(*dialects.DualWrite) {
	return func(dw *dialects.DualWrite) {
		dw.Expand = append(slices.Clone(dw.Expand), dialects.Action{SQL: sql, Probe: "SELECT IF(@segue_with, 'done', 'absent')"})
		dw.Expand[len(dw.Expand)-1].SQL += "; SET @segue_with = 1"
	}
}

const (
	rowsOfT  = "SELECT GROUP_CONCAT(CONCAT(id, ':', COALESCE(o, 'NULL'), '|', COALESCE(n, 'NULL')) ORDER BY id) FROM t"
	notNullO = "CREATE TABLE t (id int PRIMARY KEY, o varchar(20) NOT NULL, q int)"
)

var ruleTests = []ruleTest{
	{name: "B1 a default on the old column hides that it is missing", only: dialects.MySQL, table: notNullO,
		breaks: with("ALTER TABLE t ALTER COLUMN o SET DEFAULT ''"),
		writes: []string{`INSERT INTO t (id, n) VALUES (11, NULL)`, `INSERT INTO t (id, q) VALUES (12, 1)`, `INSERT INTO t (id, n) VALUES (13, 'x')`},
		query:  rowsOfT, want: "13:x|x", wrong: "11:|,12:|,13:x|x"},
	{name: "B1 MariaDB's INSERT ... SELECT needs a default, and its value is never stored", only: dialects.MariaDB, table: notNullO,
		breaks: without("SET DEFAULT"),
		writes: []string{`INSERT INTO t (id, n) VALUES (11, NULL)`, `INSERT INTO t (id, q) VALUES (12, 1)`, `INSERT INTO t (id, q) SELECT 14, 1`,
			`INSERT INTO t (id, n) SELECT 13, 'x'`, `UPDATE t SET o = DEFAULT`, `INSERT INTO t (id, o) VALUES (15, DEFAULT)`},
		query: rowsOfT, want: "13:x|x", wrong: "NULL"},
	{name: "B1 nor does that default trouble a writer that is not strict", only: dialects.MariaDB, table: notNullO,
		breaks: rewritten("SET NEW.`o` = '', NEW.`n` = ''", "SET @none = 1"),
		writes: []string{`SET sql_mode = ''`, `INSERT INTO t (id, q) VALUES (1, 1)`, `INSERT INTO t (id, q) SELECT 2, 1`, `INSERT IGNORE INTO t (id, q) VALUES (3, 1), (4, 1)`},
		query:  "SELECT GROUP_CONCAT(CONCAT(id, ':', LENGTH(o), IF(o <=> n, '', '!')) ORDER BY id) FROM t", want: "1:0,2:0,3:0,4:0", wrong: "1:20!,2:20!,3:20!,4:20!"},
	{name: "B2 a NULL of a writer that is not strict", table: notNullO, breaks: without("segue_implicit"),
		writes: []string{`SET sql_mode = ''`, `INSERT INTO t (id, o) VALUES (1, NULL), (2, NULL)`, `INSERT IGNORE INTO t (id, o) VALUES (3, NULL), (4, 'x')`,
			`UPDATE t SET o = NULL WHERE id = 4`},
		query: rowsOfT, want: "1:|,2:|,3:|,4:|", wrong: "1:|NULL,2:|NULL,3:|NULL,4:|NULL"},
	{name: "B2 a column left out by a writer that is not strict", only: dialects.MySQL, table: notNullO, breaks: without("segue_implicit"),
		writes: []string{`SET sql_mode = ''`, `INSERT INTO t (id, q) VALUES (5, 1)`, `INSERT INTO t (id, q) SELECT 6, 1`},
		query:  rowsOfT, want: "5:|,6:|", wrong: "5:|NULL,6:|NULL"},
	{name: "B2 a NULL in the new column, of a writer that is not strict, on MariaDB", only: dialects.MariaDB, table: notNullO, breaks: without("segue_implicit"),
		writes: []string{`SET sql_mode = ''`, `INSERT INTO t (id, n) VALUES (1, NULL), (2, NULL)`, `INSERT INTO t (id, n) VALUES (3, 'x')`, `UPDATE t SET n = NULL WHERE id = 3`},
		query:  rowsOfT, want: "1:|,2:|,3:|", wrong: "1:|,2:|,3:|NULL"},
	{name: "B2 a strict writer gets its error", table: notNullO, breaks: with("ALTER TABLE t MODIFY o varchar(20) NULL"),
		writes: []string{`INSERT INTO t (id, o) VALUES (1, NULL)`, `INSERT INTO t (id, n) VALUES (2, NULL)`, `INSERT INTO t (id) VALUES (3)`,
			`INSERT INTO t (id, n) VALUES (4, 'x')`, `UPDATE t SET o = NULL`, `UPDATE t SET n = NULL`},
		query: rowsOfT, want: "4:x|x", wrong: "1:NULL|,2:NULL|,3:NULL|,4:NULL|"},
	{name: "B3 CAST AS BINARY alone", table: "CREATE TABLE t (id int PRIMARY KEY, o float); INSERT INTO t VALUES (1, 1)",
		breaks: rewritten("NOT (NEW.`o` <=> OLD.`o`) OR ", ""),
		writes: []string{`UPDATE t SET o = 1.0000002`},
		query:  "SELECT o = n AND o > 1 FROM t", want: "1", wrong: "0"},
	{name: "B3 equality alone", table: "CREATE TABLE t (id int PRIMARY KEY, o varchar(20)); INSERT INTO t VALUES (1, 'a')",
		breaks: rewritten(" OR NOT (CAST(NEW.`o` AS BINARY) <=> CAST(OLD.`o` AS BINARY))", ""),
		writes: []string{`UPDATE t SET o = 'A'`},
		query:  rowsOfT, want: "1:A|A", wrong: "1:A|a"},
	{name: "B7 a guard that anybody opens", table: "CREATE TABLE t (id int PRIMARY KEY, o varchar(20)); INSERT INTO t VALUES (1, 'a')",
		breaks: rewritten(guard, "@segue_backfill IS NULL"),
		writes: []string{`SET @segue_backfill = 1`, `UPDATE t SET o = 'leak'`, `SET @segue_backfill = NULL`},
		query:  rowsOfT, want: "1:leak|leak", wrong: "1:leak|a"},
	{name: "A6 an explicit NULL where there is a default", table: "CREATE TABLE t (id int PRIMARY KEY, o varchar(20) DEFAULT 'none')",
		breaks: without("SET DEFAULT"),
		writes: []string{`INSERT INTO t (id, n) VALUES (1, NULL)`, `INSERT INTO t (id, o) VALUES (2, NULL)`, `INSERT INTO t (id) VALUES (3)`},
		query:  rowsOfT, want: "1:NULL|NULL,2:NULL|NULL,3:none|none", wrong: "1:NULL|NULL,2:NULL|NULL,3:NULL|NULL"},
	{name: "a date of zeros from a writer that takes it", table: "CREATE TABLE t (id int PRIMARY KEY, o date)",
		breaks: rewritten(dateMode, "STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE"),
		writes: []string{`SET sql_mode = 'ALLOW_INVALID_DATES'`, `INSERT INTO t (id, o) VALUES (1, '0000-00-00')`, `INSERT INTO t (id, n) VALUES (2, '2020-02-31')`},
		query:  rowsOfT, want: "1:0000-00-00|0000-00-00,2:2020-02-31|2020-02-31", wrong: "NULL"},
}

func TestRules(t *testing.T) {
	onLive(t, func(t *testing.T, l *live) {
		mode := value(t, l.app, "SELECT @@sql_mode")
		for _, test := range ruleTests {
			if test.only != "" && test.only != l.dialect().Kind() {
				continue
			}
			t.Run(test.name, func(t *testing.T) {
				for _, broken := range []bool{false, true} {
					l.table(t, test.table)
					_, dw := l.plan(t, "t", "o", "n")
					want := test.want
					if broken {
						want = test.wrong
						test.breaks(dw)
						runScript(t, l.s, "SET @segue_with = NULL")
					}
					l.toDualWrite(t, dw)
					for _, sql := range test.writes {
						if err := l.app.Script(t.Context(), sql); err != nil {
							t.Logf("%s: %v", sql, err)
						}
					}
					if got := value(t, l.s, test.query); got != want {
						t.Errorf("broken %v: %s, want %s", broken, got, want)
					}
					runScript(t, l.app, "SET sql_mode = "+quoteLiteral(mode))
				}
			})
		}
	})
}

// With the INSERT trigger first a row is inserted in step and updated out of it before the UPDATE trigger
// comes, and a backfill of NULLs alone never comes back to it (dual-write.md, B4).
func TestUpdateTriggerComesFirst(t *testing.T) {
	onLive(t, func(t *testing.T, l *live) {
		for _, order := range []string{"as planned", "turned"} {
			l.table(t, "CREATE TABLE t (id int PRIMARY KEY, o varchar(20))")
			_, dw := l.plan(t, "t", "o", "n")
			if order == "turned" {
				slices.Reverse(dw.Expand[1:])
			}
			for i, a := range dw.Expand {
				l.carryOut(t, a)
				if i > 0 {
					runScript(t, l.app, fmt.Sprintf("INSERT INTO t (id, o) VALUES (%d, 'v1'); UPDATE t SET o = 'v2' WHERE id = %[1]d", i))
				}
			}
			runScript(t, l.s, "SET @segue_backfill = CONNECTION_ID(); UPDATE t SET n = o WHERE n IS NULL; SET @segue_backfill = NULL")
			differ := value(t, l.s, "SELECT COUNT(*) FROM t WHERE "+differ("o", "n"))
			if (differ != "0") != (order == "turned") {
				t.Errorf("%s: %s rows differ", order, differ)
			}
		}
	})
}

// On MySQL a snapshot from before the column came, or went, cannot read the table: the plan says so. On
// MariaDB it can (dual-write.md, B6).
func TestOldSnapshots(t *testing.T) {
	onLive(t, func(t *testing.T, l *live) {
		l.table(t, "CREATE TABLE t (id int PRIMARY KEY, o varchar(20)); INSERT INTO t VALUES (1, 'a'); CREATE TABLE other (id int)")
		_, dw := l.plan(t, "t", "o", "n")
		says := slices.ContainsFunc(dw.Notices, func(n string) bool { return strings.Contains(n, "1412") })
		if says == l.isMariaDB() {
			t.Errorf("notices are %q", dw.Notices)
		}
		runScript(t, l.app, "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT; SELECT * FROM other")
		l.toDualWrite(t, dw)
		err := l.app.Script(t.Context(), "SELECT * FROM t")
		if l.isMariaDB() != (err == nil) || err != nil && codeOf(err) != 1412 {
			t.Errorf("the old snapshot: %v", err)
		}
		runScript(t, l.app, "ROLLBACK; SELECT * FROM t")
	})
}
