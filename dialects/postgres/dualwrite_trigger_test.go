package postgres

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

const smallUsers = `CREATE TABLE u (id int PRIMARY KEY, user_email text, name text);
	INSERT INTO u VALUES (1, 'a', 'n1'), (2, 'b', 'n2'), (3, 'c', 'n3');`

// TestTriggerRules has the cases of dual-write.md, part A. Each ends with the row that a test asks for,
// as user_email,name,email.
func TestTriggerRules(t *testing.T) {
	l := openLive(t, "")
	for _, test := range []struct {
		name   string
		body   triggerBody
		writes string
		id     int
		row    string
	}{
		{name: "A2 a stale NULL of a whole-row writer never wins", body: fillOnly, id: 2, row: "b,changed,b",
			writes: `UPDATE u SET email = user_email; UPDATE u SET user_email = 'b', name = 'changed', email = NULL WHERE id = 2`},
		{name: "A2 nor does it undo a real change beside it", body: fillOnly, id: 2, row: "B2,changed,B2",
			writes: `UPDATE u SET email = user_email; UPDATE u SET user_email = 'B2', name = 'changed', email = NULL WHERE id = 2`},
		{name: "A2 the old app's own NULL travels", body: fillOnly, id: 2, row: "NULL,n2,NULL",
			writes: `UPDATE u SET email = user_email; UPDATE u SET user_email = NULL WHERE id = 2`},
		{name: "A2 an insert of a whole row with a NULL", body: fillOnly, id: 9, row: "x,n9,x",
			writes: `INSERT INTO u (id, user_email, name, email) VALUES (9, 'x', 'n9', NULL)`},
		{name: "A3 a row is filled by any write", body: fillOnly, id: 1, row: "a,other,a",
			writes: `UPDATE u SET name = 'other' WHERE id = 1`},
		{name: "a value in the new column wins while filling", body: fillOnly, id: 1, row: "new,n1,new",
			writes: `UPDATE u SET email = 'new' WHERE id = 1`},
		{name: "A2 a NULL in the new column counts in dual-write", body: twoWay, id: 1, row: "NULL,n1,NULL",
			writes: `UPDATE u SET email = NULL WHERE id = 1`},
		{name: "the new column wins if both changed", body: twoWay, id: 1, row: "n,n1,n",
			writes: `UPDATE u SET email = 'n', user_email = 'o' WHERE id = 1`},
		{name: "a write of neither derives nothing", body: twoWay, id: 1, row: "a,other,a",
			writes: `UPDATE u SET name = 'other' WHERE id = 1`},
		{name: "A10 upsert by the new name", body: twoWay, id: 1, row: "up,n1,up",
			writes: `INSERT INTO u (id, email) VALUES (1, 'up') ON CONFLICT (id) DO UPDATE SET email = excluded.email`},
		{name: "A17 the guard names the runner's session alone", body: twoWay, id: 1, row: "leaked,n1,leaked",
			writes: `SET segue.backfill = 'on'; UPDATE u SET user_email = 'leaked' WHERE id = 1`},
		{name: "A4 a hostile search_path", body: twoWay, id: 1, row: "safe,n1,safe",
			writes: `CREATE SCHEMA evil; CREATE FUNCTION evil.no(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
				CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.no);
				CREATE FUNCTION evil.record_image_ne(record, record) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN false; END';
				SET search_path = evil, pg_catalog, public; UPDATE u SET user_email = 'safe' WHERE id = 1`},
	} {
		t.Run(test.name, func(t *testing.T) {
			runScript(t, l.s, smallUsers)
			_, dw := l.plan(t, "u", "user_email", "email")
			defer func() {
				runScript(t, l.s, "RESET search_path; RESET segue.backfill")
				l.run(t, dw.Expand[0], dw.Expand[0].Undo)
				runScript(t, l.s, "DROP TABLE u")
			}()
			l.carryOut(t, dw.Expand...)
			if test.body == twoWay {
				l.fill(t, dw.Copy)
				l.carryOut(t, dw.TwoWay...)
			}
			runScript(t, l.s, test.writes)
			got := value(t, l.s, `SELECT pg_catalog.concat_ws(',', coalesce(user_email, 'NULL'), name, coalesce(email, 'NULL')) FROM public.u WHERE id = $1`, test.id)
			if got != test.row {
				t.Errorf("the row is %s, want %s", got, test.row)
			}
		})
	}
}

