package rules

import (
	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var formRefused = lint.Rule{
	ID: "form-refused", Family: lint.SourceFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "The server has no such form of a statement",
		Condition: "DETACH PARTITION ... CONCURRENTLY beside a DEFAULT partition; DROP INDEX CONCURRENTLY of several indexes or with CASCADE; " +
			"REINDEX INDEX CONCURRENTLY of an EXCLUDE constraint's; ADD CONSTRAINT ... USING INDEX on a partitioned table, or of an index " +
			"that is not unique, has a WHERE or an expression, or is another constraint's; a primary key, UNIQUE or unique index of a " +
			"partitioned table that lacks a column which the partitions go by; before 18 a foreign key of one that is NOT VALID; REFRESH " +
			"MATERIALIZED VIEW CONCURRENTLY of a view that has no unique index or was not filled yet; a second primary key; CREATE OR REPLACE " +
			"VIEW with fewer columns. On a new table too.",
		Effect: "The server refuses the statement, and the migration fails there. What stands before it outside of a transaction is done, and is " +
			"not taken back.",
		Workaround: "Write it in the form that the finding names.",
	}},
	Check: hazards("form-refused", func(_ *lint.Pass, _ dialects.Effect, h dialects.Hazard) lint.Finding {
		return lint.Finding{Message: h.Detail, Why: "the server refuses the statement, and the migration fails there"}
	}),
}
