package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var innodbOnly = lint.Rule{
	ID: "innodb-only", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"skeema/engine", "spirit/allow_engine", "bytebase/ENGINE_MYSQL_USE_INNODB"},
	Docs: []lint.Doc{{
		Servers:    onMySQL,
		Title:      "A table's engine is not InnoDB",
		Condition:  "A table is made with another ENGINE, or changed to one.",
		Effect:     "Most others have no transactions, no foreign keys and locks on whole tables, and what was being written in a crash is lost or broken.",
		Workaround: "ENGINE=InnoDB, or leave the engine out.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		engine := ""
		switch c := change.(type) {
		case dialects.CreateTable:
			engine = c.Options.Engine
		case dialects.AlterTable:
			if c.What == "engine" {
				engine = c.Value
			}
		}
		if engine == "" || engine == "InnoDB" {
			return lint.Finding{}
		}
		table := p.Catalog.Resolve(change.Target())
		return lint.Finding{
			Table:   table.String(),
			Message: fmt.Sprintf("the engine of %s is %s", table, engine),
			Why:     "it may have no transactions and lock the whole table, and lose rows in a crash",
			Instead: "ENGINE=InnoDB",
		}
	}),
}
