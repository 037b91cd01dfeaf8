package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var explicitLock = lint.Rule{
	ID: "explicit-lock", Family: dialects.LockFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "LOCK TABLE stops others until the transaction ends",
		Condition: "LOCK TABLE of a table from an earlier migration, in a mode that stops reads or writes; without a mode it is the " +
			"strongest.",
		Effect: "Others wait until the whole transaction is through. Each DDL statement takes the lock that it needs by itself; one " +
			"lock more, in another order than the apps', is one deadlock more.",
		Workaround: "Leave it out. Where several tables must be locked together, name them in one LOCK TABLE, in the order in which " +
			"the apps write them (parents first), in the weakest mode that does, behind a SET LOCAL lock_timeout; and allow it.",
	}, {
		Servers:   onMySQL,
		Title:     "LOCK TABLES stops others until it is taken back",
		Condition: "LOCK TABLES of a table from an earlier migration.",
		Effect: "Others wait until UNLOCK TABLES, or until the session ends; the migration itself can use no table that it did not " +
			"name. DDL takes the lock that it needs by itself.",
		Workaround: "Leave it out.",
	}},
	Check: func(p *lint.Pass) {
		for _, e := range p.Effects {
			c, ok := e.Change.(dialects.LockTable)
			if !ok || p.Fresh[p.Catalog.Resolve(c.Table)] || !hasMetadataLocks(p) && e.Blocks == dialects.BlocksNothing {
				continue
			}
			p.Report(lint.Finding{
				Table:   p.Catalog.Resolve(c.Table).String(),
				Message: fmt.Sprintf("%s is locked by hand (%s)", c.Table, c.Lock),
				Why:     "others wait until it is taken back: DDL takes the lock that it needs by itself, and for no longer than it must",
				Instead: "leave it out",
			})
		}
	},
}
