package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var orderByRandom = lint.Rule{
	ID: "order-by-random", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/STATEMENT_INSERT_DISALLOW_ORDER_BY_RAND"},
	Docs: []lint.Doc{{
		Title:     "Rows are put into random order",
		Condition: "A query has ORDER BY random(), rand() or the like.",
		Effect: "Every row is read and sorted to take a few. And the migration does something else on each database: replicas that " +
			"run the statement again, as with statement-based replication, end up with other rows.",
		Workaround: "Order by a key; for a sample on Postgres TABLESAMPLE, or keys that were drawn before.",
	}},
	Check: written(dialects.RandomOrder, func(_ *lint.Pass, t dialects.Trait) lint.Finding {
		return lint.Finding{
			Message: fmt.Sprintf("a query orders by %s", t.Detail),
			Why:     "it sorts every row to take a few, and does something else on each database",
			Instead: "order by a key",
		}
	}),
}
