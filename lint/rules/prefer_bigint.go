package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var preferBigint = lint.Rule{
	ID: "prefer-bigint", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"squawk/prefer-bigint-over-int", "squawk/prefer-bigint-over-smallint", "skeema/ids"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "An integer column can run out of numbers",
		Condition: "A column is an integer, smallint or serial.",
		Effect: "integer ends at 2,147,483,647 and smallint at 32,767: at the next number writes fail, and the way out rewrites the " +
			"table and all that refers to it. The bytes that the smaller type saves are often lost to alignment again.",
		Workaround: "bigint, for whatever counts rows or grows with them.",
	}, {
		Servers:   onMySQL,
		Title:     "A column for identifiers is smaller than bigint",
		Condition: "A column that is called id, or whose name ends in _id, is an int or a smaller whole number.",
		Effect: "int ends at 2,147,483,647, int unsigned at 4,294,967,295: at the next number writes fail. A larger type " +
			"copies the table, and every table whose column refers to it.",
		Workaround: "bigint unsigned, and the same in each column that refers to it.",
	}},
	Check: types(func(p *lint.Pass, d defined) lint.Finding {
		largest := smallIntegers[bareType(d.Column.Type)]
		name := strings.ToLower(d.Column.Name)
		if largest == "" || p.Dialect.Kind() != dialects.Postgres && name != "id" && !strings.HasSuffix(name, "_id") {
			return lint.Finding{}
		}
		if signed, unsigned, ok := strings.Cut(largest, " or "); ok {
			if largest = signed; strings.Contains(d.Column.Type, "unsigned") {
				largest = unsigned
			}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s is of type %s", d, bareType(d.Column.Type)),
			Why:     fmt.Sprintf("it ends at %s: at the next number writes fail", largest),
			Instead: "make it a bigint",
		}
	}),
}

// smallIntegers are the whole numbers below bigint with the largest that each holds; of the MySQL family
// signed or unsigned.
var smallIntegers = map[string]string{
	"integer": "2,147,483,647", "smallint": "32,767 or 65,535", "tinyint": "127 or 255",
	"mediumint": "8,388,607 or 16,777,215", "int": "2,147,483,647 or 4,294,967,295",
}
