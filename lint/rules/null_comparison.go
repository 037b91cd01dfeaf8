package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var nullComparison = lint.Rule{
	ID: "null-comparison", Family: lint.SourceFamily, Severity: lint.Warning,
	Peers: []string{"bytebase/STATEMENT_WHERE_NO_EQUAL_NULL"},
	Docs: []lint.Doc{{
		Title:      "A comparison with NULL is never true",
		Condition:  "A query or data statement compares a value with NULL by =, <>, <, > or the like, or has a NULL in NOT IN (...).",
		Effect:     "The result is NULL whatever the value is, so the condition keeps no row: an UPDATE changes nothing, and says that it went well.",
		Workaround: "IS NULL and IS NOT NULL; for two values that may both be NULL IS NOT DISTINCT FROM (Postgres) or <=> (MySQL and MariaDB).",
	}},
	Check: written(dialects.NullComparison, func(_ *lint.Pass, t dialects.Trait) lint.Finding {
		instead := "IS NULL, or IS NOT NULL"
		if t.Detail == "NOT IN (..., NULL)" {
			instead = "take the NULL out of the list, and say IS NOT NULL beside it where that is meant"
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s is never true", t.Detail),
			Why:     "the result is NULL whatever the value is, so no row is found",
			Instead: instead,
		}
	}),
}
