package postgres

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

func lowerCreateIndex(s *astIndexStmt) dialects.Change {
	return dialects.CreateIndex{
		Table:        rangeName(s.Relation),
		Index:        lowerIndex(s),
		Concurrently: s.Concurrent,
		IfNotExists:  s.IfNotExists,
		Only:         !s.Relation.GetInh(),
	}
}

// lowerIndex describes an index. Its name may be empty; its schema is that of the table.
func lowerIndex(s *astIndexStmt) dialects.Index {
	index := dialects.Index{
		Name:   dialects.Name{Schema: s.Relation.GetSchemaname(), Name: s.Idxname},
		Method: s.AccessMethod, Unique: s.Unique, Primary: s.Primary,
		Partial: s.WhereClause != nil, Valid: true, NullsNotDistinct: s.NullsNotDistinct,
		Definition: indexText(s),
	}
	for _, n := range s.IndexParams {
		name := n.GetIndexElem().GetName()
		index.Keys = append(index.Keys, name)
		index.Expressions = index.Expressions || name == ""
		index.Columns = appendNew(index.Columns, elemColumns(n)...)
	}
	for _, n := range s.IndexIncludingParams {
		index.Columns = appendNew(index.Columns, elemColumns(n)...)
	}
	index.Columns = appendNew(index.Columns, columnNames(s.WhereClause)...)
	return index
}

// elemColumns are the columns that one element of an index names.
func elemColumns(n *astNode) []string {
	elem := n.GetIndexElem()
	if elem.GetName() != "" {
		return []string{elem.Name}
	}
	return columnNames(elem.GetExpr())
}

// indexText is the whole CREATE INDEX, without what only says how it is run.
func indexText(s *astIndexStmt) string {
	if text, plain := plainIndex(s); plain {
		return text
	}
	text, err := deparse(wrap(s))
	if err != nil {
		return ""
	}
	text = strings.TrimPrefix(text, indexHead(s))
	text = strings.TrimPrefix(text, "CONCURRENTLY ")
	return indexHead(s) + strings.TrimPrefix(text, "IF NOT EXISTS ")
}
