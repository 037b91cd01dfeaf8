package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var collationMayCollide = lint.Rule{
	ID: "collation-may-collide", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "Values of a unique key may become equal in another collation",
		Condition: "CONVERT TO CHARACTER SET, MODIFY or CHANGE gives a column that a primary key or unique index of a table from an earlier " +
			"migration has another collation, and not one that compares by the bytes (_bin).",
		Effect: "What differed by case, accent or trailing space may be the same from then on. If two rows are, the statement fails with a " +
			"duplicate at the end of the whole copy; and app versions find, join and refuse other rows than before.",
		Workaround: "Look for values that are equal in the new collation first: SELECT v COLLATE new, COUNT(*) ... GROUP BY 1 HAVING COUNT(*) > 1. " +
			"Or keep the column's collation, and name it.",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			switch c := change.(type) {
			case dialects.RedefineColumn:
			case dialects.AlterTable:
				if c.What != "convert charset" {
					continue
				}
			default:
				continue
			}
			if t := p.Catalog.Table(change.Target()); t != nil && inUse(p, t.Name) {
				collisions(p, t)
			}
			return
		}
	},
}

// collisions compares a table with what the statement makes of it.
func collisions(p *lint.Pass, t *dialects.Table) {
	after := *p.Catalog
	after.Tables = map[dialects.Name]*dialects.Table{t.Name: t.Clone()}
	p.Dialect.Replay(&after, p.Statement.Statement)
	changed := after.Tables[t.Name]
	if changed == nil || len(changed.Columns) != len(t.Columns) {
		return
	}
	for _, c := range t.Columns {
		to := changed.Column(c.Name)
		if to == nil || c.Collation.Name == "" || to.Collation.Name == "" || c.Collation == to.Collation || strings.HasSuffix(to.Collation.Name, "_bin") {
			continue
		}
		for _, i := range t.Indexes {
			if !i.Unique || !slices.ContainsFunc(i.Columns, func(name string) bool { return strings.EqualFold(name, c.Name) }) {
				continue
			}
			p.Report(lint.Finding{
				Table:   t.Name.String(),
				Message: fmt.Sprintf("values of %s.%s may become equal in %s, and %s is unique", t.Name, c.Name, to.Collation.Name, i.Name.Name),
				Why: fmt.Sprintf("it is %s so far; if two rows are the same in the new one the statement fails at its end, and apps find and "+
					"refuse other rows than before", c.Collation.Name),
				Instead: fmt.Sprintf("look for such values first: GROUP BY %s COLLATE %s HAVING COUNT(*) > 1; or keep the column's collation", c.Name, to.Collation.Name),
			})
			break
		}
	}
}
