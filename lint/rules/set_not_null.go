package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var setNotNull = lint.Rule{
	ID: "set-not-null", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{
		"atlas/MF104", "atlas/MY147", "atlas/PG303", "atlas/PG304", "bytebase/STATEMENT_DISALLOW_ADD_NOT_NULL",
		"eugene/E2", "eugene/W14", "online_migrations/add_not_null_constraint", "online_migrations/change_column_null",
		"online_migrations/change_column_with_not_null", "squawk/adding-not-nullable-field",
		"strong_migrations/change_column_null", "strong_migrations/change_column_null_mysql",
		"strong_migrations/change_column_null_postgresql", "strong_migrations/change_column_with_not_null",
	},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "SET NOT NULL reads the whole table while nobody can use it",
		Condition: "A column of a table from an earlier migration becomes NOT NULL, by itself or as part of a primary key, and no validated CHECK (column IS NOT NULL) " +
			"proves it (Postgres 12 and later take one as proof).",
		Effect: "The table is locked against reads and writes until each row has been looked at. If one is NULL the statement " +
			"fails. Each app version that still writes NULL fails from then on.",
		Workaround: "Add CHECK (column IS NOT NULL) NOT VALID, fill the old rows, validate the constraint in a migration of its " +
			"own, which blocks nobody, then set NOT NULL, which looks at no row, and drop the constraint.",
	}, {
		Servers:   onMySQL,
		Title:     "Making a column NOT NULL builds the whole table anew",
		Condition: "MODIFY or CHANGE makes a column of a table from an earlier migration NOT NULL.",
		Effect: "In strict mode the table is rebuilt in place (ALGORITHM=INPLACE): writes go on, replicas fall behind as long " +
			"as it takes. If one row is NULL the statement fails at the very end. In a session that is not strict the " +
			"server copies the table instead and silently turns each NULL into 0 or an empty string. Each app version " +
			"that still writes NULL fails from then on.",
		Workaround: "Deploy a version that writes no NULL, fill the old rows in batches, then MODIFY the column with " +
			"ALGORITHM=INPLACE, LOCK=NONE when the replicas may fall behind, and say so: -- segue:allow set-not-null " +
			"REASON. Nothing spares the rebuild.",
	}},
	Check: hazards("set-not-null", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		if _, ok := e.Change.(dialects.AddConstraint); ok {
			return lint.Finding{
				Message: fmt.Sprintf("the primary key makes a nullable column of %s NOT NULL with a scan of the whole table", e.Table),
				Why:     h.Detail,
				Instead: "make the key's columns NOT NULL first, each by a validated CHECK (column IS NOT NULL), then add the key",
			}
		}
		column := "column"
		switch c := e.Change.(type) {
		case dialects.SetNotNull:
			column = c.Column
		case dialects.RedefineColumn:
			column = c.Column
		}
		work := "a scan"
		if e.Rewrites {
			work = "a rebuild"
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s.%s becomes NOT NULL with %s of the whole table", e.Table, column, work),
			Why:     h.Detail,
			Instead: fmt.Sprintf("add CHECK (%s IS NOT NULL) NOT VALID, validate it in a migration of its own, then SET NOT NULL "+
				"and drop the CHECK", column),
		}
	}),
}
