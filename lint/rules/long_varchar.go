package rules

import (
	"fmt"

	"github.com/segue-db/segue/lint"
)

// longestVarchar is how long a varchar may be before it is found.
const longestVarchar = 2000

var longVarchar = lint.Rule{
	ID: "long-varchar", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/COLUMN_MAXIMUM_VARCHAR_LENGTH"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "A very long varchar takes most of what a row may have",
		Condition: fmt.Sprintf("A column is a varchar of more than %d characters.", longestVarchar),
		Effect: "The full length counts towards the 65,535 bytes that all columns of a row share, four bytes a character in utf8mb4, " +
			"so that later columns find no room. It is also more than an index can hold.",
		Workaround: "A length that fits what is stored, or text, of which a few bytes count.",
	}},
	Check: types(func(_ *lint.Pass, d defined) lint.Finding {
		length := typeLength(d.Column.Type)
		if bareType(d.Column.Type) != "varchar" || length <= longestVarchar {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s is a varchar of %d characters", d, length),
			Why:     "its full length counts towards the 65,535 bytes that all columns of a row share",
			Instead: "a length that fits what is stored, or text",
		}
	}),
}
