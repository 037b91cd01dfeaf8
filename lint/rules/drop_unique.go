package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropUnique = lint.Rule{
	ID: "drop-unique", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Peers: []string{"atlas/CD103"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Dropping a primary key or a unique index breaks upserts, and lets duplicates in",
		Condition: "A primary key, a unique constraint or a unique index from an earlier migration is dropped, and no other " +
			"unique index has the same columns.",
		Effect: "INSERT ... ON CONFLICT of those columns fails at once (there is no unique or exclusion constraint matching it), in " +
			"every app version that has it. All else goes on, and may write the same key twice.",
		Workaround: "First deploy a version without such upserts; or build the index that takes its place (CREATE UNIQUE INDEX " +
			"CONCURRENTLY on the same columns), and drop the old one behind it.",
	}, {
		Servers: onMySQL,
		Title:   "Dropping a primary key or a unique index turns upserts into inserts",
		Condition: "A primary key or a unique index from an earlier migration is dropped, and no other unique index has the " +
			"same columns.",
		Effect: "INSERT ... ON DUPLICATE KEY UPDATE, INSERT IGNORE and REPLACE of app versions that are running say nothing and " +
			"add a row each time.",
		Workaround: "First deploy a version without such upserts; or build the unique index that takes its place on the same columns, " +
			"and drop the old one behind it.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			t, index := droppedIndex(p, change)
			if index == nil || !index.Unique || indexMade(p, t, index) || goes(p, t, index) || replaced(p, t, index) {
				continue
			}
			what := fmt.Sprintf("the unique index %s", index.Name.Name)
			if index.Primary {
				what = "the primary key"
			}
			p.Report(lint.Finding{
				Table:   t.Name.String(),
				Message: fmt.Sprintf("%s of %s (%s) is dropped while apps may be counting on it", what, t.Name, strings.Join(index.Keys, ", ")),
				Why:     "upserts that go by it fail or insert twice from that moment on, in every app version that has them",
				Instead: "first deploy a version without such upserts, or build the unique index that takes its place before",
			})
		}
	},
}

// droppedIndex is the index that a change drops of a table in use, by itself or with its constraint; nil where it
// drops none.
func droppedIndex(p *lint.Pass, change dialects.Change) (*dialects.Table, *dialects.Index) {
	var table dialects.Name
	var name string
	switch c := change.(type) {
	case dialects.DropConstraint:
		table, name = c.Table, c.Name
	case dialects.DropIndex:
		table, name = c.Table, c.Index.Name
	default:
		return nil, nil
	}
	for _, t := range p.Catalog.Tables {
		if table.Name != "" && t.Name != p.Catalog.Resolve(table) || p.Fresh[t.Name] {
			continue
		}
		for _, i := range t.Indexes {
			if i.Name.Name == name {
				return t, i
			}
		}
	}
	return nil, nil
}

// goes reports whether the file drops a column of the index too, which is more than the index.
func goes(p *lint.Pass, t *dialects.Table, index *dialects.Index) bool {
	return slices.ContainsFunc(p.Script.Up, func(s dialects.ScriptStatement) bool {
		return slices.ContainsFunc(s.Changes, func(change dialects.Change) bool {
			c, ok := change.(dialects.DropColumn)
			return ok && p.Catalog.Resolve(c.Table) == t.Name && slices.Contains(index.Keys, c.Column)
		})
	})
}

// replaced reports whether another unique index has the same columns, or gets them in the same statement.
func replaced(p *lint.Pass, t *dialects.Table, index *dialects.Index) bool {
	same := func(keys []string) bool {
		return len(keys) == len(index.Keys) && !slices.ContainsFunc(keys, func(k string) bool { return !slices.Contains(index.Keys, k) })
	}
	if slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool { return i != index && i.Unique && !i.Partial && same(i.Keys) }) {
		return true
	}
	return slices.ContainsFunc(p.Statement.Changes, func(change dialects.Change) bool {
		switch c := change.(type) {
		case dialects.CreateIndex:
			return c.Index.Unique && same(c.Index.Keys)
		case dialects.AddConstraint:
			unique := c.Constraint.Kind == dialects.PrimaryKey || c.Constraint.Kind == dialects.Unique
			return unique && same(c.Constraint.Columns)
		}
		return false
	})
}