// TestIdentityByType is the table of A4: equal is not identical, and an UPDATE of the old column alone must
// arrive, whatever the type.
func TestIdentityByType(t *testing.T) {
	l := openLive(t, `CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS hstore;
		CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
		CREATE TYPE pair AS (a int, b int)`)
	for n, test := range []struct{ typ, a, b string }{
		{"json", `{"a":1}`, `{"a": 1}`}, {"xml", `<a/>`, `<a></a>`},
		{"point", "(1,2)", "(2,1)"}, {"polygon", "((0,0),(1,1))", "((0,0),(1,2))"},
		{"box", "(1,1),(0,0)", "(2,2),(1,1)"}, {"circle", "<(0,0),1>", "<(1,1),1>"},
		{"path", "[(0,0),(1,1)]", "[(0,0),(2,2)]"}, {"line", "{1,1,0}", "{2,2,0}"},
		{"citext", "a@x", "A@x"}, {"text COLLATE blind", "a@x", "A@x"},
		{"numeric", "1.0", "1.00"}, {"numeric[]", "{1.0}", "{1.00}"}, {"numrange", "[1.0,2)", "[1.00,2)"}, {"jsonb", "1.0", "1.00"},
		{"interval", "1 month", "30 days"}, {"float8", "0", "-0"}, {"real[]", "{0}", "{-0}"},
		{"text", strings.Repeat("long", 5000), strings.Repeat("long", 5000) + "."}, {"char(5)", "a", "b"},
		{"hstore", "a=>1", "a=>2"}, {"timetz", "10:00+00", "11:00+01"}, {"tsvector", "a", "a b"}, {"lseg", "[(0,0),(1,1)]", "[(0,0),(2,2)]"},
		{"pair", "(1,2)", "(,)"}, {"bytea", `\x00`, `\x0000`}, {"varbit", "1", "10"},
	} {
		t.Run(test.typ, func(t *testing.T) {
			table := fmt.Sprintf("t%d", n)
			runScript(t, l.s, fmt.Sprintf("CREATE TABLE %s (id int PRIMARY KEY, o %s); INSERT INTO %[1]s VALUES (1, %[3]s)", table, test.typ, quoteLiteral(test.a)))
			_, dw := l.plan(t, table, "o", "n")
			for _, body := range []triggerBody{fillOnly, twoWay} {
				if body == fillOnly {
					l.carryOut(t, dw.Expand...)
					l.fill(t, dw.Copy)
				} else {
					l.carryOut(t, dw.TwoWay...)
				}
				for _, write := range []string{"o", "n"} {
					for _, v := range []string{test.b, test.a} {
						runScript(t, l.s, fmt.Sprintf("SET search_path = ''; UPDATE public.%s SET %s = %s; RESET search_path", table, write, quoteLiteral(v)))
						same := fmt.Sprintf(`SELECT record_image_eq(ROW(o), ROW(n)) AND record_image_eq(ROW(o), ROW(%s::%s)) FROM %s`,
							quoteLiteral(v), strings.TrimSuffix(test.typ, " COLLATE blind"), table)
						if got := value(t, l.s, "SELECT ("+same+")::text"); got != "true" {
							t.Errorf("%s: %s = %.20s did not arrive", body, write, v)
						}
					}
				}
			}
			l.carryOut(t, dw.Prove...)
		})
	}
}

