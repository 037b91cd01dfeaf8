package postgres

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
)

// contract takes the old column out in one short transaction. The lock comes first, so that
// nothing changes between the statements; [Database.Recheck], which the runner asks in the same
// transaction before this script, has taken it already.
//
// Indexes and constraints of the old column go with it, without CASCADE: what the plan does not
// know of and cannot go with a column, such as a view, fails the transaction.
func (p *pair) contract(all *twins) dialects.Action {
	table := qualified(p.table.Name)
	s := &script{}
	s.add("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", table)
	s.add("SET LOCAL search_path = pg_catalog")
	if slices.ContainsFunc(all.constraints, func(twin constraintTwin) bool { return twin.constraint.References != nil }) {
		s.add(secondLock)
	}
	s.add("DROP TRIGGER %s ON %s", quote(p.trigger), table)
	s.add("DROP FUNCTION %s()", qualified(p.function))
	for _, sequence := range p.sequences() {
		s.add("ALTER SEQUENCE %s OWNED BY %s.%s", qualified(sequence), table, quote(p.spec.New))
	}
	p.finalDefault(s)
	for _, twin := range all.notNulls {
		if twin.constraint != nil {
			continue
		}
		// The valid CHECK proves that there is no NULL. It must not go in the same ALTER TABLE,
		// which would then scan.
		p.ifPartition(s, twin.table, func(s *script) {
			s.add("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", qualified(twin.table.Name), quote(p.spec.New))
			s.add("ALTER TABLE %s DROP CONSTRAINT %s", qualified(twin.table.Name), quote(twin.name))
		})
	}
	s.add("ALTER TABLE %s DROP COLUMN %s", table, quote(p.spec.Old))
	for _, twin := range all.indexes {
		p.ifPartition(s, twin.table, func(s *script) { p.takeIndexName(s, twin) })
	}
	for _, twin := range all.constraints {
		p.takeConstraintName(s, twin.table, twin.constraint, twin.name)
		p.takePartitionNames(s, twin)
	}
	for _, twin := range all.notNulls {
		if twin.constraint != nil {
			p.takeConstraintName(s, twin.table, twin.constraint, twin.name)
		}
	}
	for _, twin := range all.statistics {
		p.ifPartition(s, twin.table, func(s *script) {
			s.add("ALTER STATISTICS %s RENAME TO %s", qualified(twin.name), quote(twin.statistics.Name.Name))
			if twin.statistics.Comment != "" {
				s.add("COMMENT ON STATISTICS %s IS %s", qualified(twin.statistics.Name), quoteLiteral(twin.statistics.Comment))
			}
		})
	}
	p.inheritedComments(s)
	action := p.brief(s.String(), "", fmt.Sprintf("%s is all there is: the trigger and %s go, names are those of before", p.spec.New, p.spec.Old))
	// A foreign key that goes takes its triggers off the table it references.
	for _, twin := range all.constraints {
		if parent := twin.constraint.References; parent != nil && !slices.Contains(action.Tables, p.c.Resolve(*parent)) {
			action.Tables = append(action.Tables, p.c.Resolve(*parent))
		}
	}
	return action
}

// finalDefault gives the new column the default that a rename would have left it, where it has
// another until now.
func (p *pair) finalDefault(s *script) {
	table, column := qualified(p.table.Name), quote(p.spec.New)
	switch {
	case p.old.Default == "" && p.old.Domain != nil:
		s.add("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", table, column)
	case p.old.Default != "" && p.dflt.kind != steadyDefault:
		s.add("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s", table, column, p.old.Default)
	}
}

// sequences are those that the old column owns: they would go with it.
func (p *pair) sequences() []dialects.Name {
	owned := map[string]dialects.Name{}
	if p.old.Sequence != nil {
		owned[p.old.Sequence.String()] = *p.old.Sequence
	}
	for key, object := range p.c.Objects {
		if key.Kind == dialects.Sequence && object.OwnedBy != nil &&
			object.OwnedBy.Table == p.table.Name && object.OwnedBy.Column == p.spec.Old {
			owned[key.Name.String()] = key.Name
		}
	}
	return namesInOrder(owned)
}

// takeIndexName gives a twin the name of the old index, and with it the constraint, the comments and
// the mark of CLUSTER.
func (p *pair) takeIndexName(s *script, twin indexTwin) {
	table := qualified(twin.table.Name)
	final := dialects.Name{Schema: twin.name.Schema, Name: twin.index.Name.Name}
	// A partitioned index's constraint is there since it was built; it is renamed with its index.
	isConstraint := twin.index.Parent != nil || twin.table.Kind == dialects.PartitionedTable
	if twin.constraint != nil && !isConstraint {
		kind := "UNIQUE"
		if twin.constraint.Kind == dialects.PrimaryKey {
			kind = "PRIMARY KEY"
		}
		s.add("ALTER TABLE ONLY %s ADD CONSTRAINT %s %s USING INDEX %s", table, quote(twin.constraint.Name), kind, quote(twin.name.Name))
	} else {
		s.add("ALTER INDEX %s RENAME TO %s", qualified(twin.name), quote(final.Name))
	}
	if twin.constraint != nil && twin.constraint.Comment != "" {
		s.add("COMMENT ON CONSTRAINT %s ON %s IS %s", quote(twin.constraint.Name), table, quoteLiteral(twin.constraint.Comment))
	}
	if twin.index.Comment != "" {
		s.add("COMMENT ON INDEX %s IS %s", qualified(final), quoteLiteral(twin.index.Comment))
	}
	if twin.index.Clustered {
		s.add("ALTER TABLE %s CLUSTER ON %s", table, quote(final.Name))
	}
}

// takeConstraintName renames a twin; partitions' copies of a CHECK follow their parent's.
func (p *pair) takeConstraintName(s *script, t *dialects.Table, c *dialects.Constraint, name string) {
	p.ifPartition(s, t, func(s *script) {
		s.add("ALTER TABLE %s RENAME CONSTRAINT %s TO %s", qualified(t.Name), quote(name), quote(c.Name))
		if c.Comment != "" {
			s.add("COMMENT ON CONSTRAINT %s ON %s IS %s", quote(c.Name), qualified(t.Name), quoteLiteral(c.Comment))
		}
	})
}

// takePartitionNames renames partitions' copies of a foreign key, which do not follow their parent's. They
// were made under its twin's name.
func (p *pair) takePartitionNames(s *script, twin constraintTwin) {
	if twin.constraint.Kind != dialects.ForeignKey || twin.table.Kind != dialects.PartitionedTable {
		return
	}
	for _, t := range family(p.c, twin.table)[1:] {
		for _, c := range t.Constraints {
			if c.Inherited && c.Kind == dialects.ForeignKey && c.Definition == twin.constraint.Definition {
				p.takeConstraintName(s, t, c, twin.name)
			}
		}
	}
}

// inheritedComments are those on partitions' copies of CHECKs.
func (p *pair) inheritedComments(s *script) {
	for _, t := range p.family {
		for _, c := range t.Constraints {
			if c.Inherited && c.Kind == dialects.Check && c.Comment != "" && p.onConstraint(t, c) {
				p.ifPartition(s, t, func(s *script) {
					s.add("COMMENT ON CONSTRAINT %s ON %s IS %s", quote(c.Name), qualified(t.Name), quoteLiteral(c.Comment))
				})
			}
		}
	}
}
