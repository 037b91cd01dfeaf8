package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var noPartition = lint.Rule{
	ID: "no-partition", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/TABLE_DISALLOW_PARTITION"},
	Docs: []lint.Doc{{
		Title:     "A table is partitioned",
		Condition: "A table is made with PARTITION BY, or is given it.",
		Effect: "Every unique key must have the partition key's columns; queries that do not name those look into every partition; and " +
			"somebody has to make the partitions of tomorrow in time.",
		Workaround: "One table with an index, until it is too large to delete from or to keep up.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		switch c := change.(type) {
		case dialects.CreateTable:
			if c.Partition == nil {
				return lint.Finding{}
			}
		case dialects.AlterTable:
			if c.What != "partition by" {
				return lint.Finding{}
			}
		default:
			return lint.Finding{}
		}
		table := p.Catalog.Resolve(change.Target())
		return lint.Finding{
			Table:   table.String(),
			Message: fmt.Sprintf("%s is partitioned", table),
			Why:     "unique keys must have the partition key's columns, and queries without those look into every partition",
			Instead: "one table with an index",
		}
	}),
}
