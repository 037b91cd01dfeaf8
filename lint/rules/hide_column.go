package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var hideColumn = lint.Rule{
	ID: "hide-column", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "An invisible column is gone for SELECT * and for INSERT without a column list",
		Condition: "A column of a table from an earlier migration, or of one that no migration made, becomes INVISIBLE, by MODIFY, CHANGE or " +
			"ALTER COLUMN.",
		Effect: "An app version that reads by SELECT * no longer gets the column, and its INSERT without a column list has a value too " +
			"many (error 1136). Who names the column sees no difference.",
		Workaround: "First deploy a version that names its columns, or none. To see who still uses a column before it is dropped, " +
			"this is the way: say so, -- segue:allow hide-column REASON, and be ready to make it VISIBLE again.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			table, name := change.Target(), ""
			switch c := change.(type) {
			case dialects.RedefineColumn:
				if c.To.Invisible {
					name = c.Column
				}
			case dialects.AlterColumn:
				if c.What == "set invisible" {
					name = c.Column
				}
			}
			was := column(p, table, name)
			there := was != nil && !was.Invisible || p.Catalog.Table(table) == nil && !addedAbove(p, p.Catalog.Resolve(table), name)
			if name == "" || !there || !inUse(p, table) {
				continue
			}
			p.Report(lint.Finding{
				Table:   p.Catalog.Resolve(table).String(),
				Message: fmt.Sprintf("%s.%s becomes invisible while apps may be reading it by *", table, name),
				Why:     "SELECT * no longer has it, and INSERT without a column list has a value too many",
				Instead: "first deploy a version that names its columns; then allow this",
			})
		}
	},
}
