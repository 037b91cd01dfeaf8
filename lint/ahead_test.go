package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segue-db/segue/lint"
)

// TestFilesAreReadAheadAndReplayedInOrder has each of many files change what the one before made. Under the
// race detector it shows that reading shares nothing with replaying.
func TestFilesAreReadAheadAndReplayedInOrder(t *testing.T) {
	var texts, want []string
	for i := range 500 {
		text := fmt.Sprintf("CREATE TABLE t%d (id int PRIMARY KEY, a text DEFAULT 'x' CHECK (a <> ''));\nCREATE INDEX ON t%d (lower(a));\n", i, i)
		if i > 0 {
			text += fmt.Sprintf("ALTER TABLE t%d DROP COLUMN a;\n", i-1)
			want = append(want, fmt.Sprintf("public.t%d", i-1))
		}
		texts = append(texts, text+"-- segue:down\n"+fmt.Sprintf("ALTER TABLE t%d DROP COLUMN a;\n", i))
	}
	for _, down := range []lint.Down{lint.DownNot, lint.DownToo} {
		c := config()
		c.Down = down
		var got []string
		for _, f := range run(t, c, texts...).Findings {
			if f.Rule == "drop-column" && f.Line == 3 {
				got = append(got, f.Table)
			}
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("down %q: found %v", down, got)
		}
	}
}

func TestSearchPathEndsWithItsFile(t *testing.T) {
	c := config()
	for _, after := range []string{"", "2"} {
		c.After = after
		got := found(run(t, c, makeUsers, "CREATE SCHEMA other;\nSET search_path TO other;", dropA))
		if want := "migrations/0003_x.sql:1:1-1:32 error drop-column"; got != want {
			t.Errorf("after %q: got %s, want %s", after, got, want)
		}
	}
}
