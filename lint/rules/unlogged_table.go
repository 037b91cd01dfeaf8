package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var unloggedTable = lint.Rule{
	ID: "unlogged-table", Family: lint.StyleFamily, Severity: lint.Off,
	Docs: []lint.Doc{{
		Servers:    onPostgres,
		Title:      "A table is not in the log: a crash empties it, and replicas do not have it",
		Condition:  "A table is made UNLOGGED, or SET UNLOGGED.",
		Effect:     "After a crash of the server the table is empty. Replicas cannot read it, and after a failover it is empty too.",
		Workaround: "A plain table; UNLOGGED is for what can be made again at any time.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		create, _ := change.(dialects.CreateTable)
		alter, _ := change.(dialects.AlterTable)
		if !create.Unlogged && alter.What != "set unlogged" {
			return lint.Finding{}
		}
		table := p.Catalog.Resolve(change.Target())
		return lint.Finding{
			Table:   table.String(),
			Message: fmt.Sprintf("%s is unlogged", table),
			Why:     "a crash of the server empties it, and replicas do not have it",
			Instead: "leave UNLOGGED out, unless its rows can be made again at any time",
		}
	}),
}
