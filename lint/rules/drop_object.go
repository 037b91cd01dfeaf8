package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropObject = lint.Rule{
	ID: "drop-object", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Dropping a view, function, type, sequence or extension breaks every app version that uses it",
		Condition: "A view, materialized view, function, procedure, type, domain, sequence or extension from an earlier migration is dropped, " +
			"and the transaction makes none of that name. A trigger's function and a column's own sequence are no app's to use.",
		Effect: "Each query of an app version that names it fails from that moment on.",
		Workaround: "First deploy a version that does not use it. When no other version runs, drop it, and say so: -- segue:allow " +
			"drop-object REASON. To put another in its place, make that in the same transaction, or by CREATE OR REPLACE.",
	}},
	Check: hazards("drop-object", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Why:     h.Detail,
			Instead: "first deploy a version that does not use it; drop it when no other one runs",
		}
		if c, ok := e.Change.(dialects.DropObject); ok {
			f.Message = fmt.Sprintf("%s %s is dropped while apps may be using it", c.Kind, c.Object)
		}
		return f
	}),
}
