package mysql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

var _ dialects.DualWriter = Dialect{}

// DualWrite plans a second form of a column. Everything comes from the catalog. What stands in the way is
// returned as one *dialects.Refusal with every reason.
//
// The second form is a bare column: no constraint, no more indexes than reads by it need. The old
// column stays the one that the server checks, since the triggers write every value to both. At
// contract the two swap names in one ALTER of the dictionary, which takes the old one's indexes, keys,
// checks, default and place along as a plain RENAME does, and the bare one goes. Building a second
// CHECK or foreign key would copy the table on these servers, a second NOT NULL rebuild it.
func (d Dialect) DualWrite(c *dialects.Catalog, spec dialects.DualWriteSpec) (*dialects.DualWrite, error) {
	p := d.pairOf(c, spec)
	if reasons := p.missing(); len(reasons) > 0 {
		return nil, p.refusal(reasons)
	}
	if reasons := append(p.taken(), p.obstacles()...); len(reasons) > 0 {
		return nil, p.refusal(reasons)
	}
	return &dialects.DualWrite{
		Expand:   p.expand(),
		Copy:     p.copySpec(),
		Build:    p.build(),
		TwoWay:   p.twoWay(),
		Contract: p.contract(),
		Order:    dialects.OrderKept,
		Recheck:  p.known(),
		Notices:  p.notices(),
		Unknowns: p.unknowns(),
	}, nil
}

// pair is a column, the second form that it is to have, and what is known of both.
type pair struct {
	c      *dialects.Catalog
	spec   dialects.DualWriteSpec
	server dialects.Version
	table  *dialects.Table
	// old is the column that exists for long, whatever it is called at the moment; see swapped.
	old  *dialects.Column
	dflt columnDefault
	// omitted is what an old column reads that was not given, where that is not NULL: see overflow.
	omitted string
}

// pairOf reads the catalog. Table and old are nil where they are not there.
func (d Dialect) pairOf(c *dialects.Catalog, spec dialects.DualWriteSpec) *pair {
	spec.Table = c.Resolve(spec.Table)
	p := &pair{c: c, spec: spec, server: d.serverOf(c), table: c.Table(spec.Table)}
	if p.table == nil {
		return p
	}
	name := spec.Old
	if p.swapped() {
		name = spec.New
	}
	if p.old = findColumn(p.table, name); p.old == nil {
		return p
	}
	if !p.swapped() {
		p.spec.Old = p.old.Name // as the server spells it
	}
	p.dflt = defaultOf(p.old)
	p.omitted = p.overflow()
	return p
}

// swapped reports whether the two columns have swapped names already: the new form was added last.
func (p *pair) swapped() bool {
	o, n := columnAt(p.table, p.spec.Old), columnAt(p.table, p.spec.New)
	return n >= 0 && n < o
}

func (p *pair) isMariaDB() bool { return p.server.Kind == dialects.MariaDB }

func (p *pair) refusal(reasons []string) *dialects.Refusal {
	return &dialects.Refusal{
		What:    fmt.Sprintf("rename column %s of %s to %s", p.spec.Old, p.spec.Table, p.spec.New),
		Reasons: reasons,
	}
}

// oldName is the old column for people: users.user_email.
func (p *pair) oldName() string { return p.spec.Table.String() + "." + p.spec.Old }

func (p *pair) newName() string { return p.spec.Table.String() + "." + p.spec.New }

// copySpec says what the backfill copies, and by which key.
func (p *pair) copySpec() dialects.CopySpec {
	spec := dialects.CopySpec{
		Table: p.spec.Table, From: p.spec.Old, To: p.spec.New, Key: p.key(),
		Leaves: []dialects.Name{p.spec.Table}, Accepted: p.spec.Accepted,
	}
	for _, c := range p.table.Columns {
		if c.OnUpdate != "" {
			spec.Keep = append(spec.Keep, c.Name)
		}
	}
	return spec
}

// key is the columns of the best key: the primary key before others, keys without the column before
// those with it.
func (p *pair) key() []string {
	rank := func(i *dialects.Index) int {
		rank := 0
		if !i.Primary {
			rank++
		}
		if contains(i.Columns, p.spec.Old) {
			rank += 2
		}
		return rank
	}
	var best *dialects.Index
	for _, i := range p.table.Indexes {
		if p.isKey(i) && (best == nil || rank(i) < rank(best)) {
			best = i
		}
	}
	if best == nil {
		return nil
	}
	return best.Columns
}

// isKey reports whether an index is a unique key over whole columns without NULLs, which a query may use.
func (p *pair) isKey(i *dialects.Index) bool {
	return i.Unique && !i.Invisible && !slices.ContainsFunc(i.Parts, func(part dialects.IndexPart) bool {
		c := findColumn(p.table, part.Column)
		return part.Length > 0 || part.Expression != "" || c == nil || !c.NotNull
	})
}

// brief is an action that has the table to itself for a moment.
func (p *pair) brief(sql, undo, probe, why string) dialects.Action {
	return dialects.Action{
		SQL: sql + ";", Undo: undo, Probe: probe, Why: why, Tables: []dialects.Name{p.spec.Table},
		Lock: lockExclusive, Blocks: dialects.BlocksAll,
	}
}

// script writes statements one behind the other.
func script(statements ...string) string { return strings.Join(statements, ";\n") }

// alter writes an ALTER TABLE of the dictionary alone.
func (p *pair) alter(format string, args ...any) string {
	return fmt.Sprintf("ALTER TABLE %s %s, ALGORITHM=INSTANT", qualified(p.spec.Table), fmt.Sprintf(format, args...))
}

// differ is a condition: that two values are not identical. Equal is not identical in a collation that
// looks away from case or trailing blanks, and the text of a FLOAT has fewer digits than its value
// (dual-write.md, B3).
func differ(a, b string) string {
	return fmt.Sprintf("(NOT (%s <=> %s) OR NOT (CAST(%[1]s AS BINARY) <=> CAST(%[2]s AS BINARY)))", a, b)
}

// identical is the opposite of [differ].
func identical(a, b string) string {
	return fmt.Sprintf("(%s <=> %s AND CAST(%[1]s AS BINARY) <=> CAST(%[2]s AS BINARY))", a, b)
}
