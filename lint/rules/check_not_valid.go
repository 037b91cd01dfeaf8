package rules

import (
	"cmp"
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var checkNotValid = lint.Rule{
	ID: "check-not-valid", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{
		"squawk/constraint-missing-not-valid", "squawk/ban-alter-domain-with-add-constraint", "eugene/E1",
		"strong_migrations/add_check_constraint", "online_migrations/add_check_constraint",
		"online_migrations/add_text_limit_constraint", "atlas/PG305", "bytebase/STATEMENT_ADD_CHECK_NOT_VALID",
	},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A new CHECK constraint locks the table until every row is checked",
		Condition: "A CHECK constraint is added without NOT VALID to a table from an earlier migration, or to a domain that one uses or that " +
			"no migration made.",
		Effect: "The table is locked against reads and writes until each row has been checked. If one row breaks the constraint " +
			"the statement fails at the end. App versions that write such rows fail from then on.",
		Workaround: "Add it NOT VALID, which takes a moment and holds for new rows, and validate it in a migration of its own: " +
			"that reads the table and blocks nobody.",
	}},
	Check: hazards("check-not-valid", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("adding a CHECK to %s checks every row while nobody can use the table", e.Table),
			Why:     h.Detail,
			Instead: "add it NOT VALID, and VALIDATE CONSTRAINT in a migration of its own",
		}
		switch c := e.Change.(type) {
		case dialects.AddConstraint:
			f.Message = fmt.Sprintf("adding %s to %s checks every row while nobody can use the table", checkOf(c.Constraint), e.Table)
		case dialects.AddColumn:
			f.Message = fmt.Sprintf("adding %s.%s with a CHECK checks every row while nobody can use the table", e.Table, c.Column.Name)
			f.Instead = "add the column alone, then the CHECK NOT VALID, and VALIDATE CONSTRAINT in a migration of its own"
		case dialects.AlterObject:
			f.Message = fmt.Sprintf("making %s %s stricter checks every row of %s while writes to it wait", c.Kind, c.Object,
				cmp.Or(e.Table.String(), "each table that uses it"))
		}
		return f
	}),
}

// checkOf is a CHECK by its name, or else by what it says.
func checkOf(c dialects.Constraint) string {
	if c.Name != "" {
		return "CHECK " + c.Name
	}
	if text := []rune(c.Expression); len(text) > 60 {
		return "CHECK (" + string(text[:57]) + "...)"
	}
	return "CHECK (" + c.Expression + ")"
}
