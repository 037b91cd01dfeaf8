package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var requireCollation = lint.Rule{
	ID: "require-collation", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{
		"bytebase/TABLE_REQUIRE_CHARSET", "bytebase/TABLE_REQUIRE_COLLATION", "bytebase/COLUMN_REQUIRE_CHARSET",
		"bytebase/COLUMN_REQUIRE_COLLATION",
	},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "How a table's texts compare is left to the server",
		Condition: "A new table has columns of text and names no collation, and one of those columns names none either.",
		Effect: "The collation is the database's, or the default of the character set on that release: utf8mb4_general_ci, " +
			"utf8mb4_0900_ai_ci or utf8mb4_uca1400_ai_ci. Tables of different collations cannot be compared (1267), and a key that is " +
			"unique here is not there.",
		Workaround: "CHARACTER SET utf8mb4 COLLATE, and one collation, behind every table.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		c, ok := change.(dialects.CreateTable)
		open := func(column dialects.Column) bool {
			return slices.Contains(textTypes, bareType(column.Type)) && column.Collation.Name == ""
		}
		if !ok || c.Options.Collation != "" || !slices.ContainsFunc(c.Columns, open) {
			return lint.Finding{}
		}
		table := p.Catalog.Resolve(c.Table)
		return lint.Finding{
			Table:   table.String(),
			Message: fmt.Sprintf("%s names no collation", table),
			Why:     "it is the database's, or the default of this release: the same file makes tables elsewhere that compare differently",
			Instead: "put CHARACTER SET utf8mb4 COLLATE and the collation behind the table",
		}
	}),
}

// textTypes are the types of the MySQL family that have a character set.
var textTypes = []string{"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"}
