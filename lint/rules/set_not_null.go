package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var setNotNull = lint.Rule{
	ID: "set-not-null", Family: dialects.LockFamily, Severity: lint.Error,
	Doc: lint.Doc{
		Title: "SET NOT NULL reads the whole table while nobody can use it",
		Condition: "A column of a table from an earlier migration becomes NOT NULL, by itself or as part of a primary key, and no validated CHECK (column IS NOT NULL) " +
			"proves it (Postgres 12 and later take one as proof).",
		Effect: "The table is locked against reads and writes until each row has been looked at. If one is NULL the statement " +
			"fails. Each app version that still writes NULL fails from then on.",
		Workaround: "Add CHECK (column IS NOT NULL) NOT VALID, fill the old rows, validate the constraint in a migration of its " +
			"own, which blocks nobody, then set NOT NULL, which looks at no row, and drop the constraint.",
	},
	Check: hazards("set-not-null", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		if _, ok := e.Change.(dialects.AddConstraint); ok {
			return lint.Finding{
				Message: fmt.Sprintf("the primary key makes a nullable column of %s NOT NULL with a scan of the whole table", e.Table),
				Why:     h.Detail,
				Instead: "make the key's columns NOT NULL first, each by a validated CHECK (column IS NOT NULL), then add the key",
			}
		}
		column := "column"
		if c, ok := e.Change.(dialects.SetNotNull); ok {
			column = c.Column
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s.%s becomes NOT NULL with a scan of the whole table", e.Table, column),
			Why:     h.Detail,
			Instead: fmt.Sprintf("add CHECK (%s IS NOT NULL) NOT VALID, validate it in a migration of its own, then SET NOT NULL "+
				"and drop the CHECK", column),
		}
	}),
}
