package postgres

import (
	"strconv"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func lowerCreateTable(s *astCreateStmt) dialects.Change {
	c := dialects.CreateTable{
		Table:       rangeName(s.Relation),
		Temporary:   isTemporary(s.Relation),
		Unlogged:    s.Relation.GetRelpersistence() == "u",
		IfNotExists: s.IfNotExists,
		Bound:       boundText(s.Partbound),
		Partition:   lowerPartitionKey(s.Partspec),
		AsQuery:     s.OfTypename != nil,
	}
	for _, n := range s.TableElts {
		switch e := unwrap(n).(type) {
		case *astColumnDef:
			column, constraints := lowerColumn(e)
			c.Columns = append(c.Columns, column)
			c.Constraints = append(c.Constraints, constraints...)
		case *astConstraint:
			c.Constraints = append(c.Constraints, lowerConstraint(e, ""))
		case *astTableLikeClause:
			c.Like = append(c.Like, dialects.LikeTable{
				Table: rangeName(e.Relation), Including: likeOptions(e.Options), At: len(c.Columns),
			})
		}
	}
	for _, n := range s.Constraints {
		c.Constraints = append(c.Constraints, lowerConstraint(n.GetConstraint(), ""))
	}
	for _, n := range s.InhRelations {
		parent := rangeName(n.GetRangeVar())
		if s.Partbound != nil {
			c.PartitionOf = &parent
		} else {
			c.Inherits = append(c.Inherits, parent)
		}
	}
	return c
}

func lowerCreateTableAs(into *astIntoClause, query *astNode, ifNotExists bool) dialects.Change {
	c := dialects.CreateTable{
		Table: rangeName(into.Rel), Temporary: isTemporary(into.Rel),
		Unlogged: into.Rel.GetRelpersistence() == "u", IfNotExists: ifNotExists, AsQuery: true,
	}
	for _, n := range tablesRead(query) {
		if n != c.Table && !into.SkipData { // SELECT INTO names it too
			c.Reads = append(c.Reads, n)
		}
	}
	return c
}

func isTemporary(r *astRangeVar) bool {
	return r.GetRelpersistence() == "t" || strings.HasPrefix(r.GetSchemaname(), "pg_temp")
}

// likeParts are the bits of LIKE's options. Source: TableLikeOption in src/include/nodes/parsenodes.h.
var likeParts = []string{
	"comments", "compression", "constraints", "defaults", "generated", "identity", "indexes",
	"statistics", "storage",
}

func likeOptions(bits uint32) []string {
	var parts []string
	for i, part := range likeParts {
		if bits&(1<<i) != 0 {
			parts = append(parts, part)
		}
	}
	return parts
}

func lowerPartitionKey(s *astPartitionSpec) *dialects.PartitionKey {
	if s == nil {
		return nil
	}
	key := &dialects.PartitionKey{
		Strategy: strings.ToLower(strings.TrimPrefix(s.Strategy.String(), "PARTITION_STRATEGY_")),
	}
	for _, n := range s.PartParams {
		elem := n.GetPartitionElem()
		if elem.Name != "" {
			key.Columns = append(key.Columns, elem.Name)
		} else {
			key.Expressions = append(key.Expressions, expressionText(elem.Expr))
		}
	}
	return key
}

// boundText is a partition's bound as the server prints it: FOR VALUES ..., or DEFAULT.
func boundText(b *astPartitionBoundSpec) string {
	if b == nil {
		return ""
	}
	list := func(items []*astNode) string {
		words := make([]string, len(items))
		for i, item := range items {
			words[i] = boundDatum(item)
		}
		return "(" + strings.Join(words, ", ") + ")"
	}
	switch {
	case b.IsDefault:
		return "DEFAULT"
	case b.Strategy == "h":
		return "FOR VALUES WITH (modulus " + strconv.Itoa(int(b.Modulus)) + ", remainder " + strconv.Itoa(int(b.Remainder)) + ")"
	case b.Strategy == "l":
		return "FOR VALUES IN " + list(b.Listdatums)
	}
	return "FOR VALUES FROM " + list(b.Lowerdatums) + " TO " + list(b.Upperdatums)
}

// boundDatum writes one value; MINVALUE and MAXVALUE are columns to the parser.
func boundDatum(n *astNode) string {
	if words := texts(n.GetColumnRef().GetFields()); len(words) == 1 {
		if word := strings.ToUpper(words[0]); word == "MINVALUE" || word == "MAXVALUE" {
			return word
		}
	}
	return expressionText(n)
}
