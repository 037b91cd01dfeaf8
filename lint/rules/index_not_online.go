package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var indexNotOnline = lint.Rule{
	ID: "index-not-online", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{"atlas/MY132", "atlas/MY134", "atlas/MY135", "atlas/MY137"},
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "An index is built while writes to the table wait, or may be",
		Condition: "An index on a table from an earlier migration is built and ALGORITHM=INPLACE, LOCK=NONE is not said (a warning: the " +
			"server does it so where it can), or cannot be had: for FULLTEXT, SPATIAL and VECTOR indexes, for one over an " +
			"expression, for a primary key, on a table of another engine than InnoDB, or together with a change that copies.",
		Effect: "Where an index cannot be built beside the traffic the server does not say so: INSERT, UPDATE and DELETE on the " +
			"table wait until it is built, or until the whole table has been copied. Either way replicas build it once the " +
			"primary is through, and fall behind by as much.",
		Workaround: "Say it: CREATE INDEX ... ALGORITHM=INPLACE LOCK=NONE (on MariaDB ALGORITHM=NOCOPY), in a statement of its own. " +
			"Then the server refuses rather than lets writes wait. Build FULLTEXT and SPATIAL indexes when writes may wait, " +
			"and allow it, or by gh-ost or pt-online-schema-change.",
	}},
	Check: hazards("index-not-online", func(_ *lint.Pass, e dialects.Effect, _ dialects.Hazard) lint.Finding {
		what := "an index"
		switch c := e.Change.(type) {
		case dialects.CreateIndex:
			what = indexName(c.Index)
		case dialects.AddColumn:
			what = "an index for " + c.Column.Name
		}
		f := lint.Finding{Message: fmt.Sprintf("building %s of %s %s", what, e.Table, meanwhile(e))}
		switch {
		case e.Rewrites:
			f.Message = fmt.Sprintf("building %s has %s written anew %s", what, e.Table, meanwhile(e))
		case e.Blocks == dialects.BlocksNothing:
			f.Severity = lint.Warning
			f.Message = fmt.Sprintf("building %s of %s is not asked for online", what, e.Table)
		}
		return f
	}),
}

func indexName(i dialects.Index) string {
	switch {
	case i.Primary:
		return "the primary key"
	case i.Name.Name != "":
		return "index " + i.Name.Name
	case len(i.Keys) > 0 && !i.Expressions:
		return "the index on (" + strings.Join(i.Keys, ", ") + ")"
	}
	return "an index"
}
