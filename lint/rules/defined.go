package rules

import (
	"iter"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

// defined is a column as a statement defines it: in a new table, added, or written anew.
type defined struct {
	Table  dialects.Name // resolved
	Column dialects.Column
	Was    *dialects.Column // what it was before, where it is written anew
}

// String is the column's name with its table's.
func (d defined) String() string { return d.Table.String() + "." + d.Column.Name }

// newColumns are the columns that the statement defines, but for those of a session's own tables.
func newColumns(p *lint.Pass) iter.Seq[defined] {
	return func(yield func(defined) bool) {
		for _, change := range p.Statement.Changes {
			switch c := change.(type) {
			case dialects.CreateTable:
				for _, column := range c.Columns {
					if !c.Temporary && !yield(defined{Table: p.Catalog.Resolve(c.Table), Column: column}) {
						return
					}
				}
			case dialects.AddColumn:
				if !isTemporary(p, c.Table) && !yield(defined{Table: p.Catalog.Resolve(c.Table), Column: c.Column}) {
					return
				}
			case dialects.RedefineColumn:
				d := defined{Table: p.Catalog.Resolve(c.Table), Column: c.To, Was: column(p, c.Table, c.Column)}
				if !isTemporary(p, c.Table) && !yield(d) {
					return
				}
			}
		}
	}
}

// newTypes are the columns that the statement gives a type that they did not have. Of one that changes
// only its type no more is known than that.
func newTypes(p *lint.Pass) iter.Seq[defined] {
	return func(yield func(defined) bool) {
		for d := range newColumns(p) {
			if (d.Was == nil || d.Was.Type != d.Column.Type) && !yield(d) {
				return
			}
		}
		for _, change := range p.Statement.Changes {
			c, ok := change.(dialects.AlterColumnType)
			if !ok || isTemporary(p, c.Table) {
				continue
			}
			d := defined{Table: p.Catalog.Resolve(c.Table), Was: column(p, c.Table, c.Column)}
			d.Column = dialects.Column{Name: c.Column, Type: c.Type}
			if (d.Was == nil || d.Was.Type != c.Type) && !yield(d) {
				return
			}
		}
	}
}

// types makes a check of a rule about the types of columns. Where fault has no message there is none.
func types(fault func(*lint.Pass, defined) lint.Finding) func(*lint.Pass) {
	return func(p *lint.Pass) {
		for d := range newTypes(p) {
			if f := fault(p, d); f.Message != "" {
				f.Table = d.Table.String()
				p.Report(f)
			}
		}
	}
}

// column finds a column of the catalog's, as the servers compare names; nil if there is none.
func column(p *lint.Pass, table dialects.Name, name string) *dialects.Column {
	t := p.Catalog.Table(table)
	if t == nil {
		return nil
	}
	for _, c := range t.Columns {
		if same(p, c.Name, name) {
			return c
		}
	}
	return nil
}

// same compares the names of columns, indexes and constraints as the server does.
func same(p *lint.Pass, a, b string) bool {
	n, ok := p.Dialect.(dialects.Naming)
	return a == b || ok && n.SameName(a, b)
}

func isTemporary(p *lint.Pass, table dialects.Name) bool {
	t := p.Catalog.Table(table)
	return t != nil && t.Temporary
}

// bareType is a type without lengths, array brackets, sign and padding: character varying, int.
func bareType(typ string) string {
	if open := strings.IndexByte(typ, '('); open >= 0 {
		if end := strings.LastIndexByte(typ, ')'); end > open {
			typ = typ[:open] + typ[end+1:]
		}
	}
	for _, tail := range []string{"[]", " zerofill", " unsigned"} {
		typ = strings.TrimSuffix(typ, tail)
	}
	return typ
}

// typeLength is the length that a type has in parentheses; 0 where it has none.
func typeLength(typ string) int {
	n := 0
	if _, rest, ok := strings.Cut(typ, "("); ok {
		for _, c := range rest {
			if c < '0' || c > '9' {
				break
			}
			n = n*10 + int(c-'0')
		}
	}
	return n
}
