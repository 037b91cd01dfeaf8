package postgres

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestReplayMatchesServer runs each block of testdata/replay.sql on an empty database, in a transaction
// that it takes back, and compares what the server has with what replaying the block gives.
func TestReplayMatchesServer(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it")
	}
	text, err := os.ReadFile("testdata/replay.sql")
	if err != nil {
		t.Fatal(err)
	}
	d := openTest(t)
	for _, block := range strings.Split(string(text), "-- # ")[1:] {
		name, sql, _ := strings.Cut(block, "\n")
		t.Run(name, func(t *testing.T) {
			session := sessionTest(t, d)
			tx := begin(t, session, dialects.TxOptions{})
			runScript(t, tx, sql)
			read := inspectTest(t, d, tx)
			replayed := Dialect{}.NewCatalog(read.Version)
			for _, s := range (Dialect{}).Parse(sql) {
				if s.Syntax != nil {
					t.Fatal(s.Syntax)
				}
				Dialect{}.Replay(replayed, s)
			}
			got := append(describe(t, replayed), describeParts(t, replayed)...)
			want := append(describe(t, read), describeParts(t, read)...)
			got = slices.DeleteFunc(got, func(line string) bool { // a server's catalog has no objects of these kinds
				return strings.HasPrefix(line, "publication ") || strings.HasPrefix(line, "other ")
			})
			for _, line := range want {
				if !slices.Contains(got, line) {
					t.Errorf("only inspected: %s", line)
				}
			}
			for _, line := range got {
				if !slices.Contains(want, line) {
					t.Errorf("only replayed:  %s", line)
				}
			}
		})
	}
}

// describeParts writes what describe leaves out: triggers, policies, statistics, publications, and
// columns' settings.
func describeParts(t *testing.T, c *dialects.Catalog) []string {
	t.Helper()
	var facts []string
	fact := func(format string, args ...any) { facts = append(facts, fmt.Sprintf(format, args...)) }
	for name, table := range c.Tables {
		fact("%s: row security %v, forced %v, replica identity %s", name, table.RowSecurity, table.ForceRowSecurity, table.ReplicaIdentity)
		for _, g := range table.Triggers {
			fact("%s: trigger %s before %v row %v %v %v %s %s inherited %v: %s", name, g.Name, g.Before, g.Row, g.Events,
				sorted(dialects.Check, g.Columns), g.Function, g.Enabled, g.Inherited, definition(t, g.Definition))
		}
		for _, p := range table.Policies {
			fact("%s: policy %s %v", name, p.Name, sorted(dialects.Check, p.Columns))
		}
		for _, s := range table.Statistics {
			fact("%s: statistics %s %v comment %q: %s", name, s.Name, sorted(dialects.Check, s.Columns), s.Comment, definition(t, s.Definition))
		}
		for _, p := range table.Publications {
			fact("%s: publication %s %v %s", name, p.Name, p.Columns, expression(t, p.RowFilter))
		}
		for _, k := range table.Columns {
			fact("%s: column %s collation %s storage %q compression %q statistics %d options %v comment %q domain %s base %s",
				name, k.Name, k.Collation, k.Storage, k.Compression, k.StatsTarget, k.Options, k.Comment, maybe(k.Domain), k.BaseType)
		}
		for _, k := range table.Constraints {
			fact("%s: constraint %s comment %q", name, k.Name, k.Comment)
		}
		for _, i := range table.Indexes {
			fact("%s: index %s valid %v clustered %v nulls not distinct %v comment %q", name, i.Name, i.Valid, i.Clustered, i.NullsNotDistinct, i.Comment)
		}
	}
	for key, o := range c.Objects {
		if key.Kind == dialects.View || key.Kind == dialects.Domain {
			fact("%s %s: columns %v, not null %v", key.Kind, key.Name, o.Columns, o.NotNull)
		}
	}
	return facts
}

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
