package postgres

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

func TestParseSplits(t *testing.T) {
	for _, test := range []struct {
		name, src string
		want      []string
	}{
		{"empty", "", nil},
		{"only semicolons", " ;; \n;", nil},
		{"only comments", "-- a\n/* b */", nil},
		{"plain", "SELECT 1; SELECT 2", []string{"SELECT 1", "SELECT 2"}},
		{"empty statements", ";;SELECT 1;;\n;SELECT 2;", []string{"SELECT 1", "SELECT 2"}},
		{"string", "SELECT 'a;''b'; SELECT 2", []string{"SELECT 'a;''b'", "SELECT 2"}},
		{"backslash in a plain string", `SELECT 'a\'; SELECT 2`, []string{`SELECT 'a\'`, "SELECT 2"}},
		{"escape string", `SELECT E'a\';b'; SELECT 2`, []string{`SELECT E'a\';b'`, "SELECT 2"}},
		{"escape string goes on", "SELECT E'a'\n'\\';b'; SELECT 2", []string{"SELECT E'a'\n'\\';b'", "SELECT 2"}},
		{"a word that ends in e", "SELECT type'a'; SELECT 2", []string{"SELECT type'a'", "SELECT 2"}},
		{"unicode escapes", `SELECT U&'\0061;', U&"d\0061;t" FROM t; SELECT 2`,
			[]string{`SELECT U&'\0061;', U&"d\0061;t" FROM t`, "SELECT 2"}},
		{"quoted identifier", `SELECT "a;""b"; SELECT 2`, []string{`SELECT "a;""b"`, "SELECT 2"}},
		{"dollar quotes", "SELECT $$a;b$$, $x$a;$$;$x$; SELECT 2", []string{"SELECT $$a;b$$, $x$a;$$;$x$", "SELECT 2"}},
		{"dollar within a word", "SELECT a$b$c FROM t; SELECT a$b$c", []string{"SELECT a$b$c FROM t", "SELECT a$b$c"}},
		{"parameter", "SELECT $1; SELECT $2", []string{"SELECT $1", "SELECT $2"}},
		{"nested comment", "SELECT /* a /* ; */ ; */ 1; SELECT 2", []string{"SELECT /* a /* ; */ ; */ 1", "SELECT 2"}},
		{"comment behind", "SELECT 1 -- a;b\n; SELECT 2 /* c */", []string{"SELECT 1", "SELECT 2"}},
		{"operators", "SELECT 1+-2, a->>'b;' FROM t; SELECT 2", []string{"SELECT 1+-2, a->>'b;' FROM t", "SELECT 2"}},
		{"atomic body", "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3",
			[]string{"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END", "SELECT 3"}},
		{"begin is no body", "BEGIN; SELECT 1; END; SELECT 2", []string{"BEGIN", "SELECT 1", "END", "SELECT 2"}},
		{"rule", "CREATE OR REPLACE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3",
			[]string{"CREATE OR REPLACE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3"}},
		{"open parenthesis", "SELECT (1; SELECT 2", []string{"SELECT (1", "SELECT 2"}},
		{"open string", "SELECT 1; SELECT 'a;", []string{"SELECT 1", "SELECT 'a;"}},
		{"open comment", "SELECT 1; /* a;", []string{"SELECT 1"}},
		{"crlf", "SELECT 1;\r\nSELECT\r\n2;\r\n", []string{"SELECT 1", "SELECT\r\n2"}},
		{"byte order mark", "\ufeffSELECT 1;", []string{"SELECT 1"}},
		{"psql command", "\\set x 1\nSELECT 1;\n\\echo a;b\nSELECT 2", []string{`\set x 1`, "SELECT 1", `\echo a;b`, "SELECT 2"}},
		{"psql command ends a statement", "SELECT 1 \\gexec\nSELECT 2;", []string{`SELECT 1 \gexec`, "SELECT 2"}},
		{"copy data", "COPY t (a) FROM stdin;\n1;'\n\\N\n\\.\nSELECT 2;", []string{"COPY t (a) FROM stdin;\n1;'\n\\N\n\\.", "SELECT 2"}},
		{"copy without data", "COPY t FROM stdin; SELECT 2;", []string{"COPY t FROM stdin", "SELECT 2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, s := range (Dialect{}).Parse(test.src) {
				got = append(got, s.Text)
			}
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestParsePlaces(t *testing.T) {
	statements := Dialect{}.Parse("\ufeff-- Größe\n/* ü */ SELECT 'ß' ; SELECT\r\n 2;")
	if len(statements) != 2 {
		t.Fatalf("%d statements, want 2", len(statements))
	}
	for i, want := range []string{"2:9 to 2:19", "2:22 to 3:3"} {
		s := statements[i]
		got := fmt.Sprintf("%d:%d to %d:%d", s.Start.Line, s.Start.Column, s.End.Line, s.End.Column)
		if got != want {
			t.Errorf("statement %d is at %s, want %s", i, got, want)
		}
	}
}

func TestParseKeepsComments(t *testing.T) {
	src := "-- one\n\n/* two */\nSELECT /* in */ 1 -- behind\n;-- three\nSELECT 2"
	statements := Dialect{}.Parse(src)
	texts := func(list []dialects.Comment) string {
		var words []string
		for _, c := range list {
			if src[c.Start.Offset:c.End.Offset] != c.Text {
				t.Errorf("comment %q is not at its place", c.Text)
			}
			words = append(words, c.Text)
		}
		return strings.Join(words, "|")
	}
	if got, want := texts(statements[0].Comments), "-- one|/* two */"; got != want {
		t.Errorf("before the first: %q, want %q", got, want)
	}
	if got, want := texts(statements[0].Within), "/* in */"; got != want {
		t.Errorf("within the first: %q, want %q", got, want)
	}
	if got, want := texts(statements[1].Comments), "-- behind|-- three"; got != want {
		t.Errorf("before the second: %q, want %q", got, want)
	}
}

func TestParseReportsSyntax(t *testing.T) {
	for _, test := range []struct {
		src, at, line, message, hint string
	}{
		{"SELECT 1;\nALTER TABLE größe ADDD x int;\nSELECT 2", "2:19", "ALTER TABLE größe ADDD x int;", `at or near "ADDD"`, "Postgres 16"},
		{"SELECT 1 +", "1:11", "SELECT 1 +", "at end of input", "Postgres 16"},
		{"SELECT 'a", "1:8", "SELECT 'a", "unterminated quoted string", ""},
		{"SELECT :name", "1:8", "SELECT :name", "syntax error", "psql's"},
		{"\\copy t from x.csv\nSELECT 1", "1:1", `\copy t from x.csv`, `\copy`, "INSERT"},
		{"SELECT 'x' \\gexec", "1:12", `SELECT 'x' \gexec`, `\gexec`, "DO block"},
		{"COPY t FROM stdin;\n1\n\\.\n", "1:1", "COPY t FROM stdin;", "COPY FROM stdin", "INSERT"},
		{"SELECT 'a\x00b'", "1:10", "SELECT 'a\x00b'", "zero byte", ""},
		{"SELECT 'a\xffb'", "1:10", "SELECT 'a\xffb'", "UTF-8", ""},
	} {
		var broken []dialects.Statement
		for _, s := range (Dialect{}).Parse(test.src) {
			if s.Syntax != nil {
				broken = append(broken, s)
			}
		}
		if len(broken) != 1 {
			t.Errorf("%q: %d broken statements, want 1", test.src, len(broken))
			continue
		}
		e := broken[0].Syntax
		if at := fmt.Sprintf("%d:%d", e.Place.Line, e.Place.Column); at != test.at {
			t.Errorf("%q: at %s, want %s", test.src, at, test.at)
		}
		if e.Line != test.line || !strings.Contains(e.Message, test.message) {
			t.Errorf("%q: got %q in line %q", test.src, e.Message, e.Line)
		}
		if !strings.Contains(e.Hint, test.hint) || (test.hint == "") != (e.Hint == "") {
			t.Errorf("%q: hint %q, want %q", test.src, e.Hint, test.hint)
		}
		if _, opaque := broken[0].Changes[0].(dialects.Opaque); !opaque || len(broken[0].Changes) != 1 {
			t.Errorf("%q: changes are %v, want one Opaque", test.src, broken[0].Changes)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"SELECT 1; SELECT 'a''b', E'\\'', $$;$$; -- c\n\\set x\nCOPY t FROM stdin;\n1\n\\.\n",
		"CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;",
		"\ufeff/* /* */ */ ALTER TABLE t ADD c int, DROP d;\r\n;;",
		"SELECT \"a", "SELECT (1; SELECT $x$ ; \x00\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		end := 0
		for _, s := range (Dialect{}).Parse(src) {
			for _, c := range s.Comments {
				if c.Start.Offset < end || src[c.Start.Offset:c.End.Offset] != c.Text {
					t.Fatalf("comment %q is not at %d", c.Text, c.Start.Offset)
				}
				end = c.End.Offset
			}
			if s.Start.Offset < end || s.End.Offset <= s.Start.Offset {
				t.Fatalf("statement %q at %d follows what ends at %d", s.Text, s.Start.Offset, end)
			}
			end = s.End.Offset
			if src[s.Start.Offset:end] != s.Text {
				t.Fatalf("statement %q is not at its place", s.Text)
			}
			if len(s.Changes) == 0 {
				t.Fatalf("statement %q has no change", s.Text)
			}
		}
	})
}

func TestParseBearsDeepNesting(t *testing.T) {
	for _, src := range []string{
		"SELECT " + strings.Repeat("1+", 50000) + "1",
		"SELECT " + strings.Repeat("(", 50000),
		"SELECT " + strings.Repeat("NOT ", 7000) + "true",
	} {
		statements := Dialect{}.Parse(src + "; SELECT 1")
		if len(statements) != 2 || statements[0].Syntax == nil || statements[1].Syntax != nil {
			t.Errorf("%.20s...: %d statements", src, len(statements))
		}
	}
	if s := (Dialect{}).Parse("SELECT " + strings.Repeat("a = 1 OR ", 20000) + "true"); s[0].Syntax != nil {
		t.Errorf("a long chain of OR: %v", s[0].Syntax)
	}
}
