package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var noForeignKey = lint.Rule{
	ID: "no-foreign-key", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/TABLE_NO_FOREIGN_KEY", "skeema/has-fk", "spirit/has_foreign_key"},
	Docs: []lint.Doc{{
		Title:     "A table refers to another by a foreign key",
		Condition: "A foreign key is made, with its table or later.",
		Effect: "Each write looks the other table up and locks its row; changes of one table lock both; tables cannot be moved to servers of " +
			"their own, and tools that change tables online by a copy refuse them.",
		Workaround: "Let the app see to it, and a job look for rows without their other side. Whether that is the better bargain is for each team to say.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		constraints, _ := parts(change)
		for _, c := range constraints {
			if c.Kind == dialects.ForeignKey && c.References != nil {
				table := p.Catalog.Resolve(change.Target())
				return lint.Finding{
					Table:   table.String(),
					Message: fmt.Sprintf("%s (%s) refers to %s by a foreign key", table, strings.Join(c.Columns, ", "), p.Catalog.Resolve(*c.References)),
					Why:     "each write looks the other table up, and changes of one table lock both",
					Instead: "leave the foreign key out, and let the app see to it",
				}
			}
		}
		return lint.Finding{}
	}),
}
