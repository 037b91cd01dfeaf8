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
		Condition: "Row security is enabled, or forced upon the owner, on a table from an earlier migration that has no policy, or of which no " +
			"migration tells, and the transaction makes none; or the last policy of a table whose row security is enabled is dropped.",
		Effect: "Where no policy lets a row pass nobody sees it and nobody may write it, without an error on reading: apps find an empty table. " +
			"Only the owner (unless it is forced), superusers and roles with BYPASSRLS are spared.",
		Workaround: "CREATE POLICY first, for every role that apps connect as, in the same transaction or before.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			lastPolicyDropped(p, change)
			c, ok := change.(dialects.AlterTable)
			if !ok || c.What != "enable row security" && c.What != "force row security" || !inUse(p, c.Table) || hasPolicy(p, c.Table) {
				continue
			}
			table := p.Catalog.Resolve(c.Table)
			message := fmt.Sprintf("row security hides every row of %s: it has no policy", table)
			if p.Catalog.Table(table) == nil {
				message = fmt.Sprintf("row security hides every row of %s that no policy shows, and nothing is known of one", table)
			}
			p.Report(lint.Finding{
				Table:   table.String(),
				Message: message,
				Why:     "apps that do not connect as its owner find an empty table, and their writes fail",
				Instead: "CREATE POLICY for every role that apps connect as, in the same transaction or before",
			})
		}
	},
}

// lastPolicyDropped reports a table that keeps its row security and loses the last of its policies.
func lastPolicyDropped(p *lint.Pass, change dialects.Change) {
	c, ok := change.(dialects.DropObject)
	if !ok || c.Kind != dialects.Policy || !inUse(p, c.Table) || makesPolicy(p, c.Table) {
		return
	}
	table := p.Catalog.Resolve(c.Table)
	t := p.Catalog.Table(table)
	switch {
	case t == nil && (!c.IfExists || !p.Catalog.Whole()):
	case t == nil || !t.RowSecurity || len(t.Policies) != 1 || t.Policies[0].Name != c.Object.Name:
		return
	}
	p.Report(lint.Finding{
		Table:   table.String(),
		Message: fmt.Sprintf("rows of %s that only policy %s showed are hidden", table, c.Object.Name),
		Why:     "apps that do not connect as its owner find an empty table, or one with less in it, and no error tells them",
		Instead: "CREATE POLICY what takes its place in the same transaction, or DISABLE ROW LEVEL SECURITY first",
	})
}

// hasPolicy reports whether a table is known to have a policy, or gets one in the statement's transaction.
func hasPolicy(p *lint.Pass, table dialects.Name) bool {
	if t := p.Catalog.Table(table); t != nil && len(t.Policies) > 0 {
		return true
	}
	return makesPolicy(p, table)
}

// makesPolicy reports whether the statement's transaction makes a policy of the table.
func makesPolicy(p *lint.Pass, table dialects.Name) bool {
	for i, s := range p.Script.Up {
		for _, change := range s.Changes {
			c, ok := change.(dialects.CreateObject)
			if ok && c.Kind == dialects.Policy && p.Catalog.Resolve(c.Table) == p.Catalog.Resolve(table) && p.Placed[i].Unit == unitOf(p) {
				return true
			}
		}
	}
	return false
}
