package rules

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// newIndexes are the indexes that the statement makes, for constraints too, each with its table. Those that
// a constraint takes over are there already.
func newIndexes(p *lint.Pass) iter.Seq2[dialects.Name, dialects.Index] {
	return func(yield func(dialects.Name, dialects.Index) bool) {
		for _, change := range p.Statement.Changes {
			if c, ok := change.(dialects.AddConstraint); ok && c.UsingIndex != "" {
				continue
			}
			table := tableOf(change)
			if c, ok := change.(dialects.CreateTable); ok && c.Temporary || isTemporary(p, table) {
				continue
			}
			constraints, indexes := parts(change)
			for _, c := range constraints {
				if c.Kind == dialects.PrimaryKey || c.Kind == dialects.Unique {
					i := dialects.Index{Keys: c.Columns, Columns: c.Columns, Unique: true, Primary: c.Kind == dialects.PrimaryKey}
					i.Name.Name = c.Name
					indexes = append(slices.Clone(indexes), i)
				}
			}
			for _, i := range indexes {
				if !yield(p.Catalog.Resolve(table), i) {
					return
				}
			}
		}
	}
}

// indexesOf are those of a table that is in the catalog.
func indexesOf(p *lint.Pass, table dialects.Name) []*dialects.Index {
	if t := p.Catalog.Table(table); t != nil {
		return t.Indexes
	}
	return nil
}

// label is how messages call an index.
func label(i *dialects.Index) string {
	switch {
	case i.Primary:
		return "the primary key"
	case i.Name.Name == "":
		return fmt.Sprintf("the index on (%s)", strings.Join(i.Keys, ", "))
	}
	return "index " + i.Name.Name
}

// isOrdered reports whether an index keeps its keys in order, so that those in front can be used alone.
func isOrdered(i *dialects.Index) bool {
	return i.Method == "" || strings.EqualFold(i.Method, "btree")
}

// typeOfColumn is a column's type behind the statement; empty where it is not known.
func typeOfColumn(p *lint.Pass, table dialects.Name, name string) string {
	for d := range newColumns(p) {
		if d.Table == p.Catalog.Resolve(table) && same(p, d.Column.Name, name) {
			return d.Column.Type
		}
	}
	if c := column(p, table, name); c != nil {
		return c.Type
	}
	return ""
}
