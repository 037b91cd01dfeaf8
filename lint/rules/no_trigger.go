package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var noTrigger = lint.Rule{
	ID: "no-trigger", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/TABLE_DISALLOW_TRIGGER"},
	Docs: []lint.Doc{{
		Title:     "A trigger changes what a statement does",
		Condition: "A trigger is made.",
		Effect: "Who reads an app's code does not see what its writes do. Every write pays for it, bulk loads row by row, and most tools that " +
			"change tables online refuse a table that has one.",
		Workaround: "Let the app write what it means; for the time of a migration segue makes and drops its own.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		c, ok := change.(dialects.CreateObject)
		if !ok || c.Kind != dialects.TriggerObject {
			return lint.Finding{}
		}
		table := p.Catalog.Resolve(c.Table)
		return lint.Finding{
			Table:   table.String(),
			Message: fmt.Sprintf("trigger %s is made on %s", c.Object.Name, table),
			Why:     "it changes what every write of the table does, out of sight of the apps that write",
			Instead: "let the app write what it means",
		}
	}),
}
