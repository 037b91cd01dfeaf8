package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var createRule = lint.Rule{
	ID: "create-rule", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "A rule rewrites the statements of every app version",
		Condition: "CREATE RULE on a table from an earlier migration. A rule on a view, which makes it one that can be written to, is not " +
			"reported.",
		Effect: "From the moment that it commits each such statement is rewritten by it, also those of app versions that were written " +
			"without it. With DO INSTEAD what they ask for is not done: their writes are lost without an error, RETURNING fails, " +
			"triggers (segue's own too) see nothing of them, and COPY is not rewritten at all.",
		Workaround: "Write a trigger, which sees each row as it is. To send an old table's name to a new one, rename it and put a view in its " +
			"place.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.CreateObject)
			if !ok || c.Kind != dialects.OtherObject || c.Table.Name == "" || !inUse(p, c.Table) || isView(p.Catalog, c.Table) {
				continue
			}
			table := p.Catalog.Resolve(c.Table)
			f := lint.Finding{
				Table:   table.String(),
				Message: fmt.Sprintf("rule %s takes part in the statements of every app version on %s from now on", c.Object.Name, table),
				Why:     "app versions that were written without it have theirs rewritten too",
				Instead: "write a trigger, or see that what any running version does goes through as before, and allow this",
			}
			for t := range traits(p, dialects.Instead) {
				f.Message = fmt.Sprintf("rule %s has something else done than what every app version asks of %s by %s", c.Object.Name, table, t.Detail)
				f.Why = "what they ask for is not done, without an error, and triggers see nothing of it"
			}
			p.Report(f)
		}
	},
}

func isView(c *dialects.Catalog, name dialects.Name) bool {
	name = c.Resolve(name)
	return c.Objects[dialects.ObjectKey{Kind: dialects.View, Name: name}] != nil
}
