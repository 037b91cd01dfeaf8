package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// mostRows is how many rows one INSERT may give before it is found.
const mostRows = 1000

var manyRowsInInsert = lint.Rule{
	ID: "many-rows-in-insert", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/STATEMENT_INSERT_ROW_LIMIT"},
	Docs: []lint.Doc{{
		Title:     "One INSERT gives very many rows",
		Condition: fmt.Sprintf("INSERT ... VALUES has more than %d rows.", mostRows),
		Effect: "It is one transaction, which replicas apply in one go, and one text that the server parses and keeps in memory, and that " +
			"may be larger than it takes (max_allowed_packet on MySQL and MariaDB). Who reviews it sees none of it.",
		Workaround: "Load data outside of migrations, or in several statements.",
	}},
	Check: written(dialects.ManyRows, func(_ *lint.Pass, t dialects.Trait) lint.Finding {
		if t.Count <= mostRows {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("one INSERT gives %d rows", t.Count),
			Why:     "it is one transaction and one text, however large",
			Instead: fmt.Sprintf("load the data outside of migrations, or in statements of at most %d rows", mostRows),
		}
	}),
}
