package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var foreignKeyWithoutIndex = lint.Rule{
	ID: "foreign-key-without-index", Family: dialects.LockFamily, Severity: lint.Info,
	Peers: []string{"eugene/E15"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A foreign key's columns have no index",
		Condition: "A foreign key is made, and behind the file no index of its table starts with its columns.",
		Effect: "Each DELETE of a referenced row, and each UPDATE of its key, reads the whole table for rows that refer to it, with the " +
			"referenced row locked until that is done. Postgres makes no such index by itself.",
		Workaround: "Build the index first (CREATE INDEX CONCURRENTLY on a table in use). Where rows of the referenced table are never deleted " +
			"and their keys never change, accept it.",
	}},
	CheckFile: func(p *lint.Pass) {
		for i := range p.Script.Up {
			s := &p.Script.Up[i]
			for _, change := range s.Changes {
				constraints, _ := parts(change)
				for _, c := range constraints {
					t := p.Catalog.Table(change.Target())
					if c.Kind != dialects.ForeignKey || t == nil || leads(t, c.Columns) || !keeps(t, c) {
						continue
					}
					p.ReportAt(s.Start, s.End, lint.Finding{
						Statement: s.Text,
						Table:     t.Name.String(),
						Message:   fmt.Sprintf("the foreign key from %s (%s) to %s has no index", t.Name, strings.Join(c.Columns, ", "), p.Catalog.Resolve(*c.References)),
						Why:       fmt.Sprintf("each DELETE of a row there, and each change of its key, reads all of %s", t.Name),
						Instead:   fmt.Sprintf("CREATE INDEX CONCURRENTLY ON %s (%s), before the foreign key", t.Name, strings.Join(c.Columns, ", ")),
					})
				}
			}
		}
	},
}

// leads reports whether a full index of a table starts with columns, in any order.
func leads(t *dialects.Table, columns []string) bool {
	return slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool {
		return !i.Partial && len(i.Keys) >= len(columns) &&
			!slices.ContainsFunc(i.Keys[:len(columns)], func(k string) bool { return !slices.Contains(columns, k) })
	})
}

// keeps reports whether a table still has a foreign key of those columns.
func keeps(t *dialects.Table, c dialects.Constraint) bool {
	return slices.ContainsFunc(t.Constraints, func(o *dialects.Constraint) bool {
		return o.Kind == dialects.ForeignKey && slices.Equal(o.Columns, c.Columns)
	})
}
