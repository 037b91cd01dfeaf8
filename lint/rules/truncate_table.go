package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var truncateTable = lint.Rule{
	ID: "truncate-table", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{"squawk/ban-truncate-cascade", "bytebase/STATEMENT_DISALLOW_TRUNCATE", "spirit/unsafe"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "TRUNCATE empties a table that apps may be using, and locks it against reads",
		Condition: "A table from an earlier migration is truncated.",
		Effect: "All rows are gone for every app version at once, and readers wait until the migration commits. With CASCADE every " +
			"table that refers to it is emptied as well.",
		Workaround: "Delete what is no longer needed in batches, or fill a new table and let the next app version use that one.",
	}, {
		Servers:   onMySQL,
		Title:     "TRUNCATE empties a table that apps may be using",
		Condition: "A table from an earlier migration is truncated.",
		Effect: "All its rows are gone for every app version at once, and nothing brings them back: TRUNCATE commits by " +
			"itself. Everything on the table waits behind its metadata lock while it waits for the transactions that use " +
			"the table.",
		Workaround: "Delete what is no longer needed in batches, or fill a new table and let the next app version use that one.",
	}},
	Check: hazards("truncate-table", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("%s is emptied while apps may be using it", e.Table),
			Why:     h.Detail,
			Instead: "delete what is no longer needed in batches, outside of the migration",
		}
		if h.Instead != "" {
			f.Message = fmt.Sprintf("%s is emptied too, by CASCADE", e.Table)
		}
		return f
	}),
}
