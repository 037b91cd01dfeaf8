package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var reservedWord = lint.Rule{
	ID: "reserved-word", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"skeema/reserved-word", "spirit/reserved_words", "bytebase/NAMING_IDENTIFIER_NO_KEYWORD"},
	Docs: []lint.Doc{{
		Title: "A name is a reserved word",
		Condition: "A table, column, index, constraint or other object gets a name that is a reserved word of the server: of Postgres 18, " +
			"MySQL 9.7 or MariaDB 10.11, whose lists hold those of the releases before.",
		Effect:     "It must be quoted wherever it stands, and a query in which somebody forgets that fails, or means something else (user on Postgres).",
		Workaround: "Another name: orders or purchase for order, account for user.",
	}},
	Check: func(p *lint.Pass) {
		words, ok := p.Dialect.(dialects.Naming)
		if !ok {
			return
		}
		for n := range newNames(p) {
			if !words.Reserved(n.name) {
				continue
			}
			p.Report(lint.Finding{
				Table:   n.table.String(),
				Message: fmt.Sprintf("the name of %s is a reserved word", n),
				Why:     "it must be quoted wherever it stands",
				Instead: "another name",
			})
		}
	},
}
