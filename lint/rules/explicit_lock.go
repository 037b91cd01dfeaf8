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
		Servers: onMySQL,
		Title:   "LOCK TABLES, FLUSH TABLES WITH READ LOCK and read_only stop others until they are taken back",
		Condition: "LOCK TABLES, or FLUSH TABLES ... WITH READ LOCK or FOR EXPORT, of a table from an earlier migration; FLUSH TABLES " +
			"WITH READ LOCK of the whole server; or SET GLOBAL read_only, super_read_only, offline_mode or transaction_read_only to on.",
		Effect: "Others wait until UNLOCK TABLES, or until the session ends; the migration itself can use no table that it did not " +
			"name. DDL takes the lock that it needs by itself. The lock of the whole server is an error: no app can write any table, " +
			"of any database, and while it waits for a long query to end, reads queue behind it too. So is a server that takes no " +
			"writes, which outlives the session.",
		Workaround: "Leave it out. What a backup or a switch-over needs is for their own tools.",
	}},
	Check: func(p *lint.Pass) {
		for e, h := range p.Hazards("explicit-lock") {
			f := lint.Finding{Message: "the whole server is locked by hand", Why: h.Detail, Instead: "leave it out", Severity: lint.Error}
			if c, ok := e.Change.(dialects.Setting); ok {
				f.Message, f.Instead = fmt.Sprintf("%s is set to %s", c.Name, c.Value), h.Instead
			}
			p.Report(f)
		}
		for _, e := range p.Effects {
			c, ok := e.Change.(dialects.LockTable)
			if !ok || c.Table.Name == "" || p.Fresh[p.Catalog.Resolve(c.Table)] || !hasMetadataLocks(p) && e.Blocks == dialects.BlocksNothing {
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
