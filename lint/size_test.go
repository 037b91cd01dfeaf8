package lint

import (
	"maps"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
)

// How long an effect is reckoned to take grows with what it does, and shows in words.
func TestEffectsAreReckonedByWhatTheyDo(t *testing.T) {
	million := dialects.Size{Rows: 1_000_000, Bytes: dialects.Unknown, IndexBytes: dialects.Unknown}
	index := dialects.Effect{Change: dialects.CreateIndex{}, Scans: true}
	var last time.Duration
	for _, e := range []dialects.Effect{
		{Change: dialects.SetNotNull{}, Scans: true},
		index,
		{Change: dialects.AlterColumnType{}, Scans: true, Rewrites: true},
		{Change: dialects.WriteData{Kind: dialects.Update}, Scans: true},
	} {
		if d := lasts(e, million); d <= last {
			t.Errorf("%T takes %v, and what does less %v", e.Change, d, last)
		} else {
			last = d
		}
	}
	unique := dialects.AddConstraint{Constraint: dialects.Constraint{Kind: dialects.Unique}}
	if lasts(dialects.Effect{Change: unique, Scans: true}, million) != lasts(index, million) {
		t.Error("a unique constraint builds an index")
	}
	wide := dialects.Size{Rows: 1000, Bytes: 100 << 30, IndexBytes: 1}
	if got := magnitude(lasts(dialects.Effect{Scans: true}, wide)); got != "minutes" {
		t.Errorf("few rows of much text take %s", got)
	}
}

func TestSizesInWords(t *testing.T) {
	for want, got := range map[string]string{
		"0":           counted(0),
		"999":         counted(999),
		"1,002":       counted(1002),
		"200,000,000": counted(200_000_000),
		"0 bytes":     inBytes(0),
		"1000 KiB":    inBytes(1000 << 10),
		"1.5 KiB":     inBytes(1536),
		"48 GiB":      inBytes(48 << 30),
		"2048 TiB":    inBytes(2 << 50),
		"a moment":    magnitude(time.Millisecond),
		"hours":       magnitude(5 * time.Hour),
		"days":        magnitude(50 * time.Hour),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A table keeps its size under the name that a statement gives it, unless that name is known itself.
func TestSizesFollowARename(t *testing.T) {
	size := func(rows int64) dialects.Size { return dialects.Size{Rows: rows} }
	name := func(n string) dialects.Name { return dialects.Name{Name: n} }
	stats := Stats{Sizes: map[dialects.Name]dialects.Size{name("a"): size(1), name("b"): size(2)}}
	c := dialects.NewCatalog(dialects.Version{Kind: dialects.MySQL}, "")
	stats.follow(c, dialects.Statement{Changes: []dialects.Change{
		dialects.RenameTable{Table: name("a"), To: "b"}, dialects.RenameTable{Table: name("a"), To: "c"},
		dialects.RenameTable{Table: name("nowhere"), To: "d"}, dialects.RenameTable{Table: name("c"), To: "e"},
		dialects.AlterTable{Table: name("b"), What: "set schema", Value: "s"}, dialects.AlterTable{Table: name("b"), What: "force", Value: "t"},
	}})
	want := map[dialects.Name]dialects.Size{
		name("a"): size(1), name("b"): size(2), name("c"): size(1), name("e"): size(1), {Schema: "s", Name: "b"}: size(2),
	}
	if !maps.Equal(stats.Sizes, want) {
		t.Errorf("the sizes are %v, want %v", stats.Sizes, want)
	}
}
