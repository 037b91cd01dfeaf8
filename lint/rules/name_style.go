package rules

import (
	"fmt"
	"regexp"

	"github.com/segue-db/segue/lint"
)

var nameStyle = lint.Rule{
	ID: "name-style", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{
		"atlas/NM101", "atlas/NM102", "atlas/NM103", "atlas/NM104", "atlas/NM105", "atlas/NM106", "skeema/name-case", "spirit/name_case",
		"bytebase/NAMING_TABLE", "bytebase/NAMING_COLUMN", "bytebase/NAMING_INDEX_IDX", "bytebase/NAMING_INDEX_UK",
		"bytebase/NAMING_INDEX_PK", "bytebase/NAMING_INDEX_FK",
	},
	Docs: []lint.Doc{{
		Title: "A name is not written in small letters with underscores",
		Condition: "A schema, table, column, index, constraint or other object gets a name that is not a small letter followed by small letters, " +
			"digits and underscores.",
		Effect: "Names with capitals, blanks or signs need quotes wherever they stand on Postgres, and are not found without them. On MySQL and " +
			"MariaDB the capitals of a table count on Linux, and do not on the laptops of those who write the queries.",
		Workaround: "lower_snake_case.",
	}},
	Check: func(p *lint.Pass) {
		for n := range newNames(p) {
			if snakeCase.MatchString(n.name) {
				continue
			}
			p.Report(lint.Finding{
				Table:   n.table.String(),
				Message: fmt.Sprintf("the name of %s is not in small letters with underscores", n),
				Why:     "it needs quotes wherever it stands, or is another name on another machine",
				Instead: "lower_snake_case",
			})
		}
	},
}

var snakeCase = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
