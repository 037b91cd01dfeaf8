package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var enumValueAdded = lint.Rule{
	ID: "enum-value-added", Family: dialects.CompatibilityFamily, Severity: lint.Info,
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A new enum value is one that running app versions do not know",
		Condition: "A value is added to an enum from an earlier migration.",
		Effect: "The statement breaks nobody. But as soon as one app version writes the value, those that map the enum to a fixed list fail " +
			"when they read it. It cannot be taken out again.",
		Workaround: "Deploy a version that can read the value before any that writes it.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.AlterObject)
			if !ok || c.Kind != dialects.EnumType || c.What != "add value" || madeAbove(p, c) {
				continue
			}
			p.Report(lint.Finding{
				Message: fmt.Sprintf("enum %s gets value %s, which running app versions do not know", c.Object, c.Value),
				Why:     "those that map the enum to a fixed list fail when they read it, and it cannot be taken out again",
				Instead: "deploy a version that can read it before any that writes it",
			})
		}
	},
}

// madeAbove reports whether the file itself makes the enum.
func madeAbove(p *lint.Pass, c dialects.AlterObject) bool {
	return slices.ContainsFunc(p.Script.Up[:indexOf(p)], func(s dialects.ScriptStatement) bool {
		return slices.ContainsFunc(s.Changes, func(change dialects.Change) bool {
			made, ok := change.(dialects.CreateObject)
			return ok && made.Kind == dialects.EnumType && p.Catalog.Resolve(made.Object) == p.Catalog.Resolve(c.Object)
		})
	})
}
