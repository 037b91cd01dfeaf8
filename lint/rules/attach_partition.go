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
		Condition: "A table from an earlier migration is attached as a partition and no valid CHECK covers its bound; or a partition " +
			"is added beside a DEFAULT partition.",
		Effect: "The table, and the DEFAULT partition, are locked against reads and writes until each row has been looked at: none " +
			"may lie outside the bound, and none in the DEFAULT partition within it.",
		Workaround: "Add a CHECK equal to the bound to the table NOT VALID, and validate it in a migration of its own; attach " +
			"then, and drop the CHECK. A CHECK on the DEFAULT partition that shuts the bound out spares its scan as well; segue " +
			"cannot see that it does, so allow the finding then.",
	}},
	Check: hazards("attach-partition", func(p *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("attaching a partition scans %s while nobody can use it", e.Table),
			Why:     h.Detail,
			Instead: "first add a CHECK equal to the bound NOT VALID, and VALIDATE CONSTRAINT in a migration of its own",
		}
		if t := p.Catalog.Table(e.Table); t != nil && t.Bound == "DEFAULT" {
			f.Message = fmt.Sprintf("a new partition has the default one, %s, scanned while nobody can use it", e.Table)
			f.Instead = "first give the default partition a validated CHECK that shuts the new bound out, then allow this"
		}
		return f
	}),
}
