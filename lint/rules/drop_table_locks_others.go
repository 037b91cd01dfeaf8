package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropTableLocksOthers = lint.Rule{
	ID: "drop-table-locks-others", Family: dialects.LockFamily, Severity: lint.Warning,
	Peers: []string{"online_migrations/drop_table_multiple_foreign_keys"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Dropping a table stops reads and writes of the tables that it refers to",
		Condition: "A table from an earlier migration is dropped that has foreign keys to other tables, or with CASCADE one that others " +
			"refer to. For information where a lock_timeout is set before, or segue runs the file.",
		Effect: "It takes ACCESS EXCLUSIVE on each of them too, though nobody thinks of them. While it waits for the queries that run " +
			"on any of them everybody else queues behind it, with the others locked already.",
		Workaround: "Drop the foreign keys first, each in a migration of its own with a lock_timeout, then the table.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.DropTable)
			if !ok || !inUse(p, c.Table) {
				continue
			}
			var others []string
			for _, e := range p.Effects {
				if e.Change == change && e.Table != p.Catalog.Resolve(c.Table) && e.Blocks == dialects.BlocksAll {
					others = append(others, e.Table.String())
				}
			}
			if others == nil {
				continue
			}
			p.Report(lint.Finding{
				Severity: moment(p), Table: p.Catalog.Resolve(c.Table).String(),
				Message: fmt.Sprintf("dropping %s stops reads and writes of %s too", c.Table, strings.Join(others, ", ")),
				Why:     "foreign keys join them: it takes ACCESS EXCLUSIVE on all of them, and everybody queues behind it while it waits for any",
				Instead: "drop the foreign keys first, each in a migration of its own with a lock_timeout, then the table",
			})
		}
	},
}
