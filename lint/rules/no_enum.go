package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var noEnum = lint.Rule{
	ID: "no-enum", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"eugene/W13", "skeema/has-enum"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "An enum's values can be added to and renamed, and never taken away",
		Condition: "An enum type is made.",
		Effect: "A value that is there stays: to remove one, a new type is made and every column that has the old one is rewritten. " +
			"Apps that know the values fail on one that was added after them.",
		Workaround: "A table of the values that others refer to, or text with a CHECK, which can be replaced NOT VALID and validated.",
	}, {
		Servers:   onMySQL,
		Title:     "The values of an ENUM or SET are part of the column's type",
		Condition: "A column is of type ENUM or SET.",
		Effect: "A value at the end is added at once; any other change of the list copies the table. Rows are sorted by the " +
			"values' numbers and not by their names, and a number in quotes means a name where one without means a place.",
		Workaround: "A table of the values with a small key, or a varchar with a CHECK.",
	}},
	Check: func(p *lint.Pass) {
		types(func(_ *lint.Pass, d defined) lint.Finding {
			base := bareType(d.Column.Type)
			if base != "enum" && base != "set" || d.Was != nil && bareType(d.Was.Type) == base {
				return lint.Finding{}
			}
			return lint.Finding{
				Message: fmt.Sprintf("%s is of type %s", d, base),
				Why:     "any change of its values but one more at the end copies the table",
				Instead: "a table of the values, or a varchar with a CHECK",
			}
		})(p)
		for _, change := range p.Statement.Changes {
			if c, ok := change.(dialects.CreateObject); ok && c.Kind == dialects.EnumType {
				p.Report(lint.Finding{
					Message: fmt.Sprintf("%s is made as an enum", p.Catalog.Resolve(c.Object)),
					Why:     "a value of an enum cannot be removed: that takes a new type, and rewrites every column of the old one",
					Instead: "a table of the values, or text with a CHECK",
				})
			}
		}
	},
}
