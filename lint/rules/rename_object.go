package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var renameObject = lint.Rule{
	ID: "rename-object", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Peers: []string{"strong_migrations/rename_enum_value"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Renaming a type, enum value, function or sequence breaks every app version that uses the old name",
		Condition: "A type, domain, enum value, attribute, function or sequence gets another name or moves to another schema; or a database " +
			"gets another name.",
		Effect: "Each query of an app version that names it fails from that moment on. A renamed enum value is worse: the app reads " +
			"a value that it does not know.",
		Workaround: "Add the new one beside the old one, move the apps over, and drop the old one when no version uses it. An old " +
			"enum value can stay unused.",
	}},
	Check: hazards("rename-object", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
		f := lint.Finding{
			Message: fmt.Sprintf("%s is renamed while apps may be using it", e.Change.Target()),
			Why:     h.Detail,
			Instead: "add the new one beside it, and drop the old one once no app version uses it",
		}
		if c, ok := e.Change.(dialects.AlterObject); ok {
			f.Message = fmt.Sprintf("%s %s is renamed or moved while apps may be using it", c.Kind, c.Object)
			if c.Kind == dialects.DatabaseObject {
				f.Instead = "keep its name"
			}
			if c.What == "rename value" {
				f.Message = fmt.Sprintf("value %s of enum %s is renamed while apps may be using it", c.Value, c.Object)
				f.Instead = "add the new value, let every app version read both, update the rows in batches, and leave the old one unused"
			}
		}
		return f
	}),
}
