package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var tableRewrite = lint.Rule{
	ID: "table-rewrite", Family: dialects.LockFamily, Severity: lint.Error,
	Doc: lint.Doc{
		Title: "A table is written anew while nobody can use it",
		Condition: "SET LOGGED or UNLOGGED, SET TABLESPACE, SET ACCESS METHOD, CLUSTER, VACUUM FULL or REFRESH MATERIALIZED VIEW " +
			"without CONCURRENTLY, on what is from an earlier migration.",
		Effect: "Reads and writes wait until the whole table, or view, has been written anew with its indexes: minutes to hours on " +
			"a large one.",
		Workaround: "REFRESH MATERIALIZED VIEW CONCURRENTLY (it needs a unique index); pg_repack in the place of CLUSTER and VACUUM " +
			"FULL; for the rest a new table that is filled in batches.",
	},
	Check: hazards("table-rewrite", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("%s is written anew while nobody can use it", e.Table),
			Why:     h.Detail,
			Instead: "use pg_repack, or a new table that is filled in batches",
		}
		switch c := e.Change.(type) {
		case dialects.AlterObject:
			if c.What == "refresh" {
				f.Message = fmt.Sprintf("materialized view %s is filled again while nobody can read it", e.Table)
				f.Instead = "REFRESH MATERIALIZED VIEW CONCURRENTLY; it needs a unique index on the view"
			}
		case dialects.AlterTable:
			if e.Table.Name == "" {
				f.Message = "every table is written anew, one after the other, while nobody can use it"
			}
		}
		return f
	}),
}
