package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var noRoutine = lint.Rule{
	ID: "no-routine", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"skeema/has-routine", "bytebase/SYSTEM_PROCEDURE_DISALLOW_CREATE", "bytebase/SYSTEM_FUNCTION_DISALLOW_CREATE"},
	Docs: []lint.Doc{{
		Title:     "A function or procedure keeps code in the database",
		Condition: "A function or procedure is made.",
		Effect: "There is one version of it for all app versions at once, so it cannot be rolled out step by step; it names columns that no " +
			"check looks into; and the load of its code is on the server that is hardest to make larger.",
		Workaround: "Keep the code in the app.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		c, ok := change.(dialects.CreateObject)
		if !ok || c.Kind != dialects.Function {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s keeps code in the database", p.Catalog.Resolve(c.Object)),
			Why:     "there is one version of it for all app versions at once",
			Instead: "keep the code in the app",
		}
	}),
}
