package rules

import (
	"iter"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// traits are those of a kind that the statement has.
func traits(p *lint.Pass, kind dialects.TraitKind) iter.Seq[dialects.Trait] {
	return func(yield func(dialects.Trait) bool) {
		for _, t := range p.Statement.Traits {
			if t.Kind == kind && !yield(t) {
				return
			}
		}
	}
}

// written makes a check of a rule about how statements are written. Where fault has no message there is
// none.
func written(kind dialects.TraitKind, fault func(*lint.Pass, dialects.Trait) lint.Finding) func(*lint.Pass) {
	return func(p *lint.Pass) {
		if len(p.Statement.Traits) == 0 {
			return
		}
		for t := range traits(p, kind) {
			if f := fault(p, t); f.Message != "" {
				p.Report(f)
			}
		}
	}
}

// indexesUsed are the indexes of the tables that the statement reads and writes.
func indexesUsed(p *lint.Pass) iter.Seq[*dialects.Index] {
	return func(yield func(*dialects.Index) bool) {
		for _, change := range p.Statement.Changes {
			tables := []dialects.Name{change.Target()}
			if c, ok := change.(dialects.CreateObject); ok {
				tables = c.Reads
			}
			for _, name := range tables {
				t := p.Catalog.Table(name)
				if t == nil {
					continue
				}
				for _, i := range t.Indexes {
					if !yield(i) {
						return
					}
				}
			}
		}
	}
}
