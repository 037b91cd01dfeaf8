package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropForeignKey = lint.Rule{
	ID: "drop-foreign-key", Family: dialects.LockFamily, Severity: lint.Warning,
	Peers: []string{"atlas/CD101"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Dropping a foreign key stops reads and writes of both of its tables",
		Condition: "A foreign key of a table from an earlier migration is dropped. For information where a lock_timeout is set before, or " +
			"segue runs the file.",
		Effect: "It takes ACCESS EXCLUSIVE on both tables. That is quick, but while it waits for the queries that run on either of them " +
			"everybody else queues behind it. From then on nothing stops rows without a partner, and what ON DELETE did no longer happens.",
		Workaround: "SET lock_timeout first, and give it a migration of its own. Before it is gone for good: deploy a version that " +
			"deletes what ON DELETE CASCADE deleted.",
	}, {
		Servers: onMySQL,
		Title:   "From now on nothing stops rows without a partner",
		Condition: "A foreign key of a table from an earlier migration, or of one that no migration made, is dropped, and the same ALTER TABLE " +
			"adds no other one on its columns.",
		Effect: "That is quick, but what ON DELETE did no longer happens, app versions that rely on the refusal write rows without a " +
			"partner, and to have the key back takes a copy of the table, or checks no row.",
		Workaround: "First deploy a version that deletes what ON DELETE CASCADE deleted and does not rely on the refusal.",
	}},
	Check: func(p *lint.Pass) {
		for _, e := range p.Effects {
			c, ok := e.Change.(dialects.DropConstraint)
			if !ok || e.Table != p.Catalog.Resolve(c.Table) || p.Fresh[e.Table] {
				continue
			}
			key := constraintOf(p.Catalog, c.Table, c.Name)
			if c.Kind == dialects.ForeignKey && p.Catalog.Table(c.Table) == nil && !c.IfExists {
				key = &dialects.Constraint{Kind: c.Kind, References: &dialects.Name{}} // of which no more is known
			}
			if key == nil || key.Kind != dialects.ForeignKey || key.References == nil {
				continue
			}
			if e.Blocks != dialects.BlocksAll && addsKey(p, e.Table, key) {
				continue
			}
			f := lint.Finding{
				Table:   e.Table.String(),
				Message: fmt.Sprintf("foreign key %s of %s is dropped, and nothing stops rows without a partner any more", c.Name, e.Table),
				Why:     "what ON DELETE did no longer happens, and app versions that rely on the refusal write such rows",
				Instead: "first deploy a version that does without it",
			}
			if e.Blocks == dialects.BlocksAll {
				f.Severity = moment(p)
				f.Message = fmt.Sprintf("dropping foreign key %s stops reads and writes of %s and %s", c.Name, e.Table, *key.References)
				f.Why = "it takes ACCESS EXCLUSIVE on both: everybody queues behind it while it waits for the queries that run on either"
				f.Instead = "SET lock_timeout = '2s' before it, and give it a migration of its own"
			}
			p.Report(f)
		}
	},
}

// addsKey reports whether the statement puts another foreign key in a dropped one's place.
func addsKey(p *lint.Pass, table dialects.Name, key *dialects.Constraint) bool {
	return slices.ContainsFunc(p.Statement.Changes, func(change dialects.Change) bool {
		c, ok := change.(dialects.AddForeignKey)
		return ok && p.Catalog.Resolve(c.Table) == table && (key.Columns == nil || slices.Equal(c.Constraint.Columns, key.Columns))
	})
}

// constraintOf finds a constraint of a table; nil where none is known.
func constraintOf(c *dialects.Catalog, table dialects.Name, name string) *dialects.Constraint {
	t := c.Table(table)
	if t == nil {
		return nil
	}
	for _, con := range t.Constraints {
		if con.Name == name {
			return con
		}
	}
	return nil
}
