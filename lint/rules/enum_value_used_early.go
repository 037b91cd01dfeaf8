package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var enumValueUsedEarly = lint.Rule{
	ID: "enum-value-used-early", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Peers: []string{"atlas/TX101"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A new enum value is used in the transaction that adds it",
		Condition: "ALTER TYPE ... ADD VALUE, and in the same transaction a statement that has the server read the value: as a column's " +
			"default, in a CHECK, an index's or a query's WHERE, in an INSERT or an UPDATE. (From Postgres 17 on that is fine " +
			"where the enum is made in the same transaction; before 12 ADD VALUE runs in no transaction at all.) In its own " +
			"layout segue commits before that statement, and there is nothing to report.",
		Effect:     "The server refuses it (unsafe use of new value), takes the whole migration back, and the deployment stands still.",
		Workaround: "Add the value in a migration of its own, before the one that uses it.",
	}},
	Check: hazards("enum-value-used-early", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		return lint.Finding{
			Message: "a new enum value is used in the transaction that adds it",
			Why:     fmt.Sprintf("it %s", h.Detail),
			Instead: "put ALTER TYPE ... ADD VALUE into a migration of its own, before this one",
			Apart:   dialects.Committed,
		}
	}),
}
