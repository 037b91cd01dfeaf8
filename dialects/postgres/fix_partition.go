package postgres

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

// detach detaches beside the traffic, which 14 and later can where there is no default partition. The server leaves a
// CHECK of the bound on what was the partition (seen on 14 to 18; none on one by hash): it is dropped, so that the schema
// ends the same.
// https://www.postgresql.org/docs/18/sql-altertable.html
func (a *alterFixer) detach(i int, part *astPartitionCmd) {
	name := rangeName(part.Name)
	t := a.Table(name)
	if !a.wants(detachPartitionNotConcurrent) || part.Concurrent || !a.version().AtLeast(14, 0) || a.table == nil || a.table.Partition == nil ||
		t == nil || len(a.subs) > 1 || (judge{Catalog: a.Catalog}).defaultPartition(a.name) != nil {
		return
	}
	a.insert(a.subs[i].hi-1, " CONCURRENTLY")
	a.apart = dialects.Outside
	if a.table.Partition.Strategy != "hash" {
		check := dialects.Constraint{Kind: dialects.Check}
		if key := a.table.Partition; len(key.Columns) == 1 && len(key.Expressions) == 0 {
			check.Columns = slices.Clone(key.Columns)
		}
		written := a.script.text(a.subs[i].lo+2, a.subs[i].hi)
		a.follow(lowerWords("detach", t.Name.Name), "-- Detached concurrently it keeps its bound as a CHECK.\nALTER TABLE "+written+
			" DROP CONSTRAINT IF EXISTS "+quote(constraintName(a.Catalog, t, check)))
	}
	a.cure(detachPartitionNotConcurrent, "detach the partition CONCURRENTLY")
}
