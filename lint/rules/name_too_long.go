package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var nameTooLong = lint.Rule{
	ID: "name-too-long", Family: lint.SourceFamily, Severity: lint.Warning,
	Peers: []string{"squawk/identifier-too-long"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A name is longer than the server keeps",
		Condition: "A name in a statement has more than 63 bytes.",
		Effect: "The server cuts it, with a notice that nobody reads. Two names that differ behind the cut are one: the second object is refused, " +
			"or IF NOT EXISTS takes the first for it. What compares names by their text, an ORM or a dump, does not find it.",
		Workaround: "A shorter name. In letters beyond ASCII a character is two bytes or more.",
	}},
	Check: func(p *lint.Pass) {
		cutter, ok := p.Dialect.(dialects.NameCutter)
		if !ok {
			return
		}
		for _, n := range cutter.CutNames(p.Statement.Text) {
			p.Report(lint.Finding{
				Message: fmt.Sprintf("%s has %d bytes, and the server keeps 63: %s", n.Written, len(n.Written), n.Kept),
				Why:     "what differs behind the cut only is one name, and whoever looks for the whole name does not find it",
				Instead: "give it a shorter name",
			})
		}
	},
}
