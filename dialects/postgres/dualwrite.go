package postgres

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

var _ dialects.DualWriter = Dialect{}

// DualWrite plans a second form of a column. Everything comes from the catalog. What stands in the way is
// returned as one *dialects.Refusal with every reason.
func (Dialect) DualWrite(c *dialects.Catalog, spec dialects.DualWriteSpec) (*dialects.DualWrite, error) {
	spec.Table = c.Resolve(spec.Table)
	t := c.Table(spec.Table)
	p := &pair{c: c, spec: spec, table: t}
	if reasons := p.missing(); len(reasons) > 0 {
		return nil, p.refusal(reasons)
	}
	p.old = t.Column(spec.Old)
	p.family = family(c, t)
	p.dflt = defaultOf(c, p.old.Default)
	p.typ = qualifiedType(c, p.old.Type)
	p.function = functionName(spec)
	p.trigger, _ = triggerName(spec, p.lastTrigger())
	reasons := p.obstacles()
	twins, more := p.twins()
	if reasons = append(reasons, more...); len(reasons) > 0 {
		return nil, p.refusal(reasons)
	}
	return &dialects.DualWrite{
		Expand:   []dialects.Action{p.expand(twins)},
		Copy:     p.copySpec(),
		CopyLock: "ROW EXCLUSIVE",
		ReadLock: "ACCESS SHARE",
		Build:    p.build(twins),
		TwoWay:   []dialects.Action{p.twoWay()},
		Prove:    p.prove(),
		Contract: []dialects.Action{p.contract(twins)},
		Recheck:  p.recheck(twins),
		Notices:  p.notices(twins),
		Unknowns: p.unknowns(),
	}, nil
}

// pair is a column, the second form that it is to have, and what is known of both.
type pair struct {
	c     *dialects.Catalog
	spec  dialects.DualWriteSpec
	table *dialects.Table
	old   *dialects.Column
	// family is the table and, where it is partitioned, all below it; parents come first.
	family   []*dialects.Table
	dflt     columnDefault
	typ      string // old's, with its schema
	function dialects.Name
	trigger  string
}

// family is a table and its partitions at any depth, parents first and by name.
func family(c *dialects.Catalog, t *dialects.Table) []*dialects.Table {
	tables := []*dialects.Table{t}
	var children []*dialects.Table
	for child := range c.Linked(dialects.ParentLink, t.Name) {
		if child.PartitionOf != nil && c.Resolve(*child.PartitionOf) == t.Name {
			children = append(children, child)
		}
	}
	slices.SortFunc(children, func(a, b *dialects.Table) int {
		return strings.Compare(a.Name.String(), b.Name.String())
	})
	for _, child := range children {
		tables = append(tables, family(c, child)...)
	}
	return tables
}

// domain is old's domain as an object, nil where its type is none or is not in the catalog.
func (p *pair) domain() *dialects.Object {
	if p.old.Domain == nil {
		return nil
	}
	return p.c.Objects[dialects.ObjectKey{Kind: dialects.Domain, Name: *p.old.Domain}]
}

func (p *pair) refusal(reasons []string) *dialects.Refusal {
	return &dialects.Refusal{What: renameOf(p.spec), Reasons: reasons}
}

// renameOf names the change for people.
func renameOf(spec dialects.DualWriteSpec) string {
	return fmt.Sprintf("rename column %s of %s to %s", spec.Old, spec.Table, spec.New)
}

// oldName is the old column for people: public.users.user_email.
func (p *pair) oldName() string { return p.spec.Table.String() + "." + p.spec.Old }

func (p *pair) newName() string { return p.spec.Table.String() + "." + p.spec.New }

// names are those of the family, the table's first.
func (p *pair) names() []dialects.Name {
	names := make([]dialects.Name, len(p.family))
	for i, t := range p.family {
		names[i] = t.Name
	}
	return names
}

// script is several statements that commit together.
type script struct{ strings.Builder }

// newScript begins a script in which nothing but the server's own objects is found by a bare name.
func newScript() *script {
	s := &script{}
	s.add("SET LOCAL search_path = pg_catalog")
	return s
}

