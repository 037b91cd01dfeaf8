package cli

import (
	"regexp"
	"testing"
	"time"

	"github.com/segue-db/segue/lint"
)

func noVariable(string) (string, bool) { return "", false }

// What init suggests in comments has to work when the comment marks are taken away.
func TestInitialConfigIsReadWhole(t *testing.T) {
	text := regexp.MustCompile(`(?m)^( *)# ([a-z_]+: )`).ReplaceAllString(initialConfig("db/migrations", serverOf("mariadb://db/shop"), ""), "$1$2")
	c, err := parseConfig([]byte(text), "segue.yaml", noVariable)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if c.dir != "db/migrations" || c.server.String() != "mariadb:10.11" || c.rollbackWindow != time.Hour || len(c.apps) != 2 || c.lint.after != "0180" ||
		c.lint.rules["drop-column"] != lint.Warning || c.lint.allow[0].Migration != "0031" || c.locks.Attempts != 30 || c.backfill.Workers != 1 {
		t.Errorf("got %+v", c)
	}
}

func TestInitialConfigNamesTheNewest(t *testing.T) {
	c, err := parseConfig([]byte(initialConfig("migrations", serverOf(""), "0042")), "segue.yaml", noVariable)
	if err != nil || c.lint.after != "0042" {
		t.Errorf("got %q, %v", c.lint.after, err)
	}
}

func TestVersionsStayAsTheyAreWritten(t *testing.T) {
	c, err := parseConfig([]byte("lint: {after: 0042}\nproject: '007'"), "segue.yaml", noVariable)
	if err != nil || c.lint.after != "0042" || c.project != "007" {
		t.Errorf("got %q, %q, %v", c.lint.after, c.project, err)
	}
}

func TestVariables(t *testing.T) {
	env := func(name string) (string, bool) {
		value, set := map[string]string{"SET": "x", "EMPTY": ""}[name]
		return value, set
	}
	for written, want := range map[string]string{
		"${SET}": "x", "a-${SET}-${UNSET:-b}": "a-x-b", "${EMPTY:-c}": "c", "p${EMPTY}": "p", "$SET": "$SET", `"${UNSET:-}z"`: "z",
	} {
		c, err := parseConfig([]byte("project: "+written), "segue.yaml", env)
		if err != nil || c.project != want {
			t.Errorf("%s is %q (%v), want %q", written, c.project, err, want)
		}
	}
}
