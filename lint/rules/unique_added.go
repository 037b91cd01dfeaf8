package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var uniqueAdded = lint.Rule{
	ID: "unique-added", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Peers: []string{"atlas/MF101", "atlas/MF102"},
	Docs: []lint.Doc{{
		Title: "Columns become unique that apps may write the same values into",
		Condition: "A unique index, or a UNIQUE or PRIMARY KEY constraint, is made on columns of a table from an earlier migration, or of one that no migration made, and no " +
			"unique index says already that some of them are.",
		Effect: "If rows with the same values are there, the statement fails when it has built the index. If not, each write of an app " +
			"version that makes another such row fails from then on.",
		Workaround: "Look for doubles first (GROUP BY the columns HAVING count(*) > 1), and deploy a version that writes none. Then allow this.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			table, keys := madeUnique(change)
			if len(keys) == 0 || !inUse(p, table) {
				continue
			}
			t := p.Catalog.Table(table)
			table = p.Catalog.Resolve(table)
			isNew := func(key string) bool { return t != nil && oldColumn(p, table, key) == nil || addedAbove(p, table, key) }
			if slices.ContainsFunc(keys, isNew) || t != nil && isUnique(t, keys) {
				continue
			}
			columns := strings.Join(keys, ", ")
			p.Report(lint.Finding{
				Table:   table.String(),
				Message: fmt.Sprintf("%s (%s) becomes unique", table, columns),
				Why:     "it fails if doubles are there, and each write of an app version that makes one fails from then on",
				Instead: fmt.Sprintf("see that SELECT %s FROM %s GROUP BY %s HAVING count(*) > 1 finds nothing and that no running version writes such rows, then allow this",
					columns, table, columns),
			})
		}
	},
}

// madeUnique are the columns that a change makes unique. What takes over an index was judged with that.
func madeUnique(change dialects.Change) (dialects.Name, []string) {
	switch c := change.(type) {
	case dialects.CreateIndex:
		if c.Index.Unique && !c.Index.Expressions && !c.Index.Partial {
			return c.Table, c.Index.Keys
		}
	case dialects.AddConstraint:
		if c.UsingIndex == "" && (c.Constraint.Kind == dialects.Unique || c.Constraint.Kind == dialects.PrimaryKey) {
			return c.Table, c.Constraint.Columns
		}
	}
	return dialects.Name{}, nil
}

// isUnique reports whether a unique index is on some of the columns and on no others: then they are unique.
func isUnique(t *dialects.Table, keys []string) bool {
	return slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool {
		return (i.Unique || i.Primary) && i.Valid && !i.Partial && !i.Expressions &&
			!slices.ContainsFunc(i.Keys, func(key string) bool { return !slices.Contains(keys, key) })
	})
}
