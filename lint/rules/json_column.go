package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var jsonColumn = lint.Rule{
	ID: "json-column", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Peers: []string{"eugene/E3", "strong_migrations/add_column_json", "online_migrations/add_column_json"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A json column has DISTINCT and GROUP BY of whole rows fail",
		Condition: "A column of the type json (not jsonb), or of an array of it, is added to a table from an earlier migration.",
		Effect: "json has no equality: SELECT DISTINCT t.*, GROUP BY, UNION and the like over the table's rows fail from that moment on " +
			"(could not identify an equality operator for type json), in app versions that know nothing of the column too. ORMs " +
			"write such queries for joins.",
		Workaround: "jsonb, which can be compared, and indexed. json keeps the text as it was written, blanks and order included, and little else " +
			"speaks for it.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.AddColumn)
			// The type's name is a word of SQL from Postgres 17 on, so that it is quoted.
			if !ok || strings.Trim(strings.TrimSuffix(c.Column.BaseType, "[]"), `"`) != "json" || p.Fresh[p.Catalog.Resolve(c.Table)] {
				continue
			}
			table := p.Catalog.Resolve(c.Table)
			p.Report(lint.Finding{
				Table:   table.String(),
				Message: fmt.Sprintf("%s.%s is json, which cannot be compared", table, c.Column.Name),
				Why:     "SELECT DISTINCT, GROUP BY and UNION over rows of the table fail from that moment on, in every app version",
				Instead: "make it jsonb",
			})
		}
	},
}
