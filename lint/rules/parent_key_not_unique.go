package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var parentKeyNotUnique = lint.Rule{
	ID: "parent-key-not-unique", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Peers: []string{"skeema/fk-parent"},
	Docs: []lint.Doc{{
		Servers: onMySQL,
		Title:   "A foreign key refers to columns that may be the same in several rows",
		Condition: "A foreign key, of a new table too, refers to columns that an index starts with but that are no unique key, on MariaDB or " +
			"on MySQL before 8.4. (From 8.4 on MySQL refuses it: foreign-key-refused.)",
		Effect: "A row then has several parents, and what deleting one of them does is not defined by the standard. On MySQL 8.4 and later " +
			"the schema cannot be loaded while restrict_fk_on_non_standard_key is on, as it is unless somebody turns it off.",
		Workaround: "Add a unique key on the very columns first, or refer to the primary key.",
	}},
	Check: func(p *lint.Pass) {
		for _, e := range p.Effects {
			for _, con := range foreignKeysOf(e.Change) {
				parent := p.Catalog.Table(*con.References)
				if parent == nil || slices.ContainsFunc(e.Hazards, func(h dialects.Hazard) bool { return h.ID == "foreign-key-refused" }) {
					continue
				}
				served, unique := false, false
				for _, i := range parent.Indexes {
					served = served || startsWith(i.Keys, con.ReferencedColumns)
					unique = unique || i.Unique && len(i.Keys) == len(con.ReferencedColumns) && startsWith(i.Keys, con.ReferencedColumns)
				}
				if !served || unique {
					continue
				}
				columns := strings.Join(con.ReferencedColumns, ", ")
				p.Report(lint.Finding{
					Table:   e.Table.String(),
					Message: fmt.Sprintf("a foreign key refers to (%s) of %s, which is no unique key", columns, parent.Name),
					Why:     "a row may then have several parents; MySQL refuses such a foreign key from 8.4 on",
					Instead: fmt.Sprintf("add a unique key on (%s) of %s first, or refer to its primary key", columns, parent.Name),
				})
			}
		}
	},
}

// foreignKeysOf are the foreign keys that a change makes.
func foreignKeysOf(change dialects.Change) []dialects.Constraint {
	var all []dialects.Constraint
	switch c := change.(type) {
	case dialects.AddForeignKey:
		all = []dialects.Constraint{c.Constraint}
	case dialects.AddColumn:
		all = c.Constraints
	case dialects.CreateTable:
		all = c.Constraints
	}
	return slices.DeleteFunc(slices.Clone(all), func(con dialects.Constraint) bool {
		return con.Kind != dialects.ForeignKey || con.References == nil
	})
}
