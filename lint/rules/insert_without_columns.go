package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var insertWithoutColumns = lint.Rule{
	ID: "insert-without-columns", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/STATEMENT_INSERT_MUST_SPECIFY_COLUMN"},
	Docs: []lint.Doc{{
		Title:     "An INSERT goes by the order of the table's columns",
		Condition: "INSERT or REPLACE gives values without a list of columns.",
		Effect: "It fails, or puts values into other columns, where the table has got another column or its columns stand in another " +
			"order: on a database that was restored, say, or whose columns were swapped online.",
		Workaround: "INSERT INTO t (a, b) VALUES ...",
	}},
	Check: written(dialects.NoColumns, func(_ *lint.Pass, t dialects.Trait) lint.Finding {
		return lint.Finding{
			Table:   t.Detail,
			Message: fmt.Sprintf("rows are inserted into %s without naming the columns", t.Detail),
			Why:     "it goes by the columns' number and order, which are not the same for ever and everywhere",
			Instead: "put a list of columns behind the table's name",
		}
	}),
}
