package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var selectStar = lint.Rule{
	ID: "select-star", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/STATEMENT_SELECT_NO_SELECT_ALL"},
	Docs: []lint.Doc{{
		Title:     "A query takes whichever columns a table has at that moment",
		Condition: "A query selects * or t.* of a table: by itself, for INSERT or a new table, or in a view. In EXISTS, and of a subquery, it is fine.",
		Effect: "A view keeps the columns of the day on which it was made: later ones are missing. INSERT ... SELECT * puts values into " +
			"other columns, or fails, once one of the two tables has one column more.",
		Workaround: "Name the columns.",
	}},
	Check: written(dialects.SelectStar, func(_ *lint.Pass, t dialects.Trait) lint.Finding {
		return lint.Finding{
			Message: fmt.Sprintf("a query selects %s", t.Detail),
			Why:     "it takes whichever columns there are at that moment, and a view keeps those for ever",
			Instead: "name the columns",
		}
	}),
}
