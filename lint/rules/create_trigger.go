package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var createTrigger = lint.Rule{
	ID: "create-trigger", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Peers: []string{"atlas/PG308", "bytebase/TABLE_DISALLOW_TRIGGER"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A new trigger takes part in the writes of every app version",
		Condition: "A trigger is made on a table or view from an earlier migration.",
		Effect: "From the moment that it commits each write runs it, also those of app versions that were written without it: if it " +
			"fails, or changes what they write, they break. Making it takes SHARE ROW EXCLUSIVE: writes queue behind it while it " +
			"waits for the transactions that write.",
		Workaround: "Write the function so that what any running version writes goes through as before. SET lock_timeout first.",
	}, {
		Servers:   onMySQL,
		Title:     "A new trigger takes part in the writes of every app version",
		Condition: "A trigger is made on a table from an earlier migration.",
		Effect: "From that moment on each write runs it, also those of app versions that were written without it: if it fails, or " +
			"changes what they write, they break. Making it needs the table's metadata lock to itself for a moment: everybody " +
			"queues behind it while it waits for the transactions that use the table.",
		Workaround: "Write the body so that what any running version writes goes through as before. SET lock_wait_timeout first.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.CreateObject)
			if !ok || c.Kind != dialects.TriggerObject || !inUse(p, c.Table) {
				continue
			}
			table := p.Catalog.Resolve(c.Table)
			p.Report(lint.Finding{
				Table:   table.String(),
				Message: fmt.Sprintf("trigger %s takes part in every write to %s from now on", c.Object.Name, table),
				Why:     "app versions that were written without it run it too: if it fails, or changes what they write, they break",
				Instead: "see that what any running version writes goes through it as before, then allow this",
			})
		}
	},
}
