package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var redundantIndex = lint.Rule{
	ID: "redundant-index", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{
		"skeema/dupe-index", "spirit/redundant_indexes", "bytebase/TABLE_NO_DUPLICATE_INDEX", "bytebase/INDEX_NO_DUPLICATE_COLUMN",
	},
	Docs: []lint.Doc{{
		Title: "An index is made unnecessary by another",
		Condition: "An index is made whose columns are those that another index of the table starts with, in the same order; or that other one is " +
			"made. Or an index names a column twice. An index that is unique, partial, on expressions, with columns INCLUDEd, or in an order " +
			"of its own has its reasons.",
		Effect:     "Every write keeps both, both take memory, and no query is faster for it: the longer one serves where the shorter does.",
		Workaround: "Keep the longer one, and drop the other.",
	}},
	Check: func(p *lint.Pass) {
		made := map[dialects.Name][]*dialects.Index{}
		for table, index := range newIndexes(p) {
			if name, twice := doubleKey(p, index.Keys); twice {
				p.Report(lint.Finding{
					Table:   table.String(),
					Message: fmt.Sprintf("%s of %s names %s twice", label(&index), table, name),
					Why:     "the second says nothing that the first does not",
					Instead: "name the column once",
				})
			}
			others := slices.Concat(indexesOf(p, table), made[table])
			made[table] = append(made[table], &index)
			for _, other := range others {
				less, more := &index, other
				if !serves(p, more, less) {
					less, more = other, &index
				}
				if !serves(p, more, less) || dropped(p, table, less) || dropped(p, table, more) {
					continue
				}
				p.Report(lint.Finding{
					Table:   table.String(),
					Message: fmt.Sprintf("%s of %s is made unnecessary by %s", label(less), table, label(more)),
					Why:     "every write keeps both, and no query is faster for it",
					Instead: fmt.Sprintf("do without %s", label(less)),
				})
				break
			}
		}
	},
}

func doubleKey(p *lint.Pass, keys []string) (string, bool) {
	for i, k := range keys {
		if k != "" && slices.ContainsFunc(keys[:i], func(before string) bool { return same(p, before, k) }) {
			return k, true
		}
	}
	return "", false
}

// serves reports whether one index does all that another does.
func serves(p *lint.Pass, more, less *dialects.Index) bool {
	m, ok := plainKeys(more)
	l, plain := plainKeys(less)
	if !ok || !plain || less.Primary || len(l) > len(m) || more.Invisible && !less.Invisible {
		return false
	}
	if less.Unique && (!more.Unique || len(l) != len(m) || less.NullsNotDistinct != more.NullsNotDistinct) {
		return false
	}
	for i := range l {
		column, prefix, cut := strings.Cut(l[i], "(")
		whole, other, _ := strings.Cut(m[i], "(")
		if !same(p, column, whole) || cut && less.Unique && prefix != other || !cut && other != "" || cut && other != "" && prefix != other {
			return false
		}
	}
	return true
}

// plainKeys are the columns of an index in ascending order, column(n) for the first n characters of one;
// false where the index is of another kind.
func plainKeys(i *dialects.Index) ([]string, bool) {
	if !isOrdered(i) || i.Partial || i.Expressions || len(i.Columns) > len(i.Keys) || slices.Contains(i.Keys, "") {
		return nil, false
	}
	for _, special := range []string{" DESC", " NULLS ", "_ops", " COLLATE "} {
		if strings.Contains(i.Definition, special) {
			return nil, false
		}
	}
	if len(i.Parts) == 0 {
		return i.Keys, true
	}
	var keys []string
	for _, part := range i.Parts {
		key := part.Column
		if part.Length > 0 {
			key = fmt.Sprintf("%s(%d)", part.Column, part.Length)
		}
		keys = append(keys, key)
	}
	return keys, true
}

// dropped reports whether the file drops an index, in the statement or behind it.
func dropped(p *lint.Pass, table dialects.Name, i *dialects.Index) bool {
	return later(p, func(change dialects.Change) bool {
		switch c := change.(type) {
		case dialects.DropIndex:
			return i.Name.Name != "" && same(p, c.Index.Name, i.Name.Name)
		case dialects.DropConstraint:
			return p.Catalog.Resolve(c.Table) == table && (i.Primary && c.Kind == dialects.PrimaryKey || i.Name.Name != "" && same(p, c.Name, i.Name.Name))
		}
		return false
	})
}
