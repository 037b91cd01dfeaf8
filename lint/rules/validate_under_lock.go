package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var validateUnderLock = lint.Rule{
	ID: "validate-under-lock", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{
		"squawk/constraint-missing-not-valid", "strong_migrations/validate_foreign_key",
		"strong_migrations/validate_check_constraint", "online_migrations/validate_foreign_key",
		"online_migrations/validate_constraint",
	},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A constraint is validated while the transaction holds a lock that others wait for",
		Condition: "VALIDATE CONSTRAINT on a table from an earlier migration stands in a transaction, or in an ALTER TABLE, that holds " +
			"a lock which stops reads or writes of a table in use: that of ADD CONSTRAINT ... NOT VALID itself, for one. In " +
			"its own layout segue commits before the VALIDATE, and there is nothing to report.",
		Effect: "VALIDATE alone lets reads and writes go on while it looks at every row. But locks are kept until the transaction " +
			"ends, so whoever waits for the earlier lock waits for that scan: NOT VALID has gained nothing.",
		Workaround: "Put VALIDATE CONSTRAINT into a migration of its own, behind the one that adds the constraint.",
	}},
	Check: hazards("validate-under-lock", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		name := ""
		if c, ok := e.Change.(dialects.ValidateConstraint); ok {
			name = c.Name
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s of %s is validated while the transaction holds a lock that others wait for", name, e.Table),
			Why:     h.Detail,
			Instead: "put VALIDATE CONSTRAINT into a migration of its own",
			Apart:   dialects.Committed,
		}
	}),
}
