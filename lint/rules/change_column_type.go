package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var changeColumnType = lint.Rule{
	ID: "change-column-type", Family: dialects.LockFamily, Severity: lint.Error,
	Doc: lint.Doc{
		Title: "Changing a column's type rewrites the table while nobody can read it",
		Condition: "The type of a column of a table from an earlier migration is changed to one that is not a mere widening: " +
			"varchar(40) to varchar(80) or to text is fine, int to bigint is not.",
		Effect: "The table is locked against reads and writes until each row and each index is written anew: minutes to hours on a " +
			"large table. App versions that run may not read or write the new type.",
		Workaround: "Add a column of the new type, write both, copy the old rows in batches, move the reads, drop the old column " +
			"in a later release.",
	},
	Check: hazards("change-column-type", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("a column of %s changes its type in place", e.Table),
			Why:     h.Detail,
			Instead: "add a column of the new type, write both, copy the old rows in batches, move the reads, and drop the old " +
				"column once no app version uses it",
		}
		if c, ok := e.Change.(dialects.AlterColumnType); ok {
			f.Message = fmt.Sprintf("%s.%s changes its type to %s in place", e.Table, c.Column, c.Type)
		}
		return f
	}),
}
