package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var columnCharset = lint.Rule{
	ID: "column-charset", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/COLUMN_DISALLOW_SET_CHARSET"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "A column's character set or collation is another than its table's",
		Condition: "A column names a character set or collation that is not its table's.",
		Effect: "Comparisons with other columns of the table convert one side, or fail for two collations (1267). CONVERT TO of the table takes " +
			"the column's own away.",
		Workaround: "Name them at the table alone; for codes that are compared byte by byte, varbinary.",
	}},
	Check: func(p *lint.Pass) {
		for d := range newColumns(p) {
			charset, collation := tableCharset(p, d.Table)
			own := d.Column.Collation.Name
			if bareType(d.Column.Type) == "longtext" && own == "utf8mb4_bin" {
				continue // what JSON is on MariaDB
			}
			says := d.Column.Charset
			differs := says != "" && charset != "" && says != charset
			if own != "" && collation != "" && own != collation {
				says, differs = own, true
			}
			if !differs || d.Was != nil && d.Was.Charset == d.Column.Charset && d.Was.Collation == d.Column.Collation {
				continue
			}
			p.Report(lint.Finding{
				Table:   d.Table.String(),
				Message: fmt.Sprintf("%s names %s, which is not its table's", d, says),
				Why:     "comparisons with other columns of the table convert one side, or fail",
				Instead: "name character set and collation at the table alone",
			})
		}
	},
}

// tableCharset is what a table's columns have that say nothing; empty where it is not known.
func tableCharset(p *lint.Pass, table dialects.Name) (charset, collation string) {
	for _, change := range p.Statement.Changes {
		if c, ok := change.(dialects.CreateTable); ok && p.Catalog.Resolve(c.Table) == table {
			return named(c.Options.Charset, c.Options.Collation), c.Options.Collation
		}
	}
	if t := p.Catalog.Table(table); t != nil {
		return t.Charset, t.Collation
	}
	return "", ""
}
