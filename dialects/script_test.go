package dialects_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
)

const rename = "ALTER TABLE t RENAME a TO b;\n"

// summary writes a script as: file-wide directives / up statements / down statements.
func summary(s dialects.Script) string {
	directives := func(list []dialects.Directive) string {
		var words []string
		for _, d := range list {
			words = append(words, strings.TrimSpace(string(d.Word)+" "+d.Args))
		}
		return "[" + strings.Join(words, "; ") + "]"
	}
	text := "file" + directives(s.Directives)
	for _, u := range s.Up {
		text += " up" + directives(u.Directives)
	}
	if s.Down != nil {
		text += " down:"
	}
	for _, d := range s.Down {
		text += " down" + directives(d.Directives)
	}
	return text
}

func TestReadScript(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"plain", "-- a comment\n" + rename, "file[] up[]"},
		{"above a statement", "-- segue:allow x because\n-- note\n/* note */ " + rename, "file[] up[allow x because]"},
		{"whole file", "-- segue:soak 24h\n-- segue:allow x because\n\n-- segue:using lower(a)\n" + rename,
			"file[soak 24h; allow x because] up[using lower(a)]"},
		{"crlf", "-- segue:soak 24h\r\n\r\n-- segue:using lower(a)\r\n" + rename, "file[soak 24h] up[using lower(a)]"},
		{"byte order mark", "\ufeff--segue:plan off\n" + rename, "file[] up[plan off]"},
		{"second statement", rename + "\n-- segue:reverse upper(b)\n" + rename, "file[] up[] up[reverse upper(b)]"},
		{"fill", "-- segue:fill 0\nALTER TABLE t ALTER a SET NOT NULL", "file[] up[fill 0]"},
		{"down", rename + "-- segue:down\n-- segue:allow x y\n" + rename + rename, "file[] up[] down: down[allow x y] down[]"},
		{"down splits a block", "-- segue:allow x y\n-- segue:down\n" + rename, "file[allow x y] down: down[]"},
		{"empty down", rename + "-- segue:down\n", "file[] up[] down:"},
		{"phase", "-- segue:phase expand\n\n" + rename + rename + "-- segue:phase contract\n-- segue:allow x y\n" + rename,
			"file[] up[phase expand] up[phase expand] up[allow x y; phase contract]"},
		{"only directives", "-- segue:allow x y\n", "file[allow x y]"},
		{"only a block comment", "/* segue:nothing */" + rename, "file[] up[]"},
		{"in a string", "SELECT '-- segue:nothing'", "file[] up[]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			script, errs := dialects.ReadScript(postgres.Dialect{}, test.src)
			if len(errs) > 0 {
				t.Fatalf("errors: %v", errs)
			}
			if got := summary(script); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestReadScriptRefuses(t *testing.T) {
	for _, test := range []struct{ src, at, message, hint string }{
		{"-- segue:alow x y\n" + rename, "1:1", "unknown directive segue:alow", "did you mean segue:allow?"},
		{"-- segue:Allow x y\n" + rename, "1:1", "unknown directive segue:Allow", "did you mean segue:allow?"},
		{"-- SEGUE:allow x y\n" + rename, "1:1", "unknown directive SEGUE:allow", "did you mean segue:allow?"},
		{"-- segue: allow x y\n" + rename, "1:1", "unknown directive segue:", "follows the colon"},
		{"-- segue:frobnicate\n" + rename, "1:1", "unknown directive", "the directives are allow,"},
		{"-- segue:allow x\n" + rename, "1:1", "needs a rule and a reason", "RULE REASON"},
		{"-- segue:allow\n" + rename, "1:1", "needs a rule and a reason", "RULE REASON"},
		{"-- segue:plan on\n" + rename, "1:1", `takes no "on"`, "plan off"},
		{"-- segue:soak 2 days\n" + rename, "1:1", `takes no "2 days"`, "24h"},
		{"-- segue:soak -1h\n" + rename, "1:1", `takes no "-1h"`, "24h"},
		{"-- segue:phase middle\n" + rename, "1:1", `takes no "middle"`, "expand"},
		{"-- segue:phase dual-write\n" + rename, "1:1", "nothing runs", ""},
		{"-- segue:down now\n" + rename, "1:1", `takes no "now"`, "segue:down"},
		{"-- segue:using\n" + rename, "1:1", "needs an expression", ""},
		{"-- segue:as\n" + rename, "1:1", "needs a name", ""},
		{"-- segue:using a\n\n" + rename, "1:1", "not for a whole file", "right above"},
		{"-- segue:fill 0\n" + rename, "1:1", "does not fit", "SET NOT NULL"},
		{"-- segue:using a\nDROP TABLE t", "1:1", "does not fit", "RENAME COLUMN"},
		{"-- segue:as c\nALTER TABLE t ADD a int, ADD b int", "1:1", "2 changes", "of its own"},
		{"-- segue:using a\n-- segue:using b\n" + rename, "2:1", "is there twice", "keep one"},
		{rename + "-- segue:allow x y\n\n" + rename, "2:1", "above no statement", "blank line"},
		{rename + "-- segue:allow x y\n", "2:1", "above no statement", "blank line"},
		{rename + "/* a /* b */ */ -- segue:allow x y\n", "2:17", "above no statement", "blank line"},
		{"ALTER TABLE t RENAME a TO b; -- segue:allow x y\n" + rename, "1:30", "behind a statement", "above"},
		{"ALTER TABLE t RENAME a TO b -- segue:allow x y\n;" + rename, "1:29", "behind a statement", "above"},
		{"ALTER TABLE t RENAME a TO b; -- segue:allow x y", "1:30", "behind a statement", "above"},
		{"ALTER TABLE t -- segue:allow x y\n RENAME a TO b", "1:15", "inside a statement", "above"},
		{"-- segue:down\n-- segue:down\n" + rename, "2:1", "is there twice", "one is enough"},
	} {
		_, errs := dialects.ReadScript(postgres.Dialect{}, test.src)
		if len(errs) != 1 {
			t.Errorf("%q: errors are %v, want one", test.src, errs)
			continue
		}
		e := errs[0]
		at := fmt.Sprintf("%d:%d", e.Start.Line, e.Start.Column)
		if at != test.at || !strings.Contains(e.Message, test.message) || !strings.Contains(e.Hint, test.hint) {
			t.Errorf("%q: got %v", test.src, e)
		}
	}
}

func TestAllowNamesRules(t *testing.T) {
	script, errs := dialects.ReadScript(postgres.Dialect{}, "-- segue:allow a,b, c  it is empty\n"+rename)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	d := script.Up[0].Directives[0]
	if got := strings.Join(d.Rules, " "); got != "a b c" || d.Reason != "it is empty" {
		t.Errorf("rules %q, reason %q", got, d.Reason)
	}
}

func FuzzReadScript(f *testing.F) {
	for _, seed := range []string{
		"-- segue:allow a,b reason\n\n-- segue:using x\n" + rename + "-- segue:down\n" + rename + "-- segue:oops",
		rename + "/* /* */ -- segue:x */ -- segue:as y\r\n;",
	} {
		f.Add(seed)
	}
	every := []dialects.Dialect{
		postgres.Dialect{}, mysql.Dialect{Server: dialects.Version{Kind: dialects.MySQL, Major: 9, Minor: 7}},
		mysql.Dialect{Server: dialects.Version{Kind: dialects.MariaDB, Major: 10, Minor: 11}},
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, d := range every {
			script, errs := dialects.ReadScript(d, src)
			statements := d.Parse(src)
			if len(script.Up)+len(script.Down) != len(statements) {
				t.Fatalf("%d statements became %d up and %d down", len(statements), len(script.Up), len(script.Down))
			}
			for _, e := range errs {
				if e.Message == "" || e.Start.Line < 1 || e.Start.Column < 1 || e.End.Offset > len(src) {
					t.Fatalf("error without a message or a place: %v", e)
				}
			}
			for _, s := range script.Up {
				for _, d := range s.Directives {
					if !strings.HasPrefix(src[d.Start.Offset:d.End.Offset], "--") {
						t.Fatalf("directive %s is not at its place", d.Word)
					}
				}
			}
		}
	})
}
