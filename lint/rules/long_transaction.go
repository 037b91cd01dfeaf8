package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// mostStatements is how many statements a transaction may have before it is found.
const mostStatements = 50

var longTransaction = lint.Rule{
	ID: "long-transaction", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/STATEMENT_MAXIMUM_STATEMENTS_IN_TRANSACTION"},
	Docs: []lint.Doc{{
		Title:      "A transaction has very many statements",
		Condition:  fmt.Sprintf("More than %d statements of a file run in one transaction, as its runner runs it or by a BEGIN of its own.", mostStatements),
		Effect:     "What each of them locks stays locked until the last one is done, and replicas apply all of it in one go.",
		Workaround: "Several files, or several transactions.",
	}},
	Check: func(p *lint.Pass) {
		if !p.InTransaction {
			return
		}
		unit, before := -1, 0
		for i := range p.Script.Up {
			if i < len(p.Placed) && p.Script.Up[i].Start == p.Statement.Start {
				unit = p.Placed[i].Unit
			}
		}
		for i, placed := range p.Placed {
			if placed.Unit == unit && placed.Role == dialects.Runs && p.Script.Up[i].Start.Offset < p.Statement.Start.Offset {
				before++
			}
		}
		if before == mostStatements { // once, at the first that is one too many
			p.Report(lint.Finding{
				Message: fmt.Sprintf("more than %d statements run in one transaction", mostStatements),
				Why:     "what each of them locks stays locked until the last one is done",
				Instead: "several files, or several transactions",
			})
		}
	},
}
