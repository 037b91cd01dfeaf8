package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var tableComment = lint.Rule{
	ID: "table-comment", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/TABLE_COMMENT"},
	Docs: []lint.Doc{{
		Title:      "A table has no comment",
		Condition:  "A table is made without a comment, and no later statement of the file adds one. Partitions have their parent's.",
		Effect:     "Who meets the table in the database, and not in the app's code, has its name alone to go by.",
		Workaround: "COMMENT ON TABLE in the same file on Postgres; COMMENT = behind the table on MySQL and MariaDB.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		c, ok := change.(dialects.CreateTable)
		if !ok || c.Options.Comment != "" || c.PartitionOf != nil || c.IfNotExists && p.Catalog.Table(c.Table) != nil {
			return lint.Finding{}
		}
		says := func(change dialects.Change) bool {
			switch d := change.(type) {
			case dialects.Describe:
				return d.What == "comment" && d.Column == "" && d.Value != "" && isOf(p, d, c.Table)
			case dialects.AlterTable:
				return d.What == "comment" && d.Value != "" && isOf(p, d, c.Table)
			}
			return false
		}
		if later(p, says) {
			return lint.Finding{}
		}
		table := p.Catalog.Resolve(c.Table)
		return lint.Finding{
			Table:   table.String(),
			Message: fmt.Sprintf("%s has no comment", table),
			Why:     "who meets it in the database has its name alone to go by",
			Instead: "say in a comment what a row of it is",
		}
	}),
}
