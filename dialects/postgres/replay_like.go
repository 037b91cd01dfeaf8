package postgres

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

// copyColumns gives a new table the columns of a LIKE, which brings no more than was asked for.
func (r replayer) copyColumns(t *dialects.Table, like dialects.LikeTable) {
	source := r.Table(like.Table)
	if source == nil {
		return
	}
	has := func(part string) bool { return slices.Contains(like.Including, part) }
	for _, column := range source.Columns {
		copied := *column
		copied.Sequence, copied.Grants, copied.Options, copied.StatsTarget = nil, nil, nil, -1
		if !has("defaults") {
			copied.Default = ""
		}
		if !has("generated") {
			copied.Generated = ""
		}
		if !has("identity") {
			copied.Identity = ""
		}
		if !has("comments") {
			copied.Comment = ""
		}
		if !has("storage") {
			copied.Storage = ""
		}
		if !has("compression") {
			copied.Compression = ""
		}
		t.Columns = append(t.Columns, &copied)
	}
}

// copyParts gives a new table the constraints, indexes and statistics of a LIKE.
func (r replayer) copyParts(t *dialects.Table, like dialects.LikeTable) {
	source := r.Table(like.Table)
	if source == nil {
		return
	}
	has := func(part string) bool { return slices.Contains(like.Including, part) }
	for _, con := range source.Constraints {
		copied := *con
		copied.Inherited, copied.NotValid, copied.Columns = false, false, slices.Clone(con.Columns)
		if !has("comments") {
			copied.Comment = ""
		}
		switch con.Kind {
		case dialects.Check:
			if has("constraints") {
				r.putConstraint(t, copied)
			}
		case dialects.PrimaryKey, dialects.Unique, dialects.Exclusion:
			if has("indexes") {
				copied.Name = ""
				r.putConstraint(t, copied)
			}
		}
	}
	if !has("indexes") {
		return
	}
	for _, index := range source.Indexes {
		if node, err := parseOne(index.Definition); err == nil && index.Constraint == "" {
			s := node.GetIndexStmt()
			s.Idxname = ""
			r.putIndex(t, s, "idx")
		}
	}
}
