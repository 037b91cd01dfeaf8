package lint

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

// touch is a table that a statement has to do with; of no name it is any.
type touch struct {
	table dialects.Name
	// keys says that unique keys of the table come or go.
	keys bool
	// columns says that it gets columns, which stand in the order in which they come.
	columns bool
	how     touching
}

// touching says what else on the same table a change bears to be moved behind it.
type touching string

const (
	harmless touching = "harmless" // anything
	usesKeys touching = "uses"     // anything but a unique key
	disturbs touching = "disturbs" // nothing
)

// touchesOf are the tables that a statement has to do with, on the catalog as it is before it.
func touchesOf(c *dialects.Catalog, s dialects.Statement) []touch {
	var touches []touch
	add := func(n dialects.Name, how touching, keys bool) {
		if n.Name != "" {
			n = c.Resolve(n)
		}
		touches = append(touches, touch{table: n, keys: keys, how: how})
	}
	for _, change := range s.Changes {
		switch change := change.(type) {
		case dialects.Setting, dialects.Transaction, dialects.LockTable, dialects.Describe:
		case dialects.AddColumn:
			add(change.Table, harmless, len(change.Constraints)+len(change.Indexes) > 0)
			touches[len(touches)-1].columns = true
			for _, con := range change.Constraints {
				refers(con, add)
			}
		case dialects.SetDefault, dialects.SetNotNull, dialects.ValidateConstraint:
			add(change.Target(), harmless, false)
		case dialects.CreateIndex:
			add(change.Table, harmless, change.Index.Unique)
		case dialects.AddForeignKey:
			add(change.Table, harmless, false)
			refers(change.Constraint, add)
		case dialects.AddConstraint:
			how := harmless
			if change.UsingIndex != "" {
				how = disturbs
			}
			add(change.Table, how, change.Constraint.Kind != dialects.Check)
		case dialects.WriteData:
			how := usesKeys
			if change.Kind == dialects.Select {
				how = harmless
			}
			add(change.Table, how, false)
		case dialects.AttachPartition:
			add(change.Table, disturbs, true)
			add(change.Partition, disturbs, true)
		case dialects.DetachPartition:
			add(change.Table, disturbs, true)
			add(change.Partition, disturbs, true)
		case dialects.CreateTable:
			add(change.Table, disturbs, true)
			if change.PartitionOf != nil {
				add(*change.PartitionOf, disturbs, false)
			}
			for _, con := range change.Constraints {
				refers(con, add)
			}
		case dialects.CreateObject:
			if change.Table.Name != "" {
				add(change.Table, harmless, false)
			}
		case dialects.DropIndex:
			add(tableOfIndex(c, change.Table, change.Index), disturbs, true)
		case dialects.RenameIndex:
			add(tableOfIndex(c, change.Table, change.Index), disturbs, false)
		case dialects.Reindex:
			add(tableOfIndex(c, change.Object, change.Object), harmless, false)
		case dialects.AlterObject:
			if change.What != "refresh" && change.What != "owner" {
				add(change.Table, disturbs, false)
			}
		default:
			add(change.Target(), disturbs, true)
		}
	}
	return touches
}

// refers adds a foreign key's other table, whose key it needs.
func refers(con dialects.Constraint, add func(dialects.Name, touching, bool)) {
	if con.References != nil {
		add(*con.References, usesKeys, false)
	}
}

// tableOfIndex is an index's table: as it is said, else as the catalog has it; of no name where it has not.
func tableOfIndex(c *dialects.Catalog, said, index dialects.Name) dialects.Name {
	if t := c.Table(said); t != nil {
		return t.Name
	}
	index = c.Resolve(index)
	for t := range c.Linked(dialects.IndexLink, index) {
		if slices.ContainsFunc(t.Indexes, func(i *dialects.Index) bool { return i.Name == index }) {
			return t.Name
		}
	}
	return dialects.Name{}
}

// move is what is moved behind other statements.
type move struct {
	tables  []dialects.Name
	keyed   bool // it makes or takes away a unique key
	columns bool // it adds columns
}

func (m *move) add(other move) {
	m.tables = append(m.tables, other.tables...)
	m.keyed, m.columns = m.keyed || other.keyed, m.columns || other.columns
}

// inTheWay reports whether what a statement touches does not bear a move behind it.
func inTheWay(touches []touch, m move) bool {
	for _, t := range touches {
		if t.how == harmless && !(t.columns && m.columns) || t.how == usesKeys && !m.keyed {
			continue
		}
		for _, table := range m.tables {
			if t.table.Name == "" || table.Name == "" || t.table == table {
				return true
			}
		}
	}
	return false
}

// following are the fixes whose further migrations would come behind all that there are: what a later migration does
// to the same tables would be done before them.
type following struct {
	pending []*pending
	revoked map[*Fix]bool
}

type pending struct {
	fix *Fix
	move
}

// saw drops the fixes that a later statement is in the way of.
func (w *following) saw(c *dialects.Catalog, s dialects.Statement) {
	if len(w.pending) == 0 {
		return
	}
	touches := touchesOf(c, s)
	kept := w.pending[:0]
	for _, p := range w.pending {
		if inTheWay(touches, p.move) {
			w.revoked[p.fix] = true
			continue
		}
		kept = append(kept, p)
	}
	w.pending = kept
}

const laterInTheWay = "a later migration changes the same table, and what would be moved out of this one would come behind it"

// settle takes revoked fixes out of a result.
func (w *following) settle(r *Result) {
	if len(w.revoked) == 0 {
		return
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Fix != nil && w.revoked[f.Fix.whole()] {
			f.Fix, f.Unfixed = nil, laterInTheWay
		}
	}
}
