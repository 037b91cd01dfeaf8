package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// mostIndexes is how many indexes a table may have before one more is found.
const mostIndexes = 10

var manyIndexes = lint.Rule{
	ID: "many-indexes", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/INDEX_TOTAL_NUMBER_LIMIT"},
	Docs: []lint.Doc{{
		Title:      "A table has very many indexes",
		Condition:  fmt.Sprintf("A statement gives a table more than %d indexes, primary key and unique ones included.", mostIndexes),
		Effect:     "Every INSERT and DELETE changes all of them, and so do many updates; together they are often larger than the table.",
		Workaround: "Drop those that no query uses, and those that others make unnecessary.",
	}},
	Check: func(p *lint.Pass) {
		made := map[dialects.Name]int{}
		var tables []dialects.Name
		for table := range newIndexes(p) {
			if made[table]++; made[table] == 1 {
				tables = append(tables, table)
			}
		}
		for _, table := range tables {
			if all := made[table] + len(indexesOf(p, table)); all > mostIndexes {
				p.Report(lint.Finding{
					Table:   table.String(),
					Message: fmt.Sprintf("%s has %d indexes then", table, all),
					Why:     "every INSERT and DELETE changes all of them",
					Instead: "drop those that no query uses first",
				})
			}
		}
	},
}
