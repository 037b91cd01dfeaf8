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
			"EXPRESSION, which leaves a computed column to its writers. On MySQL and MariaDB MODIFY and CHANGE drop what they do not say again: a " +
			"default, AUTO_INCREMENT, an expression, ON UPDATE.",
		Effect: "Each INSERT of an app version that does not write the column fails (on MySQL and MariaDB in strict mode). Django writes such a pair, " +
			"ADD COLUMN ... DEFAULT and DROP DEFAULT, for every new field.",
		Workaround: "Leave the default in place (Django: db_default), and drop it in a later migration, when every app version writes the column.",
	}},
	Check: func(p *lint.Pass) {
		for change := range columnChanges(p) {
			switch c := change.(type) {
			case dialects.SetDefault:
				defaultDropped(p, c)
			case dialects.AlterColumn:
				fillerDropped(p, c)
			}
		}
	},
}

func defaultDropped(p *lint.Pass, c dialects.SetDefault) {
	table := p.Catalog.Resolve(c.Table)
	was := column(p, table, c.Column)
	added, isNew := dialects.ColumnAdded(p.Catalog, p.Script.Up, p.Statement.Start, table, c.Column)
	if was == nil && isNew { // of a table that no migration made
		was = &added.Column
	}
	if c.Default != "" || p.Fresh[table] || was == nil || !was.NotNull || was.Default == "" || filledOtherwise(p, table, c.Column) {
		return
	}
	f := lint.Finding{
		Table:   table.String(),
		Message: fmt.Sprintf("%s.%s is NOT NULL and loses its default", table, c.Column),
		Why:     fmt.Sprintf("each INSERT of an app version that does not write %s fails", c.Column),
		Instead: "leave the default in place until every app version writes the column",
	}
	if isNew {
		f.Message = fmt.Sprintf("%s.%s is added as NOT NULL, and loses its default in the same file", table, c.Column)
		f.Why = fmt.Sprintf("no app version that runs writes %s: each of their INSERTs fails", c.Column)
	}
	p.Report(f)
}

// fillerDropped reports an identity, an expression, or an ON UPDATE, that nothing takes the place of.
func fillerDropped(p *lint.Pass, c dialects.AlterColumn) {
	table := p.Catalog.Resolve(c.Table)
	if !inUse(p, table) || addedAbove(p, table, c.Column) {
		return
	}
	f := lint.Finding{Table: table.String()}
	was := column(p, table, c.Column)
	switch {
	case c.What == "drop identity" && (was == nil || was.Identity != "") && !filledOtherwise(p, table, c.Column):
		f.Message = fmt.Sprintf("%s.%s is no longer numbered, and it is NOT NULL", table, c.Column)
		f.Why = fmt.Sprintf("each INSERT of an app version that does not write %s fails", c.Column)
		f.Instead = "leave the identity until every app version writes the column, or give it a default in the same transaction"
		if hasMetadataLocks(p) {
			f.Instead = "write AUTO_INCREMENT again: the definition takes the place of the whole old one"
		}
	case c.What == "drop expression" && (was == nil || was.Generated != ""):
		f.Message = fmt.Sprintf("%s.%s is no longer computed", table, c.Column)
		f.Why = fmt.Sprintf("no app version that runs writes %s, which they could not: their rows have nothing in it, "+
			"and stay as they were when what it came from changes", c.Column)
		f.Instead = "add a plain column, deploy a version that writes it, and drop the computed one when no other version runs"
	case c.What == "drop on update":
		f.Message = fmt.Sprintf("%s.%s is no longer set by each UPDATE", table, c.Column)
		f.Why = fmt.Sprintf("app versions that leave that to the server do not write %s: it stays as it is", c.Column)
		f.Instead = "write ON UPDATE again: the definition takes the place of the whole old one"
	default:
		return
	}
	p.Report(f)
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
			case dialects.RedefineColumn:
				mayBeNull := !c.To.NotNull && !inPrimaryKey(p, table, column)
				if same(p, c.Column, column) && (c.To.Default != "" || c.To.Identity != "" || mayBeNull) {
					return true
				}
			}
		}
	}
	return false
}
