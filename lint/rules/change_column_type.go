package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var changeColumnType = lint.Rule{
	ID: "change-column-type", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{
		"atlas/MY110", "atlas/MY111", "atlas/MY112", "atlas/MY113", "atlas/MY120", "atlas/MY121", "atlas/MY122",
		"atlas/MY123", "atlas/MY130", "atlas/MY148", "atlas/PG301", "bytebase/ADVICE_ONLINE_MIGRATION",
		"bytebase/COLUMN_DISALLOW_CHANGE", "bytebase/COLUMN_DISALLOW_CHANGE_TYPE", "bytebase/TABLE_LIMIT_SIZE",
		"eugene/E5", "online_migrations/change_column", "squawk/changing-column-type",
		"strong_migrations/change_column", "strong_migrations/change_column_constraint",
		"online_migrations/change_column_constraint",
	},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Changing a column's type rewrites the table while nobody can read it",
		Condition: "The type of a column of a table from an earlier migration is changed to one that is not a mere widening: " +
			"varchar(40) to varchar(80) or to text is fine, int to bigint is not. Or it is one, but a CHECK has the column, or " +
			"an index that has to be built again: one with an expression or a condition, one of a partitioned table, or " +
			"any where the collation changes.",
		Effect: "The table is locked against reads and writes until each row and each index is written anew, or each row is looked " +
			"at for the CHECK or the index: minutes to hours on a large table. App versions that run may not read or write the new type.",
		Workaround: "Add a column of the new type, write both, copy the old rows in batches, move the reads, drop the old column " +
			"in a later release.",
	}, {
		Servers: onMySQL,
		Title:   "Changing a column's type copies the table",
		Condition: "MODIFY or CHANGE gives a column of a table from an earlier migration a type, character set or collation in " +
			"which its values are stored in another way. Making a VARCHAR longer is fine as long as its length in bytes " +
			"(characters times 4 in utf8mb4) stays below 256 or is above it before, and so is a new member at the end of " +
			"an ENUM or SET.",
		Effect: "The server can do it by ALGORITHM=COPY alone: every row goes to a new table, and writes wait until that is " +
			"done (on MariaDB from 11.2 on they go on), minutes to hours on a large table. Replicas fall behind as long. " +
			"App versions that run may not read or write the new type.",
		Workaround: "Add a column of the new type, write both, copy the old rows in batches, move the reads, drop the old column " +
			"in a later release. Or let gh-ost or pt-online-schema-change copy the table beside the traffic.",
	}},
	Check: hazards("change-column-type", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("a column of %s changes its type %s", e.Table, meanwhile(e)),
			Why:     h.Detail,
			Instead: "add a column of the new type, write both, copy the old rows in batches, move the reads, and drop the old " +
				"column once no app version uses it",
		}
		switch c := e.Change.(type) {
		case dialects.AlterColumnType:
			work := "the table is written anew"
			if !e.Rewrites {
				work = "each row is looked at"
			}
			f.Message = fmt.Sprintf("%s.%s changes its type to %s, and %s %s", e.Table, c.Column, c.Type, work, meanwhile(e))
		case dialects.RedefineColumn:
			f.Message = fmt.Sprintf("%s.%s changes its type to %s, and the table is written anew %s", e.Table, c.Column, c.To.Type, meanwhile(e))
		}
		return f
	}),
}
