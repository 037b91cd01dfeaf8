package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var addColumnRewrite = lint.Rule{
	ID: "add-column-rewrite", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{
		"squawk/adding-field-with-default", "squawk/ban-create-domain-with-constraint", "eugene/E11", "strong_migrations/add_column_default",
		"strong_migrations/add_column_generated_stored", "strong_migrations/add_column_auto_incrementing",
		"online_migrations/add_column_with_default", "online_migrations/add_column_with_default_null",
		"online_migrations/add_column_generated_stored", "online_migrations/add_timestamps_with_default",
		"atlas/PG302", "atlas/PG309", "atlas/PG310", "bytebase/STATEMENT_DISALLOW_ADD_COLUMN_WITH_DEFAULT",
		"bytebase/COLUMN_DEFAULT_DISALLOW_VOLATILE",
		"atlas/MY140", "atlas/MY141", "atlas/MY142",
	},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A new column whose values differ from row to row rewrites the table",
		Condition: "A column is added to a table from an earlier migration, and each row needs a value of its own: a volatile " +
			"default such as gen_random_uuid() or clock_timestamp(), serial, identity, a stored generated column, a domain " +
			"with constraints. (Before Postgres 11: any default.)",
		Effect: "The table is locked against reads and writes until each row and each index is written anew.",
		Workaround: "Add the column without a default, set the default in a second statement (it is for new rows only), and fill " +
			"the old rows in batches. now() and constants are fine as they are: they have one value for all rows.",
	}, {
		Servers: onMySQL,
		Title:   "A new column has the table built anew or copied",
		Condition: "A column is added to a table from an earlier migration and the server cannot do that at once: its default is " +
			"an expression, it is AUTO_INCREMENT, a stored generated column or has a CHECK or foreign key; the table has " +
			"a FULLTEXT index, ROW_FORMAT=COMPRESSED, or no row versions left (64; 255 from MySQL 9.1 on); another change " +
			"in the statement needs a rebuild; or the server is older than MySQL 8.0.12 (8.0.29 for FIRST and AFTER).",
		Effect: "By COPY writes wait until every row has been copied. A rebuild in place lets them go on, but takes as long, " +
			"and replicas fall behind by as much.",
		Workaround: "Make each change a statement of its own. Add the column without a default, at the end, with " +
			"ALGORITHM=INSTANT; set the default in a second statement (it is for new rows only), and fill the old rows in " +
			"batches. Constants and CURRENT_TIMESTAMP are fine as defaults. Where row versions are used up, rebuild the " +
			"table once (ALTER TABLE ... FORCE, ALGORITHM=INPLACE, LOCK=NONE) when replicas may fall behind.",
	}},
	Check: hazards("add-column-rewrite", func(p *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		column := dialects.Column{Name: "column"}
		if c, ok := e.Change.(dialects.AddColumn); ok {
			column = c.Column
		}
		message := fmt.Sprintf("adding %s.%s writes every row of the table anew", e.Table, column.Name)
		if !e.Rewrites {
			message = fmt.Sprintf("%s.%s is added %s", e.Table, column.Name, meanwhile(e))
		}
		return lint.Finding{
			Message: message,
			Why:     h.Detail,
			Instead: addedOtherwise(p, column),
		}
	}),
}

// addedOtherwise is the way out where the dialect names none.
func addedOtherwise(p *lint.Pass, c dialects.Column) string {
	switch {
	case c.Generated != "" && p.Server.AtLeast(18, 0):
		return "make it VIRTUAL: nothing is written then; or a plain column that apps or a trigger write, its old rows filled in batches"
	case c.Generated != "":
		return "add a plain column that apps or a trigger write (BEFORE INSERT OR UPDATE), and fill the old rows in batches"
	case c.Identity != "" || c.Sequence != nil:
		return "add a plain bigint column, make a sequence that it owns, set DEFAULT nextval(...) in a statement of its own, and fill the " +
			"old rows in batches"
	case c.Default == "":
		return "add the column with the domain's base type, and what the domain demands as a CHECK, NOT VALID first"
	}
	return "add the column without a default, set the default in a statement of its own, and fill the old rows in batches"
}
