package postgres

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// incomingKeys are foreign keys that reference the old column.
func (p *pair) incomingKeys() []string {
	var reasons []string
	referencing := map[dialects.Name]*dialects.Table{}
	for _, member := range p.family {
		for t := range p.c.Linked(dialects.ReferenceLink, member.Name) {
			referencing[t.Name] = t
		}
	}
	for _, t := range sorted(maps.Values(referencing)) {
		for _, c := range t.Constraints {
			if c.Kind == dialects.ForeignKey && !c.Inherited && c.References != nil &&
				p.inFamily(*c.References) && slices.Contains(p.referenced(c), p.spec.Old) {
				reasons = append(reasons, fmt.Sprintf("foreign key %s of %s references %s; drop it first, and add it again afterwards (NOT VALID, then VALIDATE)",
					c.Name, t.Name, p.oldName()))
			}
		}
	}
	return reasons
}

// referenced are the columns that a foreign key references: the primary key's where none are named.
func (p *pair) referenced(key *dialects.Constraint) []string {
	if len(key.ReferencedColumns) > 0 {
		return key.ReferencedColumns
	}
	if t := p.c.Table(*key.References); t != nil {
		for _, c := range t.Constraints {
			if c.Kind == dialects.PrimaryKey {
				return c.Columns
			}
		}
	}
	return nil
}

// sentAway are publications and subscriptions of the table and its partitions (dual-write.md, A14).
func (p *pair) sentAway() []string {
	var reasons []string
	for _, t := range p.family {
		for _, use := range t.Publications {
			reasons = append(reasons, fmt.Sprintf("publication %s sends %s, and its subscribers lack the column %s: applying would stop there; take the table out of the publication first",
				use.Name, t.Name, p.spec.New))
		}
		for _, name := range t.Subscriptions {
			reasons = append(reasons, fmt.Sprintf("subscription %s writes %s, where the sync trigger would not fire; rename the column at the publisher, or end the subscription first", name, t.Name))
		}
	}
	return reasons
}

// badTriggers are triggers that name the column, and a last trigger behind which no name fits.
func (p *pair) badTriggers() []string {
	var reasons []string
	for _, t := range p.family {
		for _, trigger := range t.Triggers {
			if !trigger.Inherited && slices.Contains(trigger.Columns, p.spec.Old) {
				reasons = append(reasons, fmt.Sprintf("trigger %s of %s names %s (UPDATE OF, or WHEN); drop it first, and make it again afterwards",
					trigger.Name, t.Name, p.spec.Old))
			}
		}
	}
	if p.trigger == "" {
		reasons = append(reasons, fmt.Sprintf("trigger %s of %s leaves no name behind it for the sync trigger, which must fire last; rename it to something shorter",
			p.lastTrigger(), p.table.Name))
	}
	return reasons
}

// lastTrigger is the name by bytes of the last BEFORE ROW trigger of the table or a partition,
// other plans' sync triggers left out: they write other columns.
func (p *pair) lastTrigger() string {
	last := ""
	for _, t := range p.family {
		for _, trigger := range t.Triggers {
			if trigger.Before && trigger.Row && !strings.HasPrefix(trigger.Function.Name, helperPrefix) {
				last = max(last, trigger.Name)
			}
		}
	}
	return last
}

// badConstraints are those that cannot have a second form.
func (p *pair) badConstraints() []string {
	var reasons []string
	say := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	for _, t := range p.family {
		for _, c := range t.Constraints {
			if c.Inherited || !p.onConstraint(t, c) {
				continue
			}
			partitioned := t.Kind == dialects.PartitionedTable
			switch {
			case c.Kind == dialects.Exclusion:
				say("exclusion constraint %s of %s uses %s and cannot be built beside writers; drop it first, and add it again afterwards", c.Name, t.Name, p.spec.Old)
			case (c.Kind == dialects.Unique || c.Kind == dialects.PrimaryKey) && c.Deferrable:
				say("%s %s of %s is deferrable, and its second form could not be; make it NOT DEFERRABLE first", c.Kind, c.Name, t.Name)
			case c.Kind == dialects.PrimaryKey && partitioned:
				say("primary key %s of the partitioned table %s has %s in it, and a table cannot have two; make it a unique constraint over NOT NULL columns first", c.Name, t.Name, p.spec.Old)
			case c.Kind == dialects.ForeignKey && partitioned && !p.c.Version.AtLeast(18, 0):
				say("foreign key %s of the partitioned table %s can be added NOT VALID from postgres:18 on only; drop it first, and add it again afterwards", c.Name, t.Name)
			}
		}
	}
	return reasons
}

// badParts are the parts of one table of the family that stand in the way.
func (p *pair) badParts(t *dialects.Table) []string {
	var reasons []string
	say := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	for _, policy := range t.Policies {
		if slices.Contains(policy.Columns, p.spec.Old) {
			say("policy %s of %s uses %s; drop it first, and make it again afterwards", policy.Name, t.Name, p.spec.Old)
		}
	}
	for _, index := range t.Indexes {
		if !p.onIndex(t, index) {
			continue
		}
		if !index.Valid {
			say("index %s of %s is invalid; REINDEX it, or drop it", index.Name, t.Name)
		}
		if t.ReplicaIdentity == index.Name.Name {
			say("index %s is the replica identity of %s and uses %s; choose another (ALTER TABLE ... REPLICA IDENTITY)", index.Name, t.Name, p.spec.Old)
		}
	}
	return reasons
}

// unknowns are functions whose text names the column: the server keeps no record of what a
// function's body uses (dual-write.md, A18).
func (p *pair) unknowns() []string {
	var reasons []string
	mayUse := func(o *dialects.Object) bool {
		return o.Kind == dialects.Function && !strings.HasPrefix(o.Name.Name, helperPrefix) && dialects.NamesWord(o.Definition, p.spec.Old)
	}
	for _, o := range objectsThat(p.c, mayUse) {
		reasons = append(reasons, fmt.Sprintf("function %s has the word %s in its text, and may use %s", o.Name, p.spec.Old, p.oldName()))
	}
	return reasons
}

// sorted are tables by name.
func sorted(tables iter.Seq[*dialects.Table]) []*dialects.Table {
	return slices.SortedFunc(tables, func(a, b *dialects.Table) int {
		return compareNames(a.Name, b.Name)
	})
}

// objectsThat are the objects that a condition holds for, by name.
func objectsThat(c *dialects.Catalog, holds func(*dialects.Object) bool) []*dialects.Object {
	var objects []*dialects.Object
	for _, o := range c.Objects {
		if holds(o) {
			objects = append(objects, o)
		}
	}
	slices.SortFunc(objects, func(a, b *dialects.Object) int {
		return cmp.Or(compareNames(a.Name, b.Name), strings.Compare(string(a.Kind), string(b.Kind)))
	})
	return objects
}

func namesInOrder(names map[string]dialects.Name) []dialects.Name {
	return slices.SortedFunc(maps.Values(names), compareNames)
}

func compareNames(a, b dialects.Name) int {
	return cmp.Or(strings.Compare(a.Schema, b.Schema), strings.Compare(a.Name, b.Name))
}
