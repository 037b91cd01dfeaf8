package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var disableTrigger = lint.Rule{
	ID: "disable-trigger", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A disabled trigger is disabled for the writes of every app version",
		Condition: "ALTER TABLE ... DISABLE TRIGGER on a table from an earlier migration, and the same transaction does not enable it again. " +
			"With ALL also where it does, if it writes rows in between.",
		Effect: "What the trigger sees to no longer happens, whoever writes: it is not for the session alone. ALL, and USER, stop those of " +
			"segue that keep an old and a new column in step; ALL stops those of the foreign keys as well, and rows that break them " +
			"stay when it is enabled again.",
		Workaround: "Drop the trigger where it is no longer wanted. To load rows without it, disable it by its name, and enable it again in the " +
			"same transaction: others wait until that ends, and none writes without it.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.AlterTable)
			if !ok || c.What != "disable trigger" || !inUse(p, c.Table) {
				continue
			}
			table := p.Catalog.Resolve(c.Table)
			again, written := enabledAgain(p, c)
			if again && (c.Value != "all" || !written) {
				continue
			}
			f := lint.Finding{
				Table:   table.String(),
				Message: fmt.Sprintf("trigger %s of %s no longer runs, whoever writes", c.Value, table),
				Why:     "it is disabled for every app version, and not for the session alone",
				Instead: "enable it again in the same transaction, or drop it where it is no longer wanted",
			}
			switch {
			case again:
				f.Message = fmt.Sprintf("no foreign key of %s is checked for the rows that are written here", table)
				f.Why = "rows that break one stay when the triggers are enabled again: nothing looks at them"
				f.Instead = "disable by their names the triggers that are in the way, or USER"
			case c.Value == "all":
				f.Message = fmt.Sprintf("no trigger of %s runs any more, whoever writes, and none of its foreign keys is checked", table)
				f.Why = "they are disabled for every app version, segue's own included, and rows that break a foreign key come in"
			case c.Value == "user":
				f.Message = fmt.Sprintf("no trigger of %s runs any more, whoever writes", table)
				f.Why = "they are disabled for every app version, segue's own included"
			}
			p.Report(f)
		}
	},
}

// enabledAgain reports whether the statement's transaction enables what it disables, and whether rows of the
// table are written in between.
func enabledAgain(p *lint.Pass, disabled dialects.AlterTable) (again, written bool) {
	table := p.Catalog.Resolve(disabled.Table)
	at := indexOf(p)
	for i, s := range p.Script.Up[at+1:] {
		if p.Placed[at+1+i].Unit != unitOf(p) {
			break
		}
		for _, change := range s.Changes {
			if p.Catalog.Resolve(change.Target()) != table {
				continue
			}
			switch c := change.(type) {
			case dialects.WriteData:
				written = written || c.Kind != dialects.Select
			case dialects.AlterTable:
				if c.What == "enable trigger" && (c.Value == disabled.Value || c.Value == "all" || c.Value == "user" && disabled.Value != "all") {
					return true, written
				}
			}
		}
	}
	return false, written
}
