package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var stillNeeded = lint.Rule{
	ID: "still-needed", Family: lint.SourceFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "The server refuses to take away or change what something else needs",
		Condition: "An index is dropped that a foreign key looks up rows by, on either side; a column that a foreign key, a generated column, " +
			"a CHECK of several columns, an index over an expression or the partitions are made of (on MySQL also: renamed); a table " +
			"that a foreign key of another refers to (also: emptied by TRUNCATE); or a column of a foreign key gets a type or " +
			"collation that the other side does not have, or NOT NULL against SET NULL, or its table another engine or partitions.",
		Effect: "The server refuses the statement, maybe only after it has copied the table. What stands before it in the file is done, " +
			"and is not taken back.",
		Workaround: "Drop what needs it first, or in the same ALTER TABLE, and add it again where it is still wanted. What is known here is " +
			"what the migrations show.",
	}, {
		Servers: onPostgres,
		Title:   "The server refuses to take away or change what something else needs",
		Condition: "Without CASCADE a table is dropped, or emptied by TRUNCATE, that a foreign key of another refers to, or dropped that a view " +
			"reads; a column that a view reads, that a generated column is computed of, or that a trigger names, also where its type " +
			"changes; a key that a foreign key refers to; a type of columns; a trigger's function; a sequence of a default. Or: a column that " +
			"the partitions go by, or a partition's own, is changed or dropped; an index is dropped that a constraint has, or a part of a " +
			"partitioned one, CONCURRENTLY or not.",
		Effect: "The server refuses the statement, and the migration fails there. Outside of a transaction what stands before it is done, and " +
			"is not taken back.",
		Workaround: "Drop what needs it first, in the same transaction where apps use it, and create it again. What is known here is what the " +
			"migrations show.",
	}},
	Check: hazards("still-needed", func(_ *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		changed := e.Table
		if c, ok := e.Change.(dialects.DropObject); ok {
			changed = c.Object
		}
		return lint.Finding{Message: fmt.Sprintf("the server refuses this change of %s: something else needs what it changes", changed)}
	}),
}
