package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var addColumnRewrite = lint.Rule{
	ID: "add-column-rewrite", Family: dialects.LockFamily, Severity: lint.Error,
	Doc: lint.Doc{
		Title: "A new column whose values differ from row to row rewrites the table",
		Condition: "A column is added to a table from an earlier migration, and each row needs a value of its own: a volatile " +
			"default such as gen_random_uuid() or clock_timestamp(), serial, identity, a stored generated column, a domain " +
			"with constraints. (Before Postgres 11: any default.)",
		Effect: "The table is locked against reads and writes until each row and each index is written anew.",
		Workaround: "Add the column without a default, set the default in a second statement (it is for new rows only), and fill " +
			"the old rows in batches. now() and constants are fine as they are: they have one value for all rows.",
	},
	Check: hazards("add-column-rewrite", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		column := "column"
		if c, ok := e.Change.(dialects.AddColumn); ok {
			column = c.Column.Name
		}
		return lint.Finding{
			Message: fmt.Sprintf("adding %s.%s writes every row of the table anew", e.Table, column),
			Why:     h.Detail,
			Instead: "add the column without a default, set the default in a statement of its own, and fill the old rows in batches",
		}
	}),
}
