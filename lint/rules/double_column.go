package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var doubleColumn = lint.Rule{
	ID: "double-column", Family: lint.SourceFamily, Severity: lint.Warning,
	Peers: []string{"squawk/ban-duplicate-column-assignments"},
	Docs: []lint.Doc{{
		Title:     "A statement names one column twice",
		Condition: "An UPDATE sets a column twice, an INSERT lists one twice, or a new table has two of one name.",
		Effect: "The server refuses the statement, and the migration stops there. Only an UPDATE of MySQL and MariaDB goes through: the last " +
			"value wins, and the first is lost without a word.",
		Workaround: "Name the column once.",
	}},
	Check: func(p *lint.Pass) {
		report := func(name string) {
			p.Report(lint.Finding{
				Message: fmt.Sprintf("the statement names %s twice", name),
				Why:     "the server refuses it, or takes the last value and drops the first",
				Instead: "name the column once",
			})
		}
		for t := range traits(p, dialects.DoubleColumn) {
			report(t.Detail)
		}
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.CreateTable)
			if !ok {
				continue
			}
			for i, column := range c.Columns {
				for _, before := range c.Columns[:i] {
					if same(p, before.Name, column.Name) {
						report(column.Name)
						break
					}
				}
			}
		}
	},
}
