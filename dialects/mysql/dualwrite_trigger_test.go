package mysql

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// rowOf is a row of t as o,q,n.
func (l *live) rowOf(t *testing.T, id int) string {
	t.Helper()
	return value(t, l.s, fmt.Sprintf("SELECT CONCAT_WS(',', COALESCE(o, 'NULL'), q, COALESCE(n, 'NULL')) FROM t WHERE id = %d", id))
}

// numbered is a table of rows (1, 'a1', 'q'), (2, 'a2', 'q') and so on.
func numbered(rows int) string {
	sql := "CREATE TABLE t (id int PRIMARY KEY, o varchar(20), q varchar(20)); INSERT INTO t VALUES "
	for i := range rows {
		sql += fmt.Sprintf("(%d, 'a%[1]d', 'q'), ", i+1)
	}
	return strings.TrimSuffix(sql, ", ")
}

// While there is a fill-only trigger, alone or before the two-way one, no NULL of the new column wins.
func TestFillOnly(t *testing.T) {
	onLive(t, func(t *testing.T, l *live) {
		for _, stage := range []string{"filling", "entering dual-write"} {
			l.table(t, numbered(9))
			_, dw := l.plan(t, "t", "o", "n")
			l.carryOut(t, dw.Expand...)
			prefill := func() {
				runScript(t, l.s, "SET @segue_backfill = CONNECTION_ID(); UPDATE t SET n = o WHERE id <= 3; SET @segue_backfill = NULL")
			}
			if stage == "entering dual-write" {
				l.carryOut(t, dw.TwoWay[:2]...)
			}
			prefill()
			for id, test := range map[int]struct{ what, sql, want string }{
				1:  {"A2 a stale NULL of a whole-row writer never wins", `UPDATE t SET o = 'a1', q = 'changed', n = NULL WHERE id = 1`, "a1,changed,a1"},
				2:  {"A2 nor does it undo a real change beside it", `UPDATE t SET o = 'B2', q = 'changed', n = NULL WHERE id = 2`, "B2,changed,B2"},
				3:  {"A2 the old app's own NULL travels", `UPDATE t SET o = NULL WHERE id = 3`, "NULL,q,NULL"},
				4:  {"A3 a row is filled by any write", `UPDATE t SET q = 'other' WHERE id = 4`, "a4,other,a4"},
				5:  {"a value in the new column wins", `UPDATE t SET n = 'new' WHERE id = 5`, "new,q,new"},
				6:  {"A17, B7 the guard names the runner's own session", `SET @segue_backfill = 1; UPDATE t SET o = 'leak' WHERE id = 6; SET @segue_backfill = NULL`, "leak,q,leak"},
				7:  {"an upsert of the old name", `INSERT INTO t (id, o) VALUES (7, 'up') ON DUPLICATE KEY UPDATE o = VALUES(o)`, "up,q,up"},
				8:  {"REPLACE by the old name", `REPLACE INTO t (id, o, q) VALUES (8, 'again', 'q')`, "again,q,again"},
				20: {"A2 an insert of a whole row with a NULL", `INSERT INTO t (id, o, q, n) VALUES (20, 'x', 'q', NULL)`, "x,q,x"},
				21: {"an insert by the new name", `INSERT INTO t (id, n, q) VALUES (21, 'x', 'q')`, "x,q,x"},
			} {
				runScript(t, l.app, test.sql)
				if got := l.rowOf(t, id); got != test.want {
					t.Errorf("%s: %s: the row is %s, want %s", stage, test.what, got, test.want)
				}
			}
		}
	})
}