// TestDefaults is A5 and A6: what an INSERT says, by either name, is what a table of one column would hold.
func TestDefaults(t *testing.T) {
	l := openLive(t, `CREATE DOMAIN dm AS text DEFAULT 'other'`)
	for _, test := range []struct{ name, typ, given string }{
		{"none", "text", "NULL"}, {"constant", "text DEFAULT 'none'", "none"}, {"explicit NULL", "text DEFAULT NULL", "NULL"},
		{"domain", "dm DEFAULT 'zz'", "zz"}, {"hidden by search_path", "text DEFAULT lower('NONE'::text)", "none"},
		{"rounded", "numeric(6,2) DEFAULT 0", "0.00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			runScript(t, l.s, `CREATE TABLE d (id int, o `+test.typ+`); INSERT INTO d VALUES (0, '1')`)
			_, dw := l.plan(t, "d", "o", "n")
			defer func() {
				l.run(t, dw.Expand[0], dw.Expand[0].Undo)
				runScript(t, l.s, "DROP TABLE d")
			}()
			l.carryOut(t, dw.Expand...)
			if got := value(t, l.s, `SELECT n::text FROM d`); got != "NULL" {
				t.Errorf("a row that was there reads %s before it is filled", got)
			}
			l.fill(t, dw.Copy)
			l.carryOut(t, dw.TwoWay...)
			for n, insert := range []struct{ columns, values, want string }{
				{"id", "%d", test.given}, {"id, o", "%d, NULL", "NULL"}, {"id, n", "%d, NULL", "NULL"},
				{"id, o", "%d, '5'", "5"}, {"id, n", "%d, '5'", "5"}, {"id, o, n", "%d, '4', '5'", "5"},
				{"id, o", "%d, DEFAULT", test.given}, {"id, n", "%d, DEFAULT", test.given},
			} {
				runScript(t, l.s, fmt.Sprintf("SET search_path = ''; INSERT INTO public.d (%s) VALUES ("+insert.values+"); RESET search_path", insert.columns, n+1))
				want := insert.want
				if want == "5" && test.name == "rounded" {
					want = "5.00"
				}
				got := value(t, l.s, `SELECT coalesce(o::text, 'NULL') || ' ' || coalesce(n::text, 'NULL') FROM d WHERE id = $1`, n+1)
				if got != want+" "+want {
					t.Errorf("INSERT (%s) VALUES (%s) gives %s, want %s twice", insert.columns, insert.values, got, want)
				}
			}
			runScript(t, l.s, `UPDATE d SET n = DEFAULT WHERE id = 4`)
			if got := value(t, l.s, `SELECT coalesce(o::text, 'NULL') FROM d WHERE id = 4`); got != test.given {
				t.Errorf("SET n = DEFAULT gives %s, want %s", got, test.given)
			}
		})
	}
}

// TestVolatileDefault is a NOT NULL column whose default differs from row to row: the new column has none
// until contract, and NULL means that it was not given.
func TestVolatileDefault(t *testing.T) {
	l := openLive(t, `CREATE TABLE v (id int, o uuid NOT NULL DEFAULT gen_random_uuid())`)
	_, dw := l.plan(t, "v", "o", "n")
	l.toDualWrite(t, dw)
	const given = "11111111-1111-1111-1111-111111111111"
	for n, insert := range []string{`(id) VALUES (%d)`, `(id, o) VALUES (%d, '` + given + `')`, `(id, n) VALUES (%d, '` + given + `')`, `(id, n) VALUES (%d, NULL)`} {
		runScript(t, l.s, "INSERT INTO v "+fmt.Sprintf(insert, n))
		if got := value(t, l.s, `SELECT (o = n)::text FROM v WHERE id = $1`, n); got != "true" {
			t.Errorf("%s: the two are %s", insert, got)
		}
	}
	if got := value(t, l.s, `SELECT count(*)::text FROM v WHERE n = $1`, given); got != "2" {
		t.Errorf("%s rows have the value that was given", got)
	}
	if err := l.s.Script(t.Context(), `UPDATE v SET n = DEFAULT`); l.Fault(err) != dialects.FaultConstraint {
		t.Errorf("SET n = DEFAULT: %v", err)
	}
	if !slices.ContainsFunc(dw.Notices, func(n string) bool { return strings.Contains(n, "SET n = DEFAULT fails") }) {
		t.Errorf("the plan does not say so: %q", dw.Notices)
	}
}

// TestOldNotNullStaysSatisfiable lets the new app omit the old column, and still refuses a row with neither.
func TestOldNotNullStaysSatisfiable(t *testing.T) {
	l := openLive(t, `CREATE TABLE v (id int, o text NOT NULL)`)
	_, dw := l.plan(t, "v", "o", "n")
	l.toDualWrite(t, dw)
	runScript(t, l.s, `INSERT INTO v (id, n) VALUES (1, 'new')`)
	for _, refused := range []string{`INSERT INTO v (id) VALUES (2)`, `INSERT INTO v (id, n) VALUES (2, NULL)`, `UPDATE v SET n = NULL`, `UPDATE v SET o = NULL`} {
		if err := l.s.Script(t.Context(), refused); l.Fault(err) != dialects.FaultConstraint {
			t.Errorf("%s: %v", refused, err)
		}
	}
}
