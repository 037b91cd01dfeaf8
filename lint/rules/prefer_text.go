package rules

import (
	"fmt"

	"github.com/segue-db/segue/lint"
)

var preferText = lint.Rule{
	ID: "prefer-text", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"squawk/prefer-text-field"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A varchar's length is part of its type, where a CHECK can be changed by itself",
		Condition: "A column is of type varchar(n).",
		Effect: "text and varchar are stored alike; the length only makes longer values fail. To lower it later takes " +
			"ACCESS EXCLUSIVE while the table is rewritten, and a view that names the column forbids any change of it.",
		Workaround: "text, with CHECK (length(name) <= 40) where a limit is meant: a check can be dropped and added again, NOT " +
			"VALID and then VALIDATE, while the table is in use.",
	}},
	Check: types(func(_ *lint.Pass, d defined) lint.Finding {
		length := typeLength(d.Column.Type)
		if bareType(d.Column.Type) != "character varying" || length == 0 {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s is of type varchar(%d)", d, length),
			Why:     "the limit is part of the type: to lower it rewrites the table, and views that name the column forbid any change",
			Instead: fmt.Sprintf("text, with CHECK (length(%s) <= %d) where the limit is meant", d.Column.Name, length),
		}
	}),
}
