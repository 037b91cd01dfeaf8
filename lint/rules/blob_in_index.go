package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/lint"
)

var blobInIndex = lint.Rule{
	ID: "blob-in-index", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/INDEX_TYPE_NO_BLOB"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "An index is on the start of a long text",
		Condition: "An index in order has a TEXT or BLOB column.",
		Effect: "It takes the first characters alone, so it neither sorts nor covers a query, and of a unique one two longer values " +
			"collide that differ behind them.",
		Workaround: "A varchar where values are short; a FULLTEXT index to search; a column with a hash to find a whole value.",
	}},
	Check: func(p *lint.Pass) {
		for table, i := range newIndexes(p) {
			for _, key := range i.Keys {
				if typ := bareType(typeOfColumn(p, table, key)); isOrdered(&i) && slices.Contains(longTypes, typ) {
					p.Report(lint.Finding{
						Table:   table.String(),
						Message: fmt.Sprintf("%s of %s has %s, which is of type %s", label(&i), table, key, typ),
						Why:     "it takes the first characters alone: it neither sorts nor covers a query",
						Instead: "a varchar, a FULLTEXT index, or a column with a hash of the value",
					})
				}
			}
		}
	},
}

var longTypes = []string{"tinytext", "text", "mediumtext", "longtext", "tinyblob", "blob", "mediumblob", "longblob"}
