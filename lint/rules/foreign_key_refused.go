package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var foreignKeyRefused = lint.Rule{
	ID: "foreign-key-refused", Family: lint.SourceFamily, Severity: lint.Error,
	Peers: []string{"skeema/fk-parent", "spirit/type_pedantic"},
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "The server does not take a foreign key",
		Condition: "A foreign key, of a new table too, ties together columns of different types, signs or collations; refers to columns that " +
			"no index starts with (on MySQL from 8.4 on: that are no unique key), to a column that is not there, or to a table of " +
			"another engine; sets a NOT NULL column to NULL; or has a partitioned table on either side. Not while " +
			"foreign_key_checks is off.",
		Effect: "The server refuses the statement, maybe only after it has copied the table. What stands before it in the file is done, " +
			"and is not taken back.",
		Workaround: "Give both columns one type, sign and collation, and the other table a unique key of the very columns, in " +
			"statements before.",
	}},
	Check: hazards("foreign-key-refused", func(p *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		return lint.Finding{Message: fmt.Sprintf("the server does not take a foreign key of %s", e.Table)}
	}),
}
