package rules

import (
	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var concurrentIndexOnPartitioned = lint.Rule{
	ID: "concurrent-index-on-partitioned", Family: dialects.LockFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "The server builds and drops no index of a partitioned table concurrently",
		Condition: "CREATE INDEX CONCURRENTLY names a partitioned table, or DROP INDEX CONCURRENTLY an index of one; a new table too.",
		Effect:    "The server refuses the statement. It cannot be in a transaction, so what stands before it in the file is done already.",
		Workaround: "To build: CREATE INDEX ON ONLY the partitioned table, CREATE INDEX CONCURRENTLY on each partition, then ALTER INDEX ... " +
			"ATTACH PARTITION for each. To drop: without CONCURRENTLY, under a short lock_timeout.",
	}},
	Check: hazards("concurrent-index-on-partitioned", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		if _, drops := e.Change.(dialects.DropIndex); drops {
			return lint.Finding{
				Message: h.Detail,
				Why:     "the server refuses the statement, and what stands before it in the file is done already",
				Instead: "drop it without CONCURRENTLY, under a short lock_timeout: reads and writes wait for a moment only",
			}
		}
		return lint.Finding{
			Message: h.Detail,
			Why:     "the server refuses the statement, and what stands before it in the file is done already",
			Instead: "create the index ON ONLY " + e.Table.String() + ", build it CONCURRENTLY on each partition, and attach those by ALTER INDEX ... ATTACH PARTITION",
		}
	}),
}
