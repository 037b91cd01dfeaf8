package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var createPartitionOf = lint.Rule{
	ID: "create-partition-of", Family: dialects.LockFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A new partition stops reads and writes of the whole partitioned table",
		Condition: "CREATE TABLE ... PARTITION OF a table from an earlier migration, on Postgres 12 or later, with no DEFAULT " +
			"partition beside it (for that see attach-partition). For information where a lock_timeout is set before, or segue runs the file.",
		Effect: "It takes ACCESS EXCLUSIVE on the partitioned table. That is quick, but while it waits for the queries that run " +
			"everybody else queues behind it, whatever partition they want.",
		Workaround: "CREATE TABLE the_partition (LIKE the_table INCLUDING DEFAULTS INCLUDING CONSTRAINTS), then ALTER TABLE the_table " +
			"ATTACH PARTITION the_partition FOR VALUES ...: on the partitioned table that takes SHARE UPDATE EXCLUSIVE, which " +
			"lets reads and writes go on.",
	}},
	Check: func(p *lint.Pass) {
		if !supports(p, 12) {
			return
		}
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.CreateTable)
			if !ok || c.PartitionOf == nil || !inUse(p, *c.PartitionOf) || hasDefault(p.Catalog, p.Catalog.Resolve(*c.PartitionOf)) ||
				c.IfNotExists && p.Catalog.Table(c.Table) != nil {
				continue
			}
			parent := p.Catalog.Resolve(*c.PartitionOf)
			p.Report(lint.Finding{
				Severity: moment(p), Table: parent.String(),
				Message: fmt.Sprintf("making partition %s stops reads and writes of all of %s", c.Table, parent),
				Why:     "it takes ACCESS EXCLUSIVE on the partitioned table: everybody queues behind it while it waits for the queries that run",
				Instead: fmt.Sprintf("CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS), then ALTER TABLE %s ATTACH PARTITION %s %s",
					c.Table, *c.PartitionOf, *c.PartitionOf, c.Table, c.Bound),
			})
		}
	},
}
