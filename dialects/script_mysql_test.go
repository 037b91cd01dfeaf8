package dialects_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
)

// What is a comment, also behind the last statement, is for the dialect to say.
func TestReadScriptOfMySQL(t *testing.T) {
	const rename = "ALTER TABLE t RENAME COLUMN a TO b;\n"
	const down = "-- segue:down\n"
	for _, test := range []struct{ name, src, want, at, message string }{
		{"hash", "# a note\n" + rename + "# the end -- segue:down\n", "file[] up[]", "", ""},
		{"hash directive", "# segue:allow x y\n" + rename, "file[] up[]", "1:1", "in a # comment"},
		{"hash directive at the end", rename + "# segue:down", "file[] up[]", "2:1", "in a # comment"},
		{"the blank behind two dashes", "SELECT 5--segue:down\n;\n" + down, "file[] up[] down:", "", ""},
		{"no comment without it", "SELECT 1;\nSELECT 2 --segue", "file[] up[] up[]", "", ""},
		{"backslash in a string", `SELECT 'it\'s -- segue:down';` + "\n" + down, "file[] up[] down:", "", ""},
		{"comment marks in a string", `SELECT '/*', "# \" -- ";` + "\n" + down, "file[] up[] down:", "", ""},
		{"block comments do not nest", rename + "/* a /* b */\n" + down, "file[] up[] down:", "", ""},
		{"version comment is a statement", rename + "/*!40101 SET NAMES utf8mb4 */;\n" + down, "file[] up[] up[] down:", "", ""},
		{"version comment of a later server", rename + "/*!99999 SET x = 1; -- segue:down */\n" + down, "file[] up[] down:", "", ""},
		{"delimiter", "DELIMITER //\nSELECT 1 //\nDELIMITER ;\n" + down, "file[] up[] down:", "", ""},
		{"above no statement", rename + "-- segue:allow x y\n", "file[] up[]", "2:1", "above no statement"},
	} {
		t.Run(test.name, func(t *testing.T) {
			script, errs := dialects.ReadScript(mysql.Dialect{}, test.src)
			if got := summary(script); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			var at, message string
			for _, e := range errs {
				at, message = fmt.Sprintf("%d:%d", e.Start.Line, e.Start.Column), e.Message
			}
			if at != test.at || !strings.Contains(message, test.message) || len(errs) > 1 {
				t.Errorf("errors %v, want one at %q", errs, test.at)
			}
		})
	}
}
