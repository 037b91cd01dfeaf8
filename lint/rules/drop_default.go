package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropDefault = lint.Rule{
	ID: "drop-default", Family: dialects.CompatibilityFamily, Severity: lint.Warning,
	Docs: []lint.Doc{{
		Title: "Without its default a NOT NULL column breaks app versions that leave it out",
		Condition: "The default of a NOT NULL column is dropped, or on Postgres its identity, on a table from an earlier migration, and the file does not give it another, " +
			"an identity, or let it be NULL. Where the file itself has added the column, no app version that runs writes it. On Postgres also DROP " +
			"EXPRESSION, which leaves a computed column to its writers.",
		Effect: "Each INSERT of an app version that does not write the column fails (on MySQL and MariaDB in strict mode). Django writes such a pair, " +
			"ADD COLUMN ... DEFAULT and DROP DEFAULT, for every new field.",
		Workaround: "Leave the default in place (Django: db_default), and drop it in a later migration, when every app version writes the column.",
	}},
	Check: func(p *lint.Pass) {
		for _, e := range p.Effects {
			identityDropped(p, e)
			c, ok := e.Change.(dialects.SetDefault)
			if !ok || e.Table != p.Catalog.Resolve(c.Table) {
				continue
			}
			t := p.Catalog.Table(e.Table)
			if c.Default != "" || t == nil || p.Fresh[t.Name] || t.Column(c.Column) == nil {
				continue
			}
			if column := t.Column(c.Column); !column.NotNull || column.Default == "" || filledOtherwise(p, t.Name, c.Column) {
				continue
			}
			f := lint.Finding{
				Table:   e.Table.String(),
				Message: fmt.Sprintf("%s.%s is NOT NULL and loses its default", e.Table, c.Column),
				Why:     fmt.Sprintf("each INSERT of an app version that does not write %s fails", c.Column),
				Instead: "leave the default in place until every app version writes the column",
			}
			if addedAbove(p, t.Name, c.Column) {
				f.Message = fmt.Sprintf("%s.%s is added as NOT NULL, and loses its default in the same file", e.Table, c.Column)
				f.Why = fmt.Sprintf("no app version that runs writes %s: each of their INSERTs fails", c.Column)
			}
			p.Report(f)
		}
	},
}

// identityDropped reports an identity, or an expression, that nothing takes the place of.
func identityDropped(p *lint.Pass, e dialects.Effect) {
	c, ok := e.Change.(dialects.AlterColumn)
	if !ok || e.Table != p.Catalog.Resolve(c.Table) || !inUse(p, e.Table) || addedAbove(p, e.Table, c.Column) {
		return
	}
	was := column(p, e.Table, c.Column)
	switch {
	case c.What == "drop identity" && (was == nil || was.Identity != "") && !filledOtherwise(p, e.Table, c.Column):
		p.Report(lint.Finding{
			Table:   e.Table.String(),
			Message: fmt.Sprintf("%s.%s is no longer numbered, and it is NOT NULL", e.Table, c.Column),
			Why:     fmt.Sprintf("each INSERT of an app version that does not write %s fails", c.Column),
			Instead: "leave the identity until every app version writes the column, or give it a default in the same transaction",
		})
	case c.What == "drop expression" && (was == nil || was.Generated != ""):
		p.Report(lint.Finding{
			Table:   e.Table.String(),
			Message: fmt.Sprintf("%s.%s is no longer computed", e.Table, c.Column),
			Why: fmt.Sprintf("no app version that runs writes %s, which they could not: their rows have nothing in it, "+
				"and stay as they were when what it came from changes", c.Column),
			Instead: "add a plain column, deploy a version that writes it, and drop the computed one when no other version runs",
		})
	}
}

// filledOtherwise reports whether the statement, or one behind it, gives the column a value in another way, or lets it
// have none.
func filledOtherwise(p *lint.Pass, table dialects.Name, column string) bool {
	for _, s := range p.Script.Up[indexOf(p):] {
		for _, change := range s.Changes {
			if p.Catalog.Resolve(change.Target()) != table {
				continue
			}
			switch c := change.(type) {
			case dialects.SetDefault:
				if c.Column == column && c.Default != "" {
					return true
				}
			case dialects.AlterColumn:
				if c.Column == column && c.What == "add identity" {
					return true
				}
			case dialects.DropNotNull:
				if c.Column == column {
					return true
				}
			case dialects.DropColumn:
				if c.Column == column {
					return true
				}
			}
		}
	}
	return false
}
