package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var enumValueOrder = lint.Rule{
	ID: "enum-value-order", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"squawk/require-enum-value-ordering"},
	Docs: []lint.Doc{{
		Servers:    onPostgres,
		Title:      "An enum's new value goes to the end, maybe because nobody said where it belongs",
		Condition:  "ALTER TYPE ... ADD VALUE has neither BEFORE nor AFTER.",
		Effect:     "Values of an enum are sorted and compared in the order of the list. A value cannot be moved later: 'low', 'high', 'medium' stays so.",
		Workaround: "ADD VALUE 'medium' BEFORE 'high'; or AFTER the last one, which says that the end is meant.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		c, ok := change.(dialects.AlterObject)
		if !ok || c.Kind != dialects.EnumType || c.What != "add value" || c.Before != "" || c.After != "" {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("'%s' goes to the end of %s", c.Value, p.Catalog.Resolve(c.Object)),
			Why:     "values are sorted in the order of the list, and cannot be moved later",
			Instead: "say BEFORE or AFTER which value it belongs",
		}
	}),
}
