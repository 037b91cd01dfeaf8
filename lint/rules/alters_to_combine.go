package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var altersToCombine = lint.Rule{
	ID: "alters-to-combine", Family: dialects.LockFamily, Severity: lint.Warning,
	Peers: []string{"bytebase/STATEMENT_MERGE_ALTER_TABLE", "eugene/W12", "spirit/multiple_alter_table"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Several ALTER TABLE each go over the whole table where one could do it all",
		Condition: "Two ALTER TABLE statements of one file rewrite the same table from an earlier migration, or have it scanned while " +
			"others wait.",
		Effect: "The table is written, or read, once for each of them, and others wait that much longer.",
		Workaround: "Make them subcommands of one ALTER TABLE: it goes over the table once. Better still, take each by the way out that its " +
			"own finding names.",
	}, {
		Servers: onMySQL,
		Title:   "Several ALTER TABLE each go over the whole table where one could do it all",
		Condition: "Two ALTER TABLE or CREATE INDEX statements of one file each copy, rebuild or (a note) read the same table from an earlier " +
			"migration to build an index.",
		Effect: "The table is copied or rebuilt once for each of them: it takes that much longer, on each replica as well. Indexes that are " +
			"built together are built from one reading of the table.",
		Workaround: "Make them clauses of one ALTER TABLE. What is done at once does not belong in it: see mixed-alter.",
	}},
	Check: func(p *lint.Pass) {
		for _, e := range p.Effects {
			table, ok := wholeTable(p, e)
			if !ok {
				continue
			}
			for i, earlier := range p.Earlier {
				for _, before := range earlier {
					if other, ok := wholeTable(p, before); !ok || other != table {
						continue
					}
					f := lint.Finding{
						Table:   table.String(),
						Message: fmt.Sprintf("%s is gone over again: line %d does so as well", table, p.Script.Up[i].Start.Line),
						Why:     "each of the two goes over the whole table, and one ALTER TABLE with both would do so once",
						Instead: "make it a clause of that ALTER TABLE",
					}
					if !e.Rewrites && !before.Rewrites && e.Blocks == dialects.BlocksNothing {
						f.Severity = lint.Info
					}
					p.Report(f)
					return
				}
			}
		}
	},
}

// wholeTable is the table that an ALTER goes over as a whole, where another ALTER could do the same on the way.
func wholeTable(p *lint.Pass, e dialects.Effect) (dialects.Name, bool) {
	if e.Table.Name == "" || p.Fresh[e.Table] || !e.Rewrites && !e.Scans {
		return dialects.Name{}, false
	}
	switch c := e.Change.(type) {
	case dialects.AddColumn, dialects.DropColumn, dialects.RedefineColumn, dialects.AlterColumnType, dialects.SetNotNull, dialects.DropNotNull,
		dialects.AddConstraint, dialects.AddForeignKey, dialects.AlterConstraint, dialects.DropConstraint, dialects.AlterColumn:
		return e.Table, e.Rewrites || e.Algorithm != dialects.AlgorithmUnknown || e.Blocks != dialects.BlocksNothing
	case dialects.CreateIndex:
		return e.Table, e.Algorithm != dialects.AlgorithmUnknown // elsewhere an ALTER TABLE builds none
	case dialects.AlterTable:
		switch c.What {
		case "force", "engine", "row format", "convert charset", "key block size", "set logged", "set unlogged":
			return e.Table, e.Rewrites
		}
	}
	return dialects.Name{}, false
}
