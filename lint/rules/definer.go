package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var definer = lint.Rule{
	ID: "definer", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"skeema/definer"},
	Docs: []lint.Doc{{
		Servers:   onMySQL,
		Title:     "A view or stored program belongs to an account that is named in the file",
		Condition: "CREATE or ALTER of a view, trigger, routine or event has DEFINER = an account, other than CURRENT_USER.",
		Effect: "It runs with that account's rights. Where there is no such account, as on a restored database or once a person " +
			"has left, every use of it fails (1449); and who runs the migration needs a special privilege to name another.",
		Workaround: "Leave DEFINER out: then it belongs to the account that runs migrations, which is there wherever they run.",
	}},
	Check: written(dialects.Definer, func(_ *lint.Pass, t dialects.Trait) lint.Finding {
		return lint.Finding{
			Message: fmt.Sprintf("the statement names %s as the definer", t.Detail),
			Why:     "where there is no such account every use of what it makes fails",
			Instead: "leave DEFINER out",
		}
	}),
}
