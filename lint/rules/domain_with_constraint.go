package rules

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var domainWithConstraint = lint.Rule{
	ID: "domain-with-constraint", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{"squawk/ban-create-domain-with-constraint"},
	Docs: []lint.Doc{{
		Servers:   onPostgres,
		Title:     "A domain's constraint is hard to change",
		Condition: "A domain is made with NOT NULL or CHECK.",
		Effect: "A stricter one later reads every table that has a column of the domain while their writes wait; and NOT NULL of a domain does " +
			"not hold for what an outer join makes of it.",
		Workaround: "The plain type, and a CHECK of each column: it is added NOT VALID and validated while the table is in use.",
	}},
	Check: changes(func(p *lint.Pass, change dialects.Change) lint.Finding {
		c, ok := change.(dialects.CreateObject)
		if !ok || c.Kind != dialects.Domain {
			return lint.Finding{}
		}
		text := strings.ToUpper(strings.Join(strings.Fields(c.Definition), " "))
		if !strings.Contains(text, "CHECK (") && !strings.Contains(text, "CHECK(") && !strings.Contains(text, "NOT NULL") {
			return lint.Finding{}
		}
		return lint.Finding{
			Message: fmt.Sprintf("domain %s is made with a constraint", p.Catalog.Resolve(c.Object)),
			Why:     "to change it later reads every table that has a column of the domain while writes to them wait",
			Instead: "the plain type, and a CHECK of each column",
		}
	}),
}
