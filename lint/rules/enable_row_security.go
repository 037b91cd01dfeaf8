package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var enableRowSecurity = lint.Rule{
	ID: "enable-row-security", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Row security without a policy hides every row",
		Condition: "Row security is enabled on a table from an earlier migration that has no policy, and the transaction makes none; or it is " +
			"forced upon the table's owner.",
		Effect: "Where no policy lets a row pass nobody sees it and nobody may write it, without an error on reading: apps find an empty table. " +
			"Only the owner (unless it is forced), superusers and roles with BYPASSRLS are spared.",
		Workaround: "CREATE POLICY first, for every role that apps connect as, in the same transaction or before.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.AlterTable)
			if !ok || c.What != "enable row security" && c.What != "force row security" || !inUse(p, c.Table) || hasPolicy(p, c.Table) {
				continue
			}
			table := p.Catalog.Resolve(c.Table)
			p.Report(lint.Finding{
				Table:   table.String(),
				Message: fmt.Sprintf("row security hides every row of %s: it has no policy", table),
				Why:     "apps that do not connect as its owner find an empty table, and their writes fail",
				Instead: "CREATE POLICY for every role that apps connect as, in the same transaction or before",
			})
		}
	},
}

// hasPolicy reports whether a table has a policy, or gets one in the statement's transaction. Of a table that no
// file made nothing is known.
func hasPolicy(p *lint.Pass, table dialects.Name) bool {
	t := p.Catalog.Table(table)
	if t == nil || len(t.Policies) > 0 {
		return true
	}
	for i, s := range p.Script.Up {
		for _, change := range s.Changes {
			c, ok := change.(dialects.CreateObject)
			if ok && c.Kind == dialects.Policy && p.Catalog.Resolve(c.Table) == t.Name && p.Placed[i].Unit == unitOf(p) {
				return true
			}
		}
	}
	return false
}