// From dual-write on whichever column was written counts, by whatever statement.
func TestTwoWay(t *testing.T) {
	onLive(t, func(t *testing.T, l *live) {
		l.table(t, numbered(20))
		_, dw := l.plan(t, "t", "o", "n")
		l.toDualWrite(t, dw)
		for n, test := range []struct{ sql, want string }{
			{`UPDATE t SET %[2]s = NULL WHERE id = %[1]d`, "NULL,q,NULL"},
			{`UPDATE t SET %[2]s = 'x' WHERE id = %[1]d`, "x,q,x"},
			{`UPDATE t SET q = 'other' WHERE id = %[1]d`, "a%[1]d,other,a%[1]d"},
			{`UPDATE t SET %[2]s = UPPER(%[2]s) WHERE id = %[1]d`, "A%[1]d,q,A%[1]d"},
			{`UPDATE t SET %[2]s = CONCAT(%[2]s, ' ') WHERE id = %[1]d`, "a%[1]d ,q,a%[1]d "},
			{`INSERT INTO t (id, %[2]s) VALUES (%[1]d, 'up') ON DUPLICATE KEY UPDATE %[2]s = VALUES(%[2]s)`, "up,q,up"},
			{`REPLACE INTO t (id, q, %[2]s) VALUES (%[1]d, 'q', 'again')`, "again,q,again"},
			{`DELETE FROM t WHERE id = %[1]d; INSERT INTO t (id, q, %[2]s) SELECT %[1]d, 'q', 'selected' UNION SELECT 1000 + %[1]d, 'q', 'selected'`, "selected,q,selected"},
			{`UPDATE t JOIN (SELECT %[1]d AS id, 'joined' AS v) j ON j.id = t.id SET t.%[2]s = j.v`, "joined,q,joined"},
			{`PREPARE s FROM 'UPDATE t SET %[2]s = ? WHERE id = ?'; SET @v = 'prepared', @id = %[1]d; EXECUTE s USING @v, @id`, "prepared,q,prepared"},
		} {
			for i, column := range []string{"o", "n"} {
				id := 2*n + i + 1
				runScript(t, l.app, fmt.Sprintf(test.sql, id, column))
				want := test.want
				if strings.Contains(want, "%") {
					want = fmt.Sprintf(want, id)
				}
				if got := l.rowOf(t, id); got != want {
					t.Errorf("%s by %s: the row is %s, want %s", test.sql, column, got, want)
				}
			}
		}
		runScript(t, l.app, `UPDATE t SET o = 'old', n = 'new' WHERE id = 1`)
		if got := l.rowOf(t, 1); got != "new,q,new" {
			t.Errorf("both were written: %s", got)
		}
		file := filepath.Join(os.TempDir(), "segue-"+l.app.conn.schema+".txt")
		if err := os.WriteFile(file, []byte("500\tloaded\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		defer os.Remove(file)
		for _, column := range []string{"o", "n"} {
			runScript(t, l.app, fmt.Sprintf("DELETE FROM t WHERE id = 500; LOAD DATA INFILE %s INTO TABLE t (id, %s)", quoteLiteral(file), column))
			if got := l.rowOf(t, 500); got != "loaded,loaded" {
				t.Errorf("LOAD DATA by %s: %s", column, got)
			}
		}
	})
}

// Equal is not identical (dual-write.md, B3): what is written to either column arrives, whatever the type.
func TestIdentityByType(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	onLive(t, func(t *testing.T, l *live) {
		for _, test := range []struct{ typ, a, b string }{
			{"float", "1", "1.0000002"},
			{"varchar(20)", "'a@x'", "'A@x'"}, {"varchar(20) COLLATE utf8mb4_general_ci", "'e'", "'é'"}, {"varchar(20)", "'a'", "'a '"},
			{"varbinary(9)", "'a'", "x'6100'"},
			{"json", `'{"a": 1}'`, `'{"a": "1"}'`}, {"enum('a','b')", "'a'", "'b'"},
			{"bit(9)", "b'1'", "b'100000001'"}, {"year", "2000", "2001"},
			{"date", "'2020-01-01'", "'0000-00-00'"},
			{"timestamp(3) NULL", "'2020-01-01 00:00:00.001'", "'0000-00-00'"}, {"point", "ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('POINT(2 1)')"},
			{"bigint unsigned", "18446744073709551615", "18446744073709551614"},
		} {
			l.table(t, fmt.Sprintf("CREATE TABLE t (id int PRIMARY KEY, o %s); SET sql_mode = 'ALLOW_INVALID_DATES'; INSERT INTO t VALUES (1, %s)", test.typ, test.a))
			spec, dw := l.plan(t, "t", "o", "n")
			l.toDualWrite(t, dw)
			runScript(t, l.app, "SET sql_mode = 'ALLOW_INVALID_DATES'")
			check := func(written string) {
				t.Helper()
				for _, column := range []string{"o", "n"} {
					for _, v := range []string{test.b, test.a} {
						runScript(t, l.app, fmt.Sprintf("UPDATE t SET %s = %s; DELETE FROM t WHERE id = 2; INSERT INTO t (id, %[1]s) VALUES (2, %[2]s)", column, v))
						same := "SELECT COUNT(*) FROM t a JOIN t b ON b.id = 2 WHERE " + identical("a.o", "a.n") + " AND " + identical("a.o", "b.o")
						if got := value(t, l.s, same); got != "2" {
							t.Errorf("%s: %s = %s %s: %s of 2 rows hold it twice", test.typ, column, v, written, got)
						}
					}
				}
			}
			check("in dual-write")
			l.contractTo(t, spec, dw, 1)
			check("after the swap")
		}
	})
}

// contractTo carries out contract's first steps.
func (l *live) contractTo(t *testing.T, spec dialects.DualWriteSpec, dw *dialects.DualWrite, steps int) {
	t.Helper()
	for _, a := range dw.Contract[:steps] {
		l.recheck(t, a, spec, dw)
		l.carryOut(t, a)
	}
}

// Where the clocks go back an hour comes twice, and a local time does not say which of the two it is. What is
// written to either column arrives as the moment that it is.
func TestRepeatedHour(t *testing.T) {
	onLive(t, func(t *testing.T, l *live) {
		const zone = 424242
		gone := fmt.Sprintf("DELETE FROM mysql.time_zone WHERE time_zone_id = %[1]d; DELETE FROM mysql.time_zone_name WHERE time_zone_id = %[1]d; DELETE FROM mysql.time_zone_transition WHERE time_zone_id = %[1]d; DELETE FROM mysql.time_zone_transition_type WHERE time_zone_id = %[1]d", zone)
		runScript(t, l.s, gone+fmt.Sprintf(`; INSERT INTO mysql.time_zone VALUES (%[1]d, 'N'); INSERT INTO mysql.time_zone_name VALUES ('Segue/Test', %[1]d);
			INSERT INTO mysql.time_zone_transition_type VALUES (%[1]d, 0, 3600, 0, 'CET'), (%[1]d, 1, 7200, 1, 'CEST');
			INSERT INTO mysql.time_zone_transition VALUES (%[1]d, 1711846800, 1), (%[1]d, 1729990800, 0)`, zone))
		defer runScript(t, l.s, gone)
		for _, definition := range []string{"timestamp NULL DEFAULT CURRENT_TIMESTAMP", "timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)"} {
			l.table(t, "CREATE TABLE t (id int PRIMARY KEY, o "+definition+", moment bigint)")
			_, dw := l.plan(t, "t", "o", "n")
			l.toDualWrite(t, dw)
			const summer, winter = 1729989000, 1729992600 // 02:30, twice
			runScript(t, l.app, "SET time_zone = 'Segue/Test'")
			id := 0
			for _, moment := range []int{summer, winter} {
				for _, columns := range []string{"id", "id, o", "id, n"} {
					id++
					values := "" // the default is a moment; a local time in the text may not be
					if columns != "id" {
						values = ", DEFAULT"
					}
					runScript(t, l.app, fmt.Sprintf("SET timestamp = %d; INSERT INTO t (%s, moment) VALUES (%d%s, %[1]d)", moment, columns, id, values))
				}
			}
			runScript(t, l.app, "SET timestamp = DEFAULT; UPDATE t a JOIN t b ON b.id = 4 SET a.moment = b.moment, a.o = b.o WHERE a.id = 1")
			wrong := value(t, l.s, "SELECT GROUP_CONCAT(CONCAT(id, ':', UNIX_TIMESTAMP(o), ' ', UNIX_TIMESTAMP(n), ' ', moment)) FROM t WHERE UNIX_TIMESTAMP(o) <> UNIX_TIMESTAMP(n) OR id > 1 AND UNIX_TIMESTAMP(o) <> moment")
			if wrong != "NULL" {
				t.Errorf("%s: %s", definition, wrong)
			}
			runScript(t, l.app, "SET time_zone = '+00:00'")
		}
	})
}

// What the servers make of a NULL for each type, where the writer is not strict.
func TestImplicitDefaults(t *testing.T) {
	onLive(t, func(t *testing.T, l *live) {
		types := []string{"tinyint", "bigint unsigned", "decimal(5,2)", "float", "double", "year", "bit(4)", "char(3)", "varchar(9)", "text", "binary(3)",
			"varbinary(3)", "blob", "set('a','b')", "enum('a','b')", "date", "datetime(2)", "timestamp", "time(2)"}
		if !l.isMariaDB() {
			types = append(types, "json")
		}
		table, body, names, nulls := "CREATE TABLE t (id int PRIMARY KEY", "", "id", "%d"
		for i, typ := range types {
			table += fmt.Sprintf(", o%d %s NOT NULL, n%[1]d %s NULL", i, typ, typ)
			body += fmt.Sprintf("SET NEW.n%d = %s; ", i, implicitDefault(l.dialect().Kind(), typ))
			names += fmt.Sprintf(", o%d", i)
			nulls += ", NULL"
		}
		runScript(t, l.s, table+"); SET sql_mode = '"+laxMode+"'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN "+body+"END")
		runScript(t, l.app, "SET sql_mode = ''; INSERT INTO t ("+names+") VALUES ("+fmt.Sprintf(nulls, 1)+"), ("+fmt.Sprintf(nulls, 2)+")")
		for i, typ := range types {
			o, n := fmt.Sprintf("o%d", i), fmt.Sprintf("n%d", i)
			if same := value(t, l.s, "SELECT COUNT(*) FROM t WHERE "+identical(o, n)); same != "2" {
				t.Errorf("%s: a NULL is %s, and %s by the trigger", typ, value(t, l.s, "SELECT "+o+" FROM t LIMIT 1"), value(t, l.s, "SELECT "+n+" FROM t LIMIT 1"))
			}
		}
	})
}

// On MariaDB an INSERT ... SELECT may give the new column alone, and one that gives neither fares as on
// a table of one column: refused to a strict session, the type's zero for another.
func TestStandIn(t *testing.T) {
	l := openLive(t, dialects.MariaDB, "")
	for _, test := range []struct{ typ, v string }{
		{"int", "7"}, {"bigint unsigned", "7"}, {"decimal(5,2)", "1.5"}, {"double", "1.5"}, {"year", "2001"}, {"date", "'2020-01-01'"},
		{"datetime(3)", "'2020-01-01 00:00:00.001'"}, {"time", "'01:00:00'"}, {"set('a','b')", "'b'"}, {"char(3)", "'x'"}, {"varbinary(3)", "'x'"},
		{"tinytext", "'x'"}, {"text", "'x'"}, {"varchar(9) CHARACTER SET latin1", "'x'"}, {"varchar(9) CHARACTER SET utf16", "'x'"},
	} {
		l.table(t, fmt.Sprintf("CREATE TABLE t (id int PRIMARY KEY, o %s NOT NULL); CREATE OR REPLACE TABLE one LIKE t", test.typ))
		_, dw := l.plan(t, "t", "o", "n")
		l.toDualWrite(t, dw)
		runScript(t, l.app, "INSERT INTO t (id, n) SELECT 1, "+test.v)
		for _, bad := range []string{"INSERT INTO t (id) VALUES (2)", "INSERT INTO t (id) SELECT 2", "INSERT INTO t (id, o) VALUES (2, NULL)", "INSERT INTO t (id, n) VALUES (2, NULL)"} {
			if err := l.app.Script(t.Context(), bad); err == nil {
				t.Errorf("%s: %s is taken", test.typ, bad)
			}
		}
		mode := value(t, l.app, "SELECT @@sql_mode")
		runScript(t, l.app, "SET sql_mode = ''")
		for _, table := range []string{"t", "one"} {
			runScript(t, l.app, fmt.Sprintf("INSERT INTO %s (id) VALUES (4); INSERT INTO %[1]s (id) SELECT 5", table))
		}
		runScript(t, l.app, "SET sql_mode = "+quoteLiteral(mode))
		same := value(t, l.s, "SELECT COUNT(*) FROM t LEFT JOIN one ON one.id = t.id WHERE "+identical("t.o", "t.n")+" AND (t.id = 1 OR "+identical("t.o", "one.o")+")")
		if same != "3" {
			t.Errorf("%s: %s of 3 rows are as they should be: %s", test.typ, same, value(t, l.s, "SELECT GROUP_CONCAT(CONCAT_WS('|', t.id, LEFT(HEX(t.o), 20), LEFT(HEX(t.n), 20), LEFT(HEX(one.o), 20))) FROM t LEFT JOIN one ON one.id = t.id"))
		}
	}
}
