package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var onDeleteCascade = lint.Rule{
	ID: "on-delete-cascade", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/STATEMENT_DISALLOW_ON_DEL_CASCADE"},
	Docs: []lint.Doc{{
		Title:     "Deleting a row deletes rows of other tables",
		Condition: "A foreign key is made ON DELETE CASCADE.",
		Effect: "One DELETE may take any number of rows of any number of tables with it, in one transaction and without a word; on MySQL and " +
			"MariaDB no trigger sees them go.",
		Workaround: "Leave it out, so that the DELETE fails while other rows refer to its own, and delete those first, in batches.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		constraints, _ := parts(change)
		for _, c := range constraints {
			if c.Kind == dialects.ForeignKey && c.References != nil && strings.Contains(c.Definition, "ON DELETE CASCADE") {
				table := p.Catalog.Resolve(change.Target())
				return lint.Finding{
					Table:   table.String(),
					Message: fmt.Sprintf("deleting a row of %s deletes those of %s that refer to it", p.Catalog.Resolve(*c.References), table),
					Why:     "one DELETE may take any number of rows with it, in one transaction and without a word",
					Instead: "leave ON DELETE CASCADE out, and delete what refers to a row first",
				}
			}
		}
		return lint.Finding{}
	}),
}
