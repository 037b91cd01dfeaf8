package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var columnComment = lint.Rule{
	ID: "column-comment", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/COLUMN_COMMENT"},
	Docs: []lint.Doc{{
		Title:      "A column has no comment",
		Condition:  "A column is made without a comment, and no later statement of the file adds one; or it is written anew and loses its comment.",
		Effect:     "Who meets the column in the database has its name alone to go by: not the unit, not what NULL stands for.",
		Workaround: "COMMENT ON COLUMN in the same file on Postgres; COMMENT in the column's definition on MySQL and MariaDB.",
	}},
	Check: func(p *lint.Pass) {
		for d := range newColumns(p) {
			if d.Column.Comment != "" || d.Was != nil && d.Was.Comment == "" {
				continue
			}
			says := func(change dialects.Change) bool {
				c, ok := change.(dialects.Describe)
				return ok && c.What == "comment" && c.Column == d.Column.Name && c.Value != "" && isOf(p, c, d.Table)
			}
			if later(p, says) {
				continue
			}
			f := lint.Finding{
				Table:   d.Table.String(),
				Message: fmt.Sprintf("%s has no comment", d),
				Why:     "who meets it in the database has its name alone to go by",
				Instead: "say in a comment what it holds",
			}
			if d.Was != nil {
				f.Message = fmt.Sprintf("%s loses its comment", d)
				f.Why = "the definition is written anew, and what it does not repeat is gone"
				f.Instead = "repeat the comment: COMMENT '" + d.Was.Comment + "'"
			}
			p.Report(f)
		}
	},
}
