package example_test

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/example"
)

func TestRead(t *testing.T) {
	e, err := example.Read([]byte(`# A remark.
server: postgres:11
runner: segue
severity: drop-column off
after: 0001
-- 0001_x.sql --
-- segue:allow a-rule a reason -- want unused-allow "nothing"
SELECT 'a -- b'; -- want a-rule "with \"quotes\"" -- allowed b-rule "x"
`))
	if err != nil {
		t.Fatal(err)
	}
	if e.Server.String() != "postgres:11" || e.Runner != lint.SegueRuns || e.After != "0001" || e.Severities["drop-column"] != lint.Off {
		t.Errorf("settings: %+v", e)
	}
	f := e.Files[0]
	if want := "-- segue:allow a-rule a reason\nSELECT 'a -- b';\n"; f.SQL != want {
		t.Errorf("the SQL is %q, want %q", f.SQL, want)
	}
	if len(f.Expect) != 3 {
		t.Fatalf("expectations: %v", f.Expect)
	}
	x := f.Expect[1]
	if x.Outcome != example.Want || x.Line != 2 || x.Rule != "a-rule" || !x.Pattern.MatchString("with \"quotes\"") {
		t.Errorf("expectation: %+v", x)
	}
	if f.Expect[2].Outcome != example.Allowed {
		t.Errorf("expectation: %+v", f.Expect[2])
	}
}

func TestReadNamesWhatIsWrong(t *testing.T) {
	const migration = "-- 0001_x.sql --\nSELECT 1;"
	for text, want := range map[string]string{
		"":                                    "no migration",
		"colour: red\n" + migration:           "colour: red",
		"nonsense\n" + migration:              "KEY: VALUE",
		"server: oracle\n" + migration:        "oracle",
		migration + " -- want a-rule x\n":     "line 1",
		migration + " -- want a-rule \"(\"\n": "line 1",
	} {
		if _, err := example.Read([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}
