package dialecttest

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// parsed is a text's statements, each of which is at its place and does something.
func parsed(t *testing.T, d dialects.Dialect, src string) []dialects.Statement {
	t.Helper()
	statements := d.Parse(src)
	at := 0
	for _, s := range statements {
		if s.Start.Offset < at || s.End.Offset < s.Start.Offset || s.End.Offset > len(src) {
			t.Fatalf("%q: statement at %d to %d, behind %d", src, s.Start.Offset, s.End.Offset, at)
		}
		if got := src[s.Start.Offset:s.End.Offset]; got != s.Text {
			t.Errorf("%q: the text is %q, at its place stands %q", src, s.Text, got)
		}
		if len(s.Changes) == 0 {
			t.Errorf("%q: %q has no changes", src, s.Text)
		}
		if s.Syntax != nil {
			opaque, ok := s.Changes[0].(dialects.Opaque)
			if !ok || len(s.Changes) != 1 || opaque.Reason == "" || s.Syntax.Message == "" || s.Syntax.Place.Line < s.Start.Line {
				t.Errorf("%q: %q is broken (%v) and is %+v", src, s.Text, s.Syntax, s.Changes)
			}
		}
		for _, c := range append(append([]dialects.Comment{}, s.Comments...), s.Within...) {
			wantComment(t, src, c)
		}
		wantPlace(t, src, s.Start)
		wantPlace(t, src, s.End)
		at = s.End.Offset
	}
	for _, c := range d.Tail(src) {
		wantComment(t, src, c)
	}
	return statements
}

func wantComment(t *testing.T, src string, c dialects.Comment) {
	t.Helper()
	if got := src[c.Start.Offset:c.End.Offset]; got != c.Text || got == "" {
		t.Errorf("%q: the comment is %q, at its place stands %q", src, c.Text, got)
	}
}

// wantPlace counts line and column again.
func wantPlace(t *testing.T, src string, p dialects.Place) {
	t.Helper()
	before := strings.TrimPrefix(src[:p.Offset], "\ufeff")
	line := strings.Count(before, "\n") + 1
	column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
	if p.Line != line || p.Column != column {
		t.Errorf("%q: offset %d is %d:%d, want %d:%d", src, p.Offset, p.Line, p.Column, line, column)
	}
}

// Statements are found one by one, with exact places, whatever stands between them.
func testParse(t *testing.T, f Fixture) {
	d := open(t, f).d
	for _, s := range samples {
		sql := s.text(t, f)
		for name, src := range map[string]string{
			"alone": sql, "semicolon": sql + ";", "twice": sql + ";\n" + sql + "\n;", "empty ones": ";;\n" + sql + " ; ;",
			"byte order mark": "\ufeff" + sql + ";", "crlf": "\r\n-- é\r\n" + sql + ";\r\n", "behind others": "SELECT 'ü;'; " + sql,
			"behind a broken one": "FROB THE 'KNOB';\n" + sql,
		} {
			var got []string
			for _, found := range parsed(t, d, src) {
				if found.Text == sql && found.Syntax == nil {
					got = append(got, found.Text)
				}
			}
			want := strings.Count(src, sql)
			if len(got) != want {
				t.Errorf("%s, %s: found %d times, want %d", s.name, name, len(got), want)
			}
		}
	}
	broken := parsed(t, d, "SELECT 1; FROB THE KNOB; SELECT 2; ALTER TABLE; SELECT 3")
	for i, isBroken := range []bool{false, true, false, true, false} {
		if len(broken) != 5 || (broken[i].Syntax != nil) != isBroken {
			t.Fatalf("statement %d of %d: broken is %v", i, len(broken), isBroken)
		}
	}
	if empty := parsed(t, d, "\ufeff ;; -- nothing\n"); len(empty) != 0 {
		t.Errorf("%+v of a text without statements", empty)
	}
}

// A comment is with the statement that it stands above or within, or behind the last.
func testComments(t *testing.T, f Fixture) {
	d := open(t, f).d
	const src = `-- file: é
/* head */ -- above one
CREATE TABLE one -- within one
 (id int /* and; more */ PRIMARY KEY) -- behind one
; -- above two
-- also above two
SELECT '-- no comment', 1 -- within two
 + 1; /* tail */
-- the end`
	statements := parsed(t, d, src)
	if len(statements) != 2 {
		t.Fatalf("%d statements", len(statements))
	}
	texts := func(comments []dialects.Comment) string {
		var all []string
		for _, c := range comments {
			all = append(all, c.Text)
		}
		return strings.Join(all, "|")
	}
	for what, pair := range map[string][2]string{
		"above one":  {texts(statements[0].Comments), "-- file: é|/* head */|-- above one"},
		"within one": {texts(statements[0].Within), "-- within one|/* and; more */"},
		"above two":  {texts(statements[1].Comments), "-- behind one|-- above two|-- also above two"},
		"within two": {texts(statements[1].Within), "-- within two"},
		"tail":       {texts(d.Tail(src)), "/* tail */|-- the end"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s, want %s", what, pair[0], pair[1])
		}
	}
}

// garbage are texts that no server knows.
var garbage = []string{
	"", " ", ";", "'", `"`, "`", "/*", "--", "-- ", "*/", "$", "$$", "$x$ ; $x$", `\`, "\x00", "\xff\xfe", "(", ")", "((((((;", "a;;b",
	"'unclosed ; SELECT 1", `"unclosed ; SELECT 1`, "/* unclosed ; SELECT 1", "SELECT '\\'; SELECT 1", "ALTER TABLE t ADD", "CREATE TABLE",
	"CREATE TABLE t (", "CREATE TABLE t (a", "DROP", "{{ template }}", "${variable}", ":name", "<<<<<<< HEAD\nSELECT 1;\n=======",
	"ALTER TABLE t ALTER COLUMN", "ALTER TABLE t ADD COLUMN x int DEFAULT", "日本語;\u202e; SELECT '\U0001F600'", "DELIMITER", "DELIMITER //",
	"CREATE TRIGGER", "BEGIN", "END", "COPY t FROM stdin;\n1\t2\n\\.\n", "/*!99999 x", "/*! SELECT 1 */ /*!", "SELECT 1 \\G",
}

// Parse never fails: what it cannot read is one opaque change, with the place of what is wrong.
func testGarbage(t *testing.T, f Fixture) {
	l := open(t, f)
	base := replayed(t, l.d, empty(l.d, l.inspect(t, l.s)), neighbours)
	before := facts(base, allFields)
	for _, src := range append(append([]string{}, garbage...), f.Garbage...) {
		for _, s := range parsed(t, l.d, src) {
			effects := l.d.Effects(base, s, nil)
			if len(effects) < len(s.Changes) {
				t.Errorf("%q: %d changes have %d effects", src, len(s.Changes), len(effects))
			}
			if s.Syntax == nil {
				continue
			}
			if len(effects[0].Hazards) == 0 {
				t.Errorf("%q is safe", src)
			}
			c := base.Clone()
			l.d.Replay(c, s)
			sameFacts(t, "replaying "+src, facts(c, allFields), before)
		}
	}
	// Every beginning of a text is a text too.
	for _, s := range samples {
		sql := s.text(t, f)
		for end := range sql {
			parsed(t, l.d, sql[:end])
		}
	}
}
