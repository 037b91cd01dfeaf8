package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var attachPartition = lint.Rule{
	ID: "attach-partition", Family: dialects.LockFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A new partition has rows scanned while nobody can use them",
		Condition: "A table from an earlier migration is attached as a partition, and no valid CHECK proves its bound (with NOT NULL), " +
			"or it lacks an index or a foreign key of its parent's; or a partition is added beside a DEFAULT partition " +
			"that no valid CHECK keeps its rows out of.",
		Effect: "The table, and the DEFAULT partition, are locked against reads and writes until each row has been looked at: none " +
			"may lie outside the bound, and none in the DEFAULT partition within it.",
		Workaround: "Add a CHECK equal to the bound to the table NOT VALID, and validate it in a migration of its own; attach " +
			"then, and drop the CHECK. Give it the parent's indexes, CONCURRENTLY, and foreign keys in the same way before. A " +
			"CHECK on the DEFAULT partition that shuts the bound out spares its scan as well. segue sees that a CHECK does " +
			"where the key is one column and is compared with constants; allow the finding where it does in another way.",
	}},
	Check: hazards("attach-partition", func(p *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("attaching a partition scans %s while nobody can use it", e.Table),
			Why:     h.Detail,
			Instead: "first add a CHECK equal to the bound NOT VALID, and VALIDATE CONSTRAINT in a migration of its own",
		}
		if t := p.Catalog.Table(e.Table); t != nil && t.Bound == "DEFAULT" {
			f.Message = fmt.Sprintf("a new partition has the default one, %s, scanned while nobody can use it", e.Table)
			f.Instead = "first give the default partition a validated CHECK that shuts the new bound out: " +
				"not (key >= lower bound and key < upper bound)"
		}
		return f
	}),
}
