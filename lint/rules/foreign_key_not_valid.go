package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var foreignKeyNotValid = lint.Rule{
	ID: "foreign-key-not-valid", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{
		"squawk/adding-foreign-key-constraint", "squawk/constraint-missing-not-valid", "eugene/E1",
		"strong_migrations/add_foreign_key", "strong_migrations/add_reference", "online_migrations/add_foreign_key",
		"online_migrations/add_reference", "atlas/PG306", "bytebase/STATEMENT_ADD_FOREIGN_KEY_NOT_VALID",
	},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A new foreign key blocks writes to both tables until every row is checked",
		Condition: "A foreign key is added to a table from an earlier migration without NOT VALID, or with a new column that has a default: " +
			"without one the server knows that there is nothing to check.",
		Effect: "INSERT, UPDATE and DELETE on both tables wait until each row of the referencing table has been looked up in the " +
			"other. If one row has no partner the statement fails at the end.",
		Workaround: "Add it NOT VALID, which takes a moment and holds for new rows, and validate it in a migration of its own: " +
			"that reads the table and blocks nobody.",
	}},
	Check: hazards("foreign-key-not-valid", func(p *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("adding a foreign key to %s checks every row while writes wait", e.Table),
			Why:     h.Detail,
			Instead: "add it NOT VALID, and VALIDATE CONSTRAINT in a migration of its own",
		}
		switch c := e.Change.(type) {
		case dialects.AddForeignKey:
			if c.Constraint.References != nil {
				f.Message = fmt.Sprintf("adding a foreign key from %s to %s checks every row while writes to both wait",
					e.Table, p.Catalog.Resolve(*c.Constraint.References))
			}
		case dialects.AddColumn:
			f.Message = fmt.Sprintf("adding %s.%s with a foreign key checks every row while writes wait", e.Table, c.Column.Name)
			f.Instead = "add the column alone, then the foreign key NOT VALID, and VALIDATE CONSTRAINT in a migration of its own"
		}
		return f
	}),
}
