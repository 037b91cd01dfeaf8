package rules

import (
	"fmt"

	"github.com/segue-db/segue/lint"
)

// The most columns of an index before it is found.
const (
	mostKeys       = 3
	mostUniqueKeys = 5
)

var wideIndex = lint.Rule{
	ID: "wide-index", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"strong_migrations/add_index_columns", "bytebase/INDEX_KEY_NUMBER_LIMIT"},
	Docs: []lint.Doc{{
		Title:     "An index has many columns",
		Condition: fmt.Sprintf("An index in order has more than %d columns, or more than %d where it is unique or the primary key.", mostKeys, mostUniqueKeys),
		Effect: "Columns behind the first that is not compared by = seldom find anything; they make the index larger, and every write of any " +
			"of them changes it.",
		Workaround: "The columns that queries compare by =, then one more.",
	}},
	Check: func(p *lint.Pass) {
		for table, i := range newIndexes(p) {
			most := mostKeys
			if i.Unique {
				most = mostUniqueKeys
			}
			if !isOrdered(&i) || len(i.Keys) <= most {
				continue
			}
			p.Report(lint.Finding{
				Table:   table.String(),
				Message: fmt.Sprintf("%s of %s has %d columns", label(&i), table, len(i.Keys)),
				Why:     "the last ones seldom find anything, and every write of any of them changes the index",
				Instead: fmt.Sprintf("at most %d: those that queries compare by =, then one more", most),
			})
		}
	},
}
