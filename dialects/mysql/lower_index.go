package mysql

import (
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// The methods of an index.
const (
	btree    = "BTREE"
	hash     = "HASH"
	rtree    = "RTREE"
	fulltext = "FULLTEXT"
	vector   = "VECTOR"
)

func (l *lowerer) lowerCreateIndex(s *astCreateIndex) dialects.Change {
	l.asks(s.LockAlg)
	table := tableName(s.Table)
	i := dialects.Index{
		Name:  dialects.Name{Schema: table.Schema, Name: s.IndexName},
		Parts: l.indexParts(s.IndexPartSpecifications), Unique: s.KeyType == astUniqueIndex, Valid: true, Method: btree,
	}
	switch s.KeyType {
	case astFulltextIndex:
		i.Method = fulltext
	case astSpatialIndex:
		i.Method = rtree
	}
	l.indexOptions(&i, s.IndexOption)
	describeIndex(&i)
	return dialects.CreateIndex{Table: table, Index: i, IfNotExists: s.IfNotExists}
}

// lowerKey lowers an index within a table's definition. Its name may be empty: the server finds one.
func (l *lowerer) lowerKey(n *astConstraint) dialects.Index {
	i := dialects.Index{
		Name: dialects.Name{Name: n.Name}, Parts: l.indexParts(n.Keys), Valid: true, Method: btree,
	}
	switch n.Tp {
	case astPrimaryConstraint:
		i.Name.Name, i.Primary, i.Unique = primary, true, true
	case astUniqueConstraint, astUniqueKey, astUniqueIndexKey:
		i.Unique = true
	case astFulltextConstraint:
		i.Method = fulltext
	}
	l.indexOptions(&i, n.Option)
	describeIndex(&i)
	return i
}

func (l *lowerer) indexParts(specs []*astIndexPart) []dialects.IndexPart {
	var parts []dialects.IndexPart
	for _, s := range specs {
		part := dialects.IndexPart{Descending: s.Desc && l.dialect.descends(), Length: max(0, s.Length)}
		if s.Desc && !part.Descending {
			l.traits.Add(dialects.Ignored, "DESC of an index", 0)
		}
		if s.Expr != nil {
			walk(s.Expr, func(n astNode) bool {
				if e, ok := n.(astExpr); ok {
					if kept, ok := l.noteOf(e); ok {
						part.Expression = kept.text
					}
				}
				return true
			})
		} else {
			part.Column = s.Column.Name.O
		}
		parts = append(parts, part)
	}
	return parts
}

func (l *lowerer) indexOptions(i *dialects.Index, o *astIndexOption) {
	if o == nil {
		return
	}
	if o.Tp == astHashIndex {
		i.Method = hash
	}
	i.Invisible = o.Visibility == astInvisibleIndex
	i.Parser = o.ParserName.O
	if n, ok := l.noted(o.Comment); ok {
		i.Method = n.text
		return
	}
	i.Comment = o.Comment
}

// describeIndex fills in what follows from the parts: Keys, Columns, Expressions, Definition.
func describeIndex(i *dialects.Index) {
	i.Keys, i.Columns, i.Expressions = nil, nil, false
	parts := make([]string, len(i.Parts))
	for n, p := range i.Parts {
		i.Keys = append(i.Keys, p.Column)
		if p.Expression != "" {
			i.Expressions = true
			i.Columns = appendNew(i.Columns, expressionColumns(p.Expression)...)
			parts[n] = "(" + p.Expression + ")"
		} else {
			i.Columns = appendNew(i.Columns, p.Column)
			parts[n] = quote(p.Column)
		}
		if p.Length > 0 {
			parts[n] += "(" + strconv.Itoa(p.Length) + ")"
		}
		if p.Descending {
			parts[n] += " DESC"
		}
	}
	head := "KEY " + quote(i.Name.Name)
	switch {
	case i.Primary:
		head = "PRIMARY KEY"
	case i.Unique:
		head = "UNIQUE " + head
	case i.Method == rtree:
		head = "SPATIAL " + head
	case i.Method == fulltext, i.Method == vector:
		head = i.Method + " " + head
	}
	i.Definition = head + " (" + strings.Join(parts, ",") + ")"
	if i.Method == hash {
		i.Definition += " USING HASH"
	}
	if i.Comment != "" {
		i.Definition += " COMMENT " + quoteLiteral(i.Comment)
	}
	if i.Parser != "" {
		i.Definition += " WITH PARSER " + quote(i.Parser)
	}
}
