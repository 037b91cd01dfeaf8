package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var foreignKeyNotOnline = lint.Rule{
	ID: "foreign-key-not-online", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{"atlas/MY131", "strong_migrations/add_foreign_key_mysql"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "A new foreign key copies the table",
		Condition: "A foreign key is added to a table from an earlier migration.",
		Effect: "With foreign_key_checks on the server looks each row up in the other table, and does that by ALGORITHM=COPY alone: " +
			"writes to the table wait until every row has been copied (on MariaDB from 11.2 on they may go on). If one row has " +
			"no partner the statement fails at the end. From then on a write to either table locks rows of the other.",
		Workaround: "Look for rows without a partner by a query first. Then, in one migration: SET foreign_key_checks = 0, and ADD FOREIGN " +
			"KEY with ALGORITHM=INPLACE, LOCK=NONE, which takes a moment where the columns have an index; it holds for new rows " +
			"and looks at none that is there.",
	}},
	Check: hazards("foreign-key-not-online", func(p *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		f := lint.Finding{Message: fmt.Sprintf("adding a foreign key copies %s %s", e.Table, meanwhile(e))}
		if c, ok := e.Change.(dialects.AddForeignKey); ok && c.Constraint.References != nil {
			f.Message = fmt.Sprintf("adding a foreign key to %s copies %s %s", p.Catalog.Resolve(*c.Constraint.References), e.Table, meanwhile(e))
		}
		return f
	}),
}
