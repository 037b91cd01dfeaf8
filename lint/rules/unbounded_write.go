package rules

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var unboundedWrite = lint.Rule{
	ID: "unbounded-write", Family: dialects.LockFamily, Severity: lint.Error,
	Peers: []string{"strong_migrations/change_column_null", "bytebase/STATEMENT_WHERE_REQUIRE_UPDATE_DELETE"},
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "An UPDATE or DELETE of every row holds all of them locked until it commits",
		Condition: "A migration updates or deletes rows of a table from an earlier migration with no WHERE that keeps any out (true and " +
			"1 = 1 do not), or locks them by SELECT ... FOR UPDATE. As a warning: an UPDATE ... FROM, DELETE ... USING or MERGE that " +
			"nothing bounds but the join with another table in use, INSERT ... SELECT of every row of one into another, and an UPDATE that " +
			"fills a column wherever it IS NULL and asks for nothing else; an error where the file has just added it.",
		Effect: "Each row stays locked until the migration commits, so every app that writes one of them waits. The table doubles " +
			"in size until it is vacuumed, and replicas fall behind. What is copied locks nobody out, but is one long transaction, " +
			"behind which nothing is vacuumed.",
		Workaround: "Work in batches of some thousand rows, each in a transaction of its own, outside of the migration. To fill a " +
			"new column for a rename, let segue do it: it copies in batches and waits for the replicas.",
	}, {
		Servers: onMySQL,
		Title:   "An UPDATE or DELETE of every row holds all of them locked until it commits",
		Condition: "A migration updates or deletes rows of a table from an earlier migration with neither LIMIT nor a WHERE " +
			"that keeps any out (1 = 1 does not); INSERT, REPLACE or CREATE TABLE ... SELECT takes every row of one; or SELECT ... " +
			"FOR UPDATE or FOR SHARE locks every row of one. Where nothing but a join keeps rows out it is a warning, and so is an UPDATE " +
			"that fills a column wherever it IS NULL and asks for nothing else; an error where the file has just added it.",
		Effect: "Each row stays locked until the statement is through, so every app that writes one of them waits. The undo " +
			"log grows by the whole table, and replicas fall behind: they start when it has committed.",
		Workaround: "Work in batches of some thousand rows by primary key, each in a transaction of its own, outside of the " +
			"migration. To fill a new column for a rename, let segue do it: it copies in batches and waits for the " +
			"replicas.",
	}},
	Check: func(p *lint.Pass) {
		everyRow(p)
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.WriteData)
			if ok && c.Unfilled != "" {
				fillsEveryRow(p, c)
			}
			joins := c.Kind == dialects.Update || c.Kind == dialects.Delete
			if !ok || hasMetadataLocks(p) && !joins || c.Whole.Name == "" || !inUse(p, c.Table) || !inUse(p, c.Whole) {
				continue
			}
			table, whole := p.Catalog.Resolve(c.Table), p.Catalog.Resolve(c.Whole)
			f := lint.Finding{
				Severity: lint.Warning, Table: table.String(), Over: &dialects.Effect{Table: table, Change: c},
				Message: fmt.Sprintf("%s of every row of %s that has a partner in %s, in one transaction", c.Kind, table, whole),
				Why:     "nothing but the join keeps rows out: those that it meets stay locked until the transaction ends",
				Instead: "work in batches by primary key, each in a transaction of its own, outside of the migration",
			}
			if c.Kind == dialects.Insert {
				f.Over.Table = whole
				f.Message = fmt.Sprintf("every row of %s is copied to %s in one transaction", whole, table)
				f.Why = "it takes as long as the table is large: nothing is vacuumed behind it, and replicas fall behind"
			}
			p.Report(f)
		}
	},
}

// fillsEveryRow reports an UPDATE of a column wherever it is NULL, where nobody knows how often that is.
func fillsEveryRow(p *lint.Pass, c dialects.WriteData) {
	table := p.Catalog.Resolve(c.Table)
	was := column(p, table, c.Unfilled)
	for range p.Hazards("unbounded-write") { // it is known already, and an error
		return
	}
	added, isNew := dialects.ColumnAdded(p.Catalog, p.Script.Up, p.Statement.Start, table, c.Unfilled)
	filled := isNew && added.Column.Default != "" && !added.IfNotExists
	if !inUse(p, table) || filled || was != nil && was.NotNull {
		return
	}
	p.Report(lint.Finding{
		Severity: lint.Warning, Table: table.String(), Over: &dialects.Effect{Table: table, Change: c},
		Message: fmt.Sprintf("update of every row of %s that has no %s yet, in one transaction", table, c.Unfilled),
		Why:     "each row that it fills stays locked until it commits, and nobody says how many there are",
		Instead: "work in batches, each in a transaction of its own, outside of the migration",
	})
}

var everyRow = hazards("unbounded-write", func(_ *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
	what := "writing"
	switch c := e.Change.(type) {
	case dialects.CreateTable:
		what = "copying"
	case dialects.WriteData:
		what = string(c.Kind)
		switch {
		case c.Kind == dialects.Select:
			what = "locking"
		case c.Whole.Name != "":
			what = "copying"
		}
	}
	return lint.Finding{
		Message: fmt.Sprintf("%s of every row of %s in one transaction", what, e.Table),
		Why:     h.Detail,
		Instead: "work in batches, each in a transaction of its own, outside of the migration",
	}
})
