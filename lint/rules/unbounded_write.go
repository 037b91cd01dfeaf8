package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var unboundedWrite = lint.Rule{
	ID: "unbounded-write", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{"strong_migrations/change_column_null", "bytebase/STATEMENT_WHERE_REQUIRE_UPDATE_DELETE"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "An UPDATE or DELETE of every row holds all of them locked until it commits",
		Condition: "A migration updates or deletes rows of a table from an earlier migration with no WHERE.",
		Effect: "Each row stays locked until the migration commits, so every app that writes one of them waits. The table doubles " +
			"in size until it is vacuumed, and replicas fall behind.",
		Workaround: "Work in batches of some thousand rows, each in a transaction of its own, outside of the migration. To fill a " +
			"new column for a rename, let segue do it: it copies in batches and waits for the replicas.",
	}, {
		Servers: onMySQL,
		Title:   "An UPDATE or DELETE of every row holds all of them locked until it commits",
		Condition: "A migration updates or deletes rows of a table from an earlier migration with neither LIMIT nor a WHERE " +
			"that keeps any out (1 = 1 does not); or INSERT ... SELECT or REPLACE ... SELECT takes every row of one.",
		Effect: "Each row stays locked until the statement is through, so every app that writes one of them waits. The undo " +
			"log grows by the whole table, and replicas fall behind: they start when it has committed.",
		Workaround: "Work in batches of some thousand rows by primary key, each in a transaction of its own, outside of the " +
			"migration. To fill a new column for a rename, let segue do it: it copies in batches and waits for the " +
			"replicas.",
	}},
	Check: hazards("unbounded-write", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		what := "writing"
		if c, ok := e.Change.(dialects.WriteData); ok {
			what = string(c.Kind)
			if c.Whole.Name != "" {
				what = "copying"
			}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s of every row of %s in one transaction", what, e.Table),
			Why:     h.Detail,
			Instead: "work in batches, each in a transaction of its own, outside of the migration",
		}
	}),
}
