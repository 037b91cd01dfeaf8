package postgres

import (
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/segue-db/segue/dialects"
)

// errWholeRow is for a definition that uses a table's row as a whole: no rename of a column in it
// means the same.
var errWholeRow = errors.New("it uses the whole row")

// columnRename renames a column within the definitions of objects on its table. It changes the
// tree, never the text, and checks that what it writes is read back as the same tree.
type columnRename struct {
	table    *dialects.Table
	from, to string
}

// index rewrites a CREATE INDEX to one of the given name on the new column. On a partitioned table
// it is ON ONLY.
func (r columnRename) index(definition, name string) (string, error) {
	stmt, err := parseOne(definition)
	if err != nil {
		return "", fmt.Errorf("reading the definition: %w", err)
	}
	index := stmt.GetIndexStmt()
	if index == nil {
		return "", errors.New("reading the definition: it is no CREATE INDEX")
	}
	index.Idxname, index.IfNotExists = name, false
	index.Relation = r.relation()
	index.Relation.Inh = r.table.Kind != dialects.PartitionedTable
	index.Concurrent = index.Relation.Inh
	r.renameIndexed(index)
	return r.write(stmt)
}

func (r columnRename) renameIndexed(index *astIndexStmt) {
	for _, list := range [][]*astNode{index.IndexParams, index.IndexIncludingParams} {
		for _, n := range list {
			if e := n.GetIndexElem(); e.GetName() == r.from {
				e.Name = r.to
			}
		}
	}
}

// constraint rewrites the definition of a CHECK, UNIQUE or foreign key to an ALTER TABLE that adds one
// of the given name on the new column. CHECK and foreign key are added NOT VALID.
func (r columnRename) constraint(definition, name string, reach tableReach) (string, error) {
	stmt, err := parseOne("ALTER TABLE t ADD CONSTRAINT c " + definition)
	if err != nil {
		return "", fmt.Errorf("reading the definition: %w", err)
	}
	alter := stmt.GetAlterTableStmt()
	alter.Relation = r.relation()
	alter.Relation.Inh = reach == withPartitions
	c := alter.GetCmds()[0].GetAlterTableCmd().GetDef().GetConstraint()
	if c == nil {
		return "", errors.New("reading the definition: it is no constraint")
	}
	c.Conname = name
	r.renameConstrained(c)
	if c.RawExpr != nil || c.Pktable != nil {
		c.SkipValidation, c.InitiallyValid = true, false
	}
	return r.write(stmt)
}

func (r columnRename) renameConstrained(c *astConstraint) {
	for _, list := range [][]*astNode{c.Keys, c.Including, c.FkAttrs, c.FkDelSetCols} {
		for _, n := range list {
			if s := n.GetString_(); s.GetSval() == r.from {
				s.Sval = r.to
			}
		}
	}
}

// tableReach says whether a statement on a partitioned table is for its partitions too.
type tableReach string

const (
	withPartitions tableReach = "with partitions"
	tableOnly      tableReach = "only"
)

// statistics rewrites a CREATE STATISTICS to one of the given name on the new column.
func (r columnRename) statistics(definition string, name dialects.Name) (string, error) {
	stmt, err := parseOne(definition)
	if err != nil {
		return "", fmt.Errorf("reading the definition: %w", err)
	}
	stats := stmt.GetCreateStatsStmt()
	if stats == nil {
		return "", errors.New("reading the definition: it is no CREATE STATISTICS")
	}
	stats.Defnames = []*astNode{stringNode(name.Schema), stringNode(name.Name)}
	stats.Relations = []*astNode{wrap(r.relation())}
	stats.IfNotExists = false
	for _, n := range stats.Exprs {
		if e := n.GetStatsElem(); e.GetName() == r.from {
			e.Name = r.to
		}
	}
	return r.write(stmt)
}

func (r columnRename) relation() *astRangeVar {
	return &astRangeVar{Schemaname: r.table.Name.Schema, Relname: r.table.Name.Name, Inh: true, Relpersistence: "p"}
}

// write renames the column in the statement's expressions and writes it.
func (r columnRename) write(stmt *astNode) (string, error) {
	if usesWholeRow(stmt, r.table) {
		return "", errWholeRow
	}
	r.renameReferences(stmt)
	text, err := deparse(quoteBareNames(stmt))
	if err != nil {
		return "", err
	}
	again, err := parseOne(text)
	if err != nil {
		return "", fmt.Errorf("reading back %s: %w", text, err)
	}
	if !sameTree(stmt, again) {
		return "", fmt.Errorf("writing %s: it is read back as another statement", text)
	}
	return text, nil
}

func (r columnRename) renameReferences(root *astNode) {
	walk(root, func(m any) bool {
		ref, ok := m.(*astColumnRef)
		if !ok {
			return true
		}
		if last := ref.Fields[len(ref.Fields)-1].GetString_(); last.GetSval() == r.from {
			last.Sval = r.to
		}
		return false
	})
}

// quoteBareNames quotes, in a copy, the names that the parser's library writes without quotes: those
// of ON DELETE SET NULL (...). Once it quotes them, writing fails loudly where they need it, since
// the text is read back.
func quoteBareNames(stmt *astNode) *astNode {
	stmt = clone(stmt)
	walk(stmt, func(m any) bool {
		if c, ok := m.(*astConstraint); ok {
			for _, column := range c.FkDelSetCols {
				column.GetString_().Sval = quote(column.GetString_().Sval)
			}
		}
		return true
	})
	return stmt
}

// usesWholeRow reports whether an expression within a definition on the table uses its row as a
// whole: t.*, or t where no column has that name.
func usesWholeRow(root *astNode, t *dialects.Table) bool {
	found := false
	walk(root, func(m any) bool {
		ref, ok := m.(*astColumnRef)
		if !ok {
			return true
		}
		words := texts(ref.Fields)
		last := len(words) - 1
		switch {
		case len(words) < len(ref.Fields):
			found = true
		case last >= 0 && words[last] == t.Name.Name && t.Column(words[last]) == nil:
			found = true
		}
		return false
	})
	return found
}

// usesOfExpression tells how an expression on a table uses a column. One that cannot be parsed may
// use anything.
func usesOfExpression(text string, t *dialects.Table, column string) columnUse {
	expr, err := parseExpression(text)
	if err != nil {
		return unreadable
	}
	if slices.Contains(columnNames(expr), column) {
		return namesColumn
	}
	if usesWholeRow(expr, t) {
		return wholeRow
	}
	return noUse
}

// columnUse is how a definition uses a column.
type columnUse string

const (
	noUse       columnUse = ""
	namesColumn columnUse = "names it"
	wholeRow    columnUse = "uses the whole row"
	unreadable  columnUse = "cannot be read by this version of segue"
)

// sameTree reports whether two trees differ in places within the text alone.
func sameTree(a, b *astNode) bool {
	a, b = clone(a), clone(b)
	for _, tree := range []*astNode{a, b} {
		walk(tree, func(m any) bool {
			message := m.(proto.Message).ProtoReflect()
			for _, name := range []protoreflect.Name{"location", "stmt_location", "stmt_len"} {
				if field := message.Descriptor().Fields().ByName(name); field != nil {
					message.Clear(field)
				}
			}
			return true
		})
	}
	return proto.Equal(a, b)
}
