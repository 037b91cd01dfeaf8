package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var foreignKeyTypeMismatch = lint.Rule{
	ID: "foreign-key-type-mismatch", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Peers: []string{"online_migrations/mismatched_foreign_key_type"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A foreign key's column is of another type than the one it refers to",
		Condition: "A foreign key is made whose column has another type than the referenced column, such as int for bigint.",
		Effect: "It works until the referenced key outgrows the smaller type: then no row can refer to it, and inserts fail (integer out of " +
			"range). Comparisons of the two are converted, and may pass an index over.",
		Workaround: "Give both the same type while the table is small or new.",
	}},
	CheckFile: func(p *lint.Pass) {
		for i := range p.Script.Up {
			s := &p.Script.Up[i]
			for _, change := range s.Changes {
				constraints, _ := parts(change)
				for _, c := range constraints {
					if c.Kind != dialects.ForeignKey {
						continue
					}
					from, to := mismatch(p, p.Catalog.Table(change.Target()), c)
					if from == nil {
						continue
					}
					table := p.Catalog.Resolve(change.Target())
					p.ReportAt(s.Start, s.End, lint.Finding{
						Statement: s.Text,
						Table:     table.String(),
						Message:   fmt.Sprintf("%s.%s is %s and refers to %s.%s, which is %s", table, from.Name, from.Type, p.Catalog.Resolve(*c.References), to.Name, to.Type),
						Why:       "a key that one of the types can hold and the other cannot has inserts fail",
						Instead:   fmt.Sprintf("make it %s", to.Type),
					})
				}
			}
		}
	},
}

// mismatch is the first pair of a foreign key's columns that differ in their types; nil where none do, as
// far as both are known.
func mismatch(p *lint.Pass, t *dialects.Table, c dialects.Constraint) (from, to *dialects.Column) {
	parent := p.Catalog.Table(*c.References)
	if t == nil || parent == nil {
		return nil, nil
	}
	referenced := c.ReferencedColumns
	if len(referenced) == 0 {
		for _, i := range parent.Indexes {
			if i.Primary {
				referenced = i.Keys
			}
		}
	}
	if len(referenced) != len(c.Columns) {
		return nil, nil
	}
	for i, name := range c.Columns {
		from, to := t.Column(name), parent.Column(referenced[i])
		if from != nil && to != nil && from.BaseType != to.BaseType {
			return from, to
		}
	}
	return nil, nil
}
