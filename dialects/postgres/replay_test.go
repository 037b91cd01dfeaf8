package postgres

import (
	"os"
	"slices"
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
			checkLinks(t, c)
		}
		for name, table := range c.Tables {
			if table.Name != name {
				t.Fatalf("table %s is kept as %s", table.Name, name)
			}
		}
	})
}

// checkLinks looks for each table by all that it is linked to.
func checkLinks(t *testing.T, c *dialects.Catalog) {
	t.Helper()
	for _, table := range c.Tables {
		linked := func(kind dialects.LinkKind, to dialects.Name) {
			if !slices.Contains(slices.Collect(c.Linked(kind, to)), table) {
				t.Fatalf("%s has no link %d to its %s", table.Name, kind, to)
			}
		}
		for _, i := range table.Indexes {
			linked(dialects.IndexLink, i.Name)
		}
		for _, con := range table.Constraints {
			linked(dialects.ConstraintLink, dialects.Name{Schema: table.Name.Schema, Name: con.Name})
			if con.References != nil {
				linked(dialects.ReferenceLink, *con.References)
			}
		}
		for _, column := range table.Columns {
			if strings.Contains(column.Type, ".") {
				linked(dialects.TypeLink, dialects.Name{Name: strings.TrimSuffix(column.Type, "[]")})
			}
		}
		if table.PartitionOf != nil {
			linked(dialects.ParentLink, *table.PartitionOf)
		}
		for _, parent := range table.Inherits {
			linked(dialects.ParentLink, parent)
		}
	}
}
