package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var detachReferencedPartition = lint.Rule{
	ID: "detach-referenced-partition", Family: dialects.LockFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Detaching a partition looks through the tables that refer to it while nobody can use them",
		Condition: "A partition of a table from an earlier migration is detached, CONCURRENTLY or not, and foreign keys of other " +
			"tables refer to the partitioned table.",
		Effect: "The server looks for rows that refer to the partition. The other tables are locked against reads and writes " +
			"until it has, with CONCURRENTLY too. If there is one the statement fails.",
		Workaround: "Drop the foreign key before, and add it again NOT VALID behind: each takes a moment. Validate it in a " +
			"migration of its own.",
	}},
	Check: hazards("detach-referenced-partition", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("detaching a partition looks through %s, which refers to it, while nobody can use it", e.Table),
			Why:     h.Detail,
			Instead: "drop the foreign key before, add it again NOT VALID behind, and VALIDATE CONSTRAINT in a migration of its own",
		}
		if c, ok := e.Change.(dialects.DetachPartition); ok {
			f.Message = fmt.Sprintf("detaching %s looks through %s, which refers to it, while nobody can use it", c.Partition, e.Table)
		}
		return f
	}),
}
