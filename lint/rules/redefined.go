package rules

import (
	"iter"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// columnChanges are what the statement does to tables, MODIFY and CHANGE of the MySQL family taken apart: they write a
// column's whole definition anew, and what it leaves out is gone.
func columnChanges(p *lint.Pass) iter.Seq[dialects.Change] {
	return func(yield func(dialects.Change) bool) {
		if !hasMetadataLocks(p) {
			for _, e := range p.Effects {
				if e.Change != nil && e.Table == p.Catalog.Resolve(e.Change.Target()) && !yield(e.Change) {
					return
				}
			}
			return
		}
		for _, change := range p.Statement.Changes {
			parts := []dialects.Change{change}
			if c, ok := change.(dialects.RedefineColumn); ok {
				parts = redefined(p, c)
			}
			for _, part := range parts {
				if !yield(part) {
					return
				}
			}
		}
	}
}

// redefined is what a new definition changes of NULL, of the default, and of what else fills a column.
func redefined(p *lint.Pass, c dialects.RedefineColumn) []dialects.Change {
	was, to := column(p, c.Table, c.Column), c.To
	if was == nil {
		return nil
	}
	var parts []dialects.Change
	without := func(what string) {
		parts = append(parts, dialects.AlterColumn{Table: c.Table, Column: c.Column, What: what})
	}
	notNull := to.NotNull || inPrimaryKey(p, c.Table, was.Name)
	if was.NotNull && !notNull {
		parts = append(parts, dialects.DropNotNull{Table: c.Table, Column: c.Column})
	}
	if was.Default != to.Default && (to.Default != "" || notNull) {
		parts = append(parts, dialects.SetDefault{Table: c.Table, Column: c.Column, Default: to.Default})
	}
	if was.Identity != "" && to.Identity == "" {
		without("drop identity")
	}
	if was.Generated != "" && to.Generated == "" {
		without("drop expression")
	}
	if was.OnUpdate != "" && to.OnUpdate == "" {
		without("drop on update")
	}
	return parts
}

func inPrimaryKey(p *lint.Pass, table dialects.Name, column string) bool {
	t := p.Catalog.Table(table)
	return t != nil && slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool {
		return i.Primary && slices.ContainsFunc(i.Columns, func(c string) bool { return same(p, c, column) })
	})
}
