package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var detachPartitionNotConcurrent = lint.Rule{
	ID: "detach-partition-not-concurrent", Family: dialects.LockFamily, Severity: lint.Warning,
	Peers: []string{"squawk/require-concurrent-partition-detach"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Detaching a partition stops reads and writes of the whole partitioned table",
		Condition: "A partition of a table from an earlier migration is detached without CONCURRENTLY, on Postgres 14 or later. For " +
			"information where a lock_timeout is set before, or segue runs the file.",
		Effect: "It takes ACCESS EXCLUSIVE on the partitioned table. That is quick, but while it waits for the queries that run " +
			"everybody else queues behind it, whatever partition they want.",
		Workaround: "ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY, outside of a transaction; if it is interrupted, FINALIZE. " +
			"Beside a DEFAULT partition the server refuses that: set a short lock_timeout before it then, and try again " +
			"until it goes through.",
	}},
	Check: func(p *lint.Pass) {
		if !supports(p, 14) {
			return
		}
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.DetachPartition)
			if !ok || c.Concurrently || !inUse(p, c.Table) {
				continue
			}
			parent := p.Catalog.Resolve(c.Table)
			f := lint.Finding{
				Severity: moment(p), Table: parent.String(),
				Message: fmt.Sprintf("detaching %s stops reads and writes of all of %s", c.Partition, parent),
				Why:     "it takes ACCESS EXCLUSIVE on the partitioned table: everybody queues behind it while it waits for the queries that run",
				Instead: "DETACH PARTITION ... CONCURRENTLY, " + p.Outside(),
			}
			if hasDefault(p.Catalog, parent) {
				f.Instead = "beside a DEFAULT partition the server refuses CONCURRENTLY: SET lock_timeout = '1s' before it, and try again until it goes through"
			}
			p.Report(f)
		}
	},
}

// hasDefault reports whether a partitioned table has a DEFAULT partition.
func hasDefault(c *dialects.Catalog, parent dialects.Name) bool {
	for _, t := range c.Tables {
		if t.PartitionOf != nil && *t.PartitionOf == parent && t.Bound == "DEFAULT" {
			return true
		}
	}
	return false
}

// supports reports whether the server is of the major release or a later one. Where none was said it is
// taken for a new one.
func supports(p *lint.Pass, major int) bool {
	return p.Server.Major == 0 || p.Server.AtLeast(major, 0)
}
