package rules

import (
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// later are the changes that the same file makes behind the statement, or within it.
func later(p *lint.Pass, holds func(dialects.Change) bool) bool {
	for i := range p.Script.Up {
		s := &p.Script.Up[i]
		if s.Start.Offset >= p.Statement.Start.Offset && slices.ContainsFunc(s.Changes, holds) {
			return true
		}
	}
	return false
}

// isOf reports whether a change is to a table.
func isOf(p *lint.Pass, change dialects.Change, table dialects.Name) bool {
	return p.Catalog.Resolve(change.Target()) == p.Catalog.Resolve(table)
}

// primaryKey is the columns of the primary key that a change makes; false where it makes none. Of one that
// takes an index over they may be nil.
func primaryKey(change dialects.Change) ([]string, bool) {
	constraints, indexes := parts(change)
	for _, c := range constraints {
		if c.Kind == dialects.PrimaryKey {
			return c.Columns, true
		}
	}
	for _, i := range indexes {
		if i.Primary {
			return i.Keys, true
		}
	}
	return nil, false
}

// parts are the constraints and indexes that a change makes.
func parts(change dialects.Change) ([]dialects.Constraint, []dialects.Index) {
	switch c := change.(type) {
	case dialects.CreateTable:
		return c.Constraints, c.Indexes
	case dialects.AddColumn:
		return c.Constraints, c.Indexes
	case dialects.RedefineColumn:
		return c.Constraints, c.Indexes
	case dialects.AddConstraint:
		return []dialects.Constraint{c.Constraint}, nil
	case dialects.AddForeignKey:
		return []dialects.Constraint{c.Constraint}, nil
	case dialects.CreateIndex:
		return nil, []dialects.Index{c.Index}
	}
	return nil, nil
}

// changes makes a check of a rule that looks at each change by itself, those of a session's own tables
// left out. Where fault has no message there is none.
func changes(fault func(*lint.Pass, dialects.Change) lint.Finding) func(*lint.Pass) {
	return func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			if c, ok := change.(dialects.CreateTable); ok && c.Temporary || isTemporary(p, change.Target()) {
				continue
			}
			if f := fault(p, change); f.Message != "" {
				p.Report(f)
			}
		}
	}
}
