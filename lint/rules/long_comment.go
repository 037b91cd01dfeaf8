package rules

import (
	"fmt"
	"unicode/utf8"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// longestComment is how long a comment may be before it is found, in characters.
const longestComment = 500

var longComment = lint.Rule{
	ID: "long-comment", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/SYSTEM_COMMENT_LENGTH"},
	Docs: []lint.Doc{{
		Title:      "A comment is a page long",
		Condition:  fmt.Sprintf("A comment on a table or one of its parts has more than %d characters.", longestComment),
		Effect:     "Tools show comments in a line of a list and cut them; MySQL and MariaDB take 1,024 characters of a column and 2,048 of a table.",
		Workaround: "One sentence, and a link to the page.",
	}},
	Check: func(p *lint.Pass) {
		check := func(of, comment string) {
			if n := utf8.RuneCountInString(comment); n > longestComment {
				p.Report(lint.Finding{
					Message: fmt.Sprintf("the comment on %s has %d characters", of, n),
					Why:     "tools show a line of it, and cut the rest",
					Instead: "one sentence, and a link to the page",
				})
			}
		}
		for _, change := range p.Statement.Changes {
			switch c := change.(type) {
			case dialects.Describe:
				check(p.Catalog.Resolve(c.Table).String(), c.Value)
			case dialects.CreateTable:
				check(p.Catalog.Resolve(c.Table).String(), c.Options.Comment)
			case dialects.AlterTable:
				if c.What == "comment" {
					check(p.Catalog.Resolve(c.Table).String(), c.Value)
				}
			}
		}
		for d := range newColumns(p) {
			check(d.String(), d.Column.Comment)
		}
	},
}
