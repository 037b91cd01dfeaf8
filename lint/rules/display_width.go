package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var displayWidth = lint.Rule{
	ID: "display-width", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"skeema/display-width"},
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "The number behind an integer type limits nothing",
		Condition: "A whole-number type has a display width, as int(5) has; not with ZEROFILL, not tinyint(1), which stands for a " +
			"boolean, and not the width that the server prints itself.",
		Effect: "int(5) holds as large a number as int does. Who reads it as a limit is mistaken. MySQL warns of it from 8.0.17 on " +
			"and drops the width.",
		Workaround: "int, without a width.",
	}},
	Check: func(p *lint.Pass) {
		for t := range traits(p, dialects.DisplayWidth) {
			p.Report(lint.Finding{
				Message: fmt.Sprintf("%s has a display width", t.Detail),
				Why:     "it limits nothing: the column holds as large a number without it",
				Instead: "leave the width out",
			})
		}
	},
}
