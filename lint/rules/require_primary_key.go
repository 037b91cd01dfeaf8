package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var requirePrimaryKey = lint.Rule{
	ID: "require-primary-key", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/TABLE_REQUIRE_PK", "skeema/pk", "spirit/primary_key"},
	Docs: []lint.Doc{{
		Title: "A table has no primary key",
		Condition: "A table is made without a primary key, and no later statement of the file adds one; or a primary key is dropped and none " +
			"added. Partitions have their parent's, and a table LIKE another may have the other's.",
		Effect: "A row cannot be named: replication finds it by all of its values or not at all, tools that copy a table in batches " +
			"refuse it, and so does segue's backfill. On MySQL and MariaDB the rows are kept by a hidden key that nobody can use.",
		Workaround: "A primary key, of a number that the server counts where the rows have no key of their own.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		table := p.Catalog.Resolve(change.Target())
		what := "is made without a primary key"
		switch c := change.(type) {
		case dialects.CreateTable:
			if c.PartitionOf != nil || len(c.Like) > 0 || c.IfNotExists && p.Catalog.Table(c.Table) != nil {
				return lint.Finding{}
			}
		case dialects.DropConstraint:
			if !isPrimaryKey(p, c) {
				return lint.Finding{}
			}
			what = "loses its primary key"
		default:
			return lint.Finding{}
		}
		added := func(other dialects.Change) bool {
			_, is := primaryKey(other)
			_, gone := other.(dialects.DropTable)
			return (is || gone) && isOf(p, other, table)
		}
		if later(p, added) {
			return lint.Finding{}
		}
		return lint.Finding{
			Table:   table.String(),
			Message: fmt.Sprintf("%s %s", table, what),
			Why:     "no row of it can be named: not by replication, and not by what copies it in batches",
			Instead: "give it a primary key",
		}
	}),
}

func isPrimaryKey(p *lint.Pass, c dialects.DropConstraint) bool {
	if c.Kind == dialects.PrimaryKey {
		return true
	}
	if t := p.Catalog.Table(c.Table); t != nil {
		for _, con := range t.Constraints {
			if con.Kind == dialects.PrimaryKey && con.Name == c.Name {
				return true
			}
		}
	}
	return false
}
