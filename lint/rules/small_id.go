package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/lint"
)

var smallID = lint.Rule{
	ID: "small-id", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"skeema/ids"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "A column for identifiers is smaller than bigint",
		Condition: "A column that is called id, or whose name ends in _id, is an int or a smaller whole number.",
		Effect: "int ends at 2,147,483,647, int unsigned at 4,294,967,295: at the next number writes fail. A larger type " +
			"copies the table, and every table whose column refers to it.",
		Workaround: "bigint unsigned, and the same in each column that refers to it.",
	}},
	Check: types(func(_ *lint.Pass, d defined) lint.Finding {
		name := strings.ToLower(d.Column.Name)
		end := largest(d.Column.Type)
		if end == 0 || end > largest("int unsigned") || name != "id" && !strings.HasSuffix(name, "_id") {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s is of type %s", d, d.Column.Type),
			Why:     fmt.Sprintf("it ends at %d: at the next number writes fail", end),
			Instead: "bigint unsigned, and the same in each column that refers to it",
		}
	}),
}

// integerBits are the sizes of the whole numbers of the MySQL family.
var integerBits = map[string]int{"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}

// largest is the largest number that a whole-number type of the MySQL family holds; 0 for other types.
func largest(typ string) uint64 {
	bits := integerBits[bareType(typ)]
	if bits == 0 {
		return 0
	}
	if !strings.Contains(typ, "unsigned") {
		bits--
	}
	return 1<<bits - 1
}
