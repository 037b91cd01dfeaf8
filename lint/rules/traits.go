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
