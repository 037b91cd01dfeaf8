package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var noView = lint.Rule{
	ID: "no-view", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"bytebase/SYSTEM_VIEW_DISALLOW_CREATE"},
	Docs: []lint.Doc{{
		Title:     "A view ties tables down",
		Condition: "A view or a materialized view is made.",
		Effect: "The columns that it names cannot be dropped, and on Postgres not be given another type, while it is there; on MySQL and " +
			"MariaDB they can, and the view fails from then on. What a query of it costs is not seen from the query.",
		Workaround: "Write the query where it is used.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		c, ok := change.(dialects.CreateObject)
		if !ok || c.Kind != dialects.View && c.Kind != dialects.MaterializedView {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("%s is made as a %s", p.Catalog.Resolve(c.Object), c.Kind),
			Why:     "it ties the tables and columns that it names down",
			Instead: "write the query where it is used",
		}
	}),
}
