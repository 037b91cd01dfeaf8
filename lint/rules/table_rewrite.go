package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var tableRewrite = lint.Rule{
	ID: "table-rewrite", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{
		"atlas/MY133", "atlas/MY136", "atlas/MY137", "atlas/MY138", "atlas/MY139", "atlas/MY143", "atlas/MY144",
		"atlas/MY145", "atlas/MY147", "atlas/PG307", "atlas/PG311", "bytebase/ADVICE_ONLINE_MIGRATION",
		"bytebase/COLUMN_DISALLOW_CHANGING_ORDER", "bytebase/COLUMN_DISALLOW_DROP_IN_INDEX",
		"bytebase/TABLE_LIMIT_SIZE",
		"eugene/E10", "squawk/prefer-repack", "strong_migrations/add_check_constraint_mysql",
	},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A table is written anew while nobody can use it",
		Condition: "SET LOGGED or UNLOGGED, SET TABLESPACE, SET ACCESS METHOD, CLUSTER, VACUUM FULL or REFRESH MATERIALIZED VIEW " +
			"without CONCURRENTLY, on what is from an earlier migration.",
		Effect: "Reads and writes wait until the whole table, or view, has been written anew with its indexes: minutes to hours on " +
			"a large one.",
		Workaround: "REFRESH MATERIALIZED VIEW CONCURRENTLY (it needs a unique index); pg_repack in the place of CLUSTER and VACUUM " +
			"FULL; for the rest a new table that is filled in batches.",
	}, {
		Servers: onMySQL,
		Title:   "A table is built anew or copied",
		Condition: "On a table from an earlier migration: a CHECK that is enforced, CONVERT TO CHARACTER SET, ENGINE, " +
			"ROW_FORMAT, FORCE, OPTIMIZE TABLE, a primary key that is dropped, a column that may be NULL from now on or " +
			"moves, an indexed column that is dropped, partitions that are made, merged or taken away.",
		Effect: "By COPY writes wait until every row has been copied: minutes to hours on a large table. A rebuild in place " +
			"lets them go on, but takes as long, and replicas fall behind by as much.",
		Workaround: "Leave it out where it can be: a column's place means nothing to an app, a CHECK can stand NOT ENFORCED or in " +
			"the app. Otherwise let gh-ost or pt-online-schema-change do it, or ask for ALGORITHM=INPLACE, LOCK=NONE by " +
			"name when replicas may fall behind, and allow it.",
	}},
	Check: hazards("table-rewrite", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("%s is written anew %s", e.Table, meanwhile(e)),
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
		default:
			if doing := rewriting(c); doing != "" {
				f.Message = fmt.Sprintf("%s has %s written anew %s", doing, e.Table, meanwhile(e))
			}
		}
		if !e.Rewrites && e.Blocks != dialects.BlocksNothing && !e.Scans {
			f.Message = fmt.Sprintf("%s is changed %s", e.Table, meanwhile(e))
		}
		return f
	}),
}

// rewriting is what a change to a part of a table is called.
func rewriting(change dialects.Change) string {
	switch c := change.(type) {
	case dialects.DropColumn:
		return "dropping " + c.Column
	case dialects.DropNotNull:
		return "letting " + c.Column + " be NULL"
	case dialects.RedefineColumn:
		return "redefining " + c.Column
	case dialects.AlterColumn:
		return "redefining " + c.Column
	case dialects.AddConstraint:
		return "adding a " + string(c.Constraint.Kind) + " constraint"
	case dialects.AlterConstraint:
		return "enforcing " + c.Name
	case dialects.DropConstraint:
		return "dropping " + c.Name
	}
	return ""
}
