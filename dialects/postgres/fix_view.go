package postgres

import (
	"github.com/segue-db/segue/dialects"
)

// refresh fills a materialized view beside its readers, which it needs a unique index for, and rows.
// https://www.postgresql.org/docs/18/sql-refreshmaterializedview.html
func (f *fixer) refresh(node *astRefreshMatViewStmt) {
	name := f.Resolve(rangeName(node.Relation))
	view := f.Objects[dialects.ObjectKey{Kind: dialects.MaterializedView, Name: name}]
	if !f.wants(tableRewrite) || node.Concurrent || node.SkipData || view == nil || view.Empty || len(view.Keys) == 0 ||
		!f.script.is(0, "REFRESH", "MATERIALIZED", "VIEW") {
		return
	}
	f.cure(tableRewrite, "refresh the view CONCURRENTLY")
	f.add(dialects.Together, lowerWords("refresh", name.Name), f.inserting(2, "CONCURRENTLY"))
}
