package postgres

import (
	"os"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

func FuzzReplay(f *testing.F) {
	for _, file := range []string{"testdata/replay.sql", "testdata/schema.sql", "testdata/lower.txt"} {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for block := range strings.SplitSeq(string(text), "-- # ") {
			f.Add(block)
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		c := Dialect{}.NewCatalog(dialects.Version{Kind: dialects.Postgres, Major: 16})
		for _, s := range (Dialect{}).Parse(src) {
			if effects := (Dialect{}).Effects(c, s, nil); len(effects) < len(s.Changes) {
				t.Fatalf("%s: %d changes have %d effects", s.Text, len(s.Changes), len(effects))
			}
			Dialect{}.Replay(c, s)
		}
		for name, table := range c.Tables {
			if table.Name != name {
				t.Fatalf("table %s is kept as %s", table.Name, name)
			}
		}
	})
}