func (s *script) add(format string, args ...any) {
	if s.Len() > 0 {
		s.WriteByte('\n')
	}
	fmt.Fprintf(s, format, args...)
	s.WriteByte(';')
}

// isPartition is a condition: that a table is still a partition of the whole.
func (p *pair) isPartition(t *dialects.Table) string {
	return fmt.Sprintf("pg_catalog.pg_partition_root(pg_catalog.to_regclass(%s)) OPERATOR(pg_catalog.=) pg_catalog.to_regclass(%s)",
		quoteLiteral(qualified(t.Name)), quoteLiteral(qualified(p.table.Name)))
}

// ifPartition adds statements on one table of the family. Those on a partition are left out where it
// was dropped or detached since the plan was made.
func (p *pair) ifPartition(s *script, t *dialects.Table, add func(*script)) {
	if t.PartitionOf == nil {
		add(s)
		return
	}
	inner := &script{}
	add(inner)
	s.add("DO %s", dollarQuoted(fmt.Sprintf("BEGIN\nIF %s THEN\n%s\nEND IF;\nEND", p.isPartition(t), inner)))
}

// onTable is one statement on a table of the family, by the rules of ifPartition.
func (p *pair) onTable(t *dialects.Table, format string, args ...any) string {
	s := &script{}
	p.ifPartition(s, t, func(s *script) { s.add(format, args...) })
	return s.String()
}

// dollarQuoted quotes a text as a body.
func dollarQuoted(text string) string {
	tag := "$segue$"
	for n := 1; strings.Contains(text, tag); n++ {
		tag = fmt.Sprintf("$segue%d$", n)
	}
	return tag + "\n" + text + "\n" + tag
}

// secondLock keeps what follows from waiting long for another table while the first is held. An app
// that holds the other and wants the first would be in a deadlock with segue, and after deadlock_timeout
// (1 s by default) the server may choose the app to fail.
const secondLock = "SET LOCAL lock_timeout = '300ms'"

// alterColumn adds a subcommand on the new column of one table alone.
func (s *script) alterColumn(t *dialects.Table, column, format string, args ...any) {
	s.add("ALTER TABLE ONLY %s ALTER COLUMN %s %s", qualified(t.Name), quote(column), fmt.Sprintf(format, args...))
}

// brief is an action that takes a table's strongest lock for a moment.
func (p *pair) brief(sql, undo, why string) dialects.Action {
	return dialects.Action{
		SQL: sql, Undo: undo, Why: why, Tables: p.names(),
		Lock: "ACCESS EXCLUSIVE", Blocks: dialects.BlocksAll, Transactional: true,
	}
}

// copySpec says what the backfill copies, and by which key.
func (p *pair) copySpec() dialects.CopySpec {
	spec := dialects.CopySpec{Table: p.spec.Table, From: p.spec.Old, To: p.spec.New, Key: p.key()}
	for _, t := range p.family {
		if t.Kind != dialects.PartitionedTable {
			spec.Leaves = append(spec.Leaves, t.Name)
		}
	}
	return spec
}

// key is the columns of the best key: the primary key before others, keys without the column before
// those with it.
func (p *pair) key() []string {
	var best *dialects.Index
	for _, index := range p.table.Indexes {
		if p.isKey(index) && (best == nil || p.keyRank(index) < p.keyRank(best)) {
			best = index
		}
	}
	if best == nil {
		return nil
	}
	return best.Keys
}

func (p *pair) keyRank(index *dialects.Index) int {
	rank := 0
	if !index.Primary {
		rank++
	}
	if slices.Contains(index.Keys, p.spec.Old) {
		rank += 2
	}
	return rank
}

// isKey reports whether an index is a full, valid, non-deferrable unique key without NULLs.
func (p *pair) isKey(index *dialects.Index) bool {
	if !index.Unique || !index.Valid || index.Partial || index.Expressions || len(index.Keys) == 0 {
		return false
	}
	for _, constraint := range p.table.Constraints {
		if constraint.Deferrable && constraint.Name == index.Constraint && index.Constraint != "" {
			return false
		}
	}
	for _, key := range index.Keys {
		if c := p.table.Column(key); c == nil || !c.NotNull {
			return false
		}
	}
	return true
}
