package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropVisibleIndex = lint.Rule{
	ID: "drop-visible-index", Family: dialects.LockFamily, Severity: lint.Warning,
	Peers: []string{"spirit/invisible_index_before_drop"},
	Docs: []lint.Doc{{
		Servers: []dialects.Kind{dialects.MySQL},
		Title:   "An index is dropped that queries may be using",
		Condition: "On 8.0 or later an index from an earlier migration is dropped that no migration has made INVISIBLE, and no other " +
			"index starts with the same columns.",
		Effect: "It takes a moment, and queries that went by the index read the whole table from then on: the server stands still under " +
			"them, and making the index again takes as long as it does.",
		Workaround: "ALTER TABLE ... ALTER INDEX name INVISIBLE first, in a migration of its own. Queries no longer use it, and making it " +
			"VISIBLE again takes a moment. Drop it when nobody has missed it for as long as the rarest job needs.",
	}, {
		Servers: onMariaDB,
		Title:   "An index is dropped that queries may be using",
		Condition: "On 10.6 or later an index from an earlier migration is dropped that no migration has made IGNORED, and no other " +
			"index starts with the same columns.",
		Effect: "It takes a moment, and queries that went by the index read the whole table from then on: the server stands still under " +
			"them, and making the index again takes as long as it does.",
		Workaround: "ALTER TABLE ... ALTER INDEX name IGNORED first, in a migration of its own. Queries no longer use it, and making it " +
			"NOT IGNORED again takes a moment. Drop it when nobody has missed it for as long as the rarest job needs.",
	}},
	Check: func(p *lint.Pass) {
		word := ""
		if hider, ok := p.Dialect.(dialects.IndexHider); ok {
			word = hider.HidingWord(p.Server)
		}
		if word == "" || p.Statement.Foreign != nil {
			return
		}
		for range p.Hazards("still-needed") {
			return // it stays
		}
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.DropIndex)
			if !ok || !inUse(p, c.Table) {
				continue
			}
			t := p.Catalog.Table(c.Table)
			if t == nil {
				continue
			}
			at := slices.IndexFunc(t.Indexes, func(i *dialects.Index) bool { return strings.EqualFold(i.Name.Name, c.Index.Name) })
			if at < 0 || t.Indexes[at].Invisible || indexMade(p, t, t.Indexes[at]) || isReplaced(p, t, t.Indexes[at]) {
				continue
			}
			p.Report(lint.Finding{
				Table:   t.Name.String(),
				Message: fmt.Sprintf("index %s of %s is dropped while queries may be using it", c.Index.Name, t.Name),
				Why:     "queries that went by it read the whole table at once, and making it again takes long",
				Instead: fmt.Sprintf("ALTER TABLE ... ALTER INDEX %s %s first; drop it when nobody has missed it", c.Index.Name, word),
			})
		}
	},
}

// isReplaced reports whether another index, perhaps one of the same statement, does for queries what the one
// that is dropped does. One that goes with a column of its own is no loss beside that.
func isReplaced(p *lint.Pass, t *dialects.Table, gone *dialects.Index) bool {
	others := slices.Clone(t.Indexes)
	for _, change := range p.Statement.Changes {
		switch c := change.(type) {
		case dialects.CreateIndex:
			others = append(others, &c.Index)
		case dialects.DropColumn:
			if slices.ContainsFunc(gone.Columns, func(name string) bool { return strings.EqualFold(name, c.Column) }) {
				return true
			}
		}
	}
	return slices.ContainsFunc(others, func(i *dialects.Index) bool {
		return i.Name.Name != gone.Name.Name && !i.Invisible && i.Method == gone.Method && startsWith(i.Keys, gone.Keys)
	})
}

// startsWith reports whether a list of columns begins with those of another, which are plain ones.
func startsWith(list, head []string) bool {
	if len(head) == 0 || len(list) < len(head) || slices.Contains(head, "") {
		return false
	}
	return slices.EqualFunc(list[:len(head)], head, strings.EqualFold)
}
