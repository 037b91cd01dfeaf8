package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropIndexBeforeReplacement = lint.Rule{
	ID: "drop-index-before-replacement", Family: dialects.LockFamily, Severity: lint.Warning,
	Peers: []string{"online_migrations/replace_index"},
	Docs: []lint.Doc{{
		Title: "An index is dropped before the one that takes its place is built",
		Condition: "A statement drops an index from an earlier migration, and one behind it in the file builds another on the same " +
			"table that starts with the same column.",
		Effect: "Until the new one is built the queries that went by the old one read the whole table: on a large one that is an outage of " +
			"its own, for as long as the build takes.",
		Workaround: "Build the new index first (under another name), then drop the old one.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.DropIndex)
			if !ok {
				continue
			}
			t, dropped := indexNamed(p, c)
			if dropped == nil || p.Fresh[t.Name] || indexMade(p, t, dropped) || len(dropped.Keys) == 0 || dropped.Keys[0] == "" {
				continue
			}
			if line := rebuilt(p, t, dropped.Keys[0]); line > 0 {
				p.Report(lint.Finding{
					Table:   t.Name.String(),
					Message: fmt.Sprintf("index %s of %s is dropped before line %d builds the one that takes its place", c.Index.Name, t.Name, line),
					Why:     fmt.Sprintf("until that is built, queries by %s read the whole table", dropped.Keys[0]),
					Instead: "build the new index first, under another name, then drop this one",
				})
			}
		}
	},
}

// indexNamed finds the index that a change drops, and its table; nil where it is not known.
func indexNamed(p *lint.Pass, c dialects.DropIndex) (*dialects.Table, *dialects.Index) {
	for _, t := range p.Catalog.Tables {
		if c.Table.Name != "" && t.Name != p.Catalog.Resolve(c.Table) || c.Table.Name == "" && t.Name.Schema != p.Catalog.Resolve(c.Index).Schema {
			continue
		}
		for _, i := range t.Indexes {
			if i.Name.Name == c.Index.Name {
				return t, i
			}
		}
	}
	return nil, nil
}

// rebuilt is the line behind the statement that builds an index which starts with the column; 0 where none does.
func rebuilt(p *lint.Pass, t *dialects.Table, column string) int {
	for _, s := range p.Script.Up[indexOf(p)+1:] {
		for _, change := range s.Changes {
			c, ok := change.(dialects.CreateIndex)
			if ok && p.Catalog.Resolve(c.Table) == t.Name && len(c.Index.Keys) > 0 && c.Index.Keys[0] == column {
				return s.Start.Line
			}
		}
	}
	return 0
}
