package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropIndexNotConcurrent = lint.Rule{
	ID: "drop-index-not-concurrent", Family: dialects.LockFamily, Severity: lint.Warning,
	Peers: []string{
		"squawk/require-concurrent-index-deletion", "strong_migrations/remove_index", "online_migrations/remove_index", "atlas/PG102",
	},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Dropping an index stops reads and writes of its table",
		Condition: "An index of a table from an earlier migration is dropped without CONCURRENTLY. For information where a " +
			"lock_timeout is set before, or segue runs the file: then nobody waits for long. Indexes of partitioned tables " +
			"cannot be dropped concurrently, and are left out; so is what IF EXISTS names and no " +
			"migration makes, where they make all that they name.",
		Effect: "DROP INDEX takes ACCESS EXCLUSIVE on the table. Dropping is quick, but while it waits for the queries that run " +
			"everybody else queues behind it, SELECT included.",
		Workaround: "DROP INDEX CONCURRENTLY, outside of a transaction. Look first (pg_stat_user_indexes) whether queries use it.",
	}},
	Check: func(p *lint.Pass) {
		for _, e := range p.Effects {
			c, ok := e.Change.(dialects.DropIndex)
			t := p.Catalog.Table(e.Table)
			if !ok || c.Concurrently || e.Lock == "" || p.Fresh[e.Table] || t != nil && t.Kind == dialects.PartitionedTable {
				continue
			}
			f := lint.Finding{
				Severity: moment(p),
				Message:  fmt.Sprintf("dropping index %s stops reads and writes of its table", c.Index),
				Why:      "it takes ACCESS EXCLUSIVE on the table: everybody queues behind it while it waits for the queries that run",
				Instead:  "DROP INDEX CONCURRENTLY, " + p.Outside(),
			}
			if t != nil {
				f.Table, f.Message = e.Table.String(), fmt.Sprintf("dropping index %s stops reads and writes of %s", c.Index, e.Table)
			}
			p.Report(f)
		}
	},
}
