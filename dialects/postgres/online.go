package postgres

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
)

var _ dialects.OnlineRewriter = Dialect{}

// Online gives CREATE INDEX its CONCURRENTLY, and has a foreign key or a CHECK added NOT VALID and
// then validated. A partitioned table has neither form for an index, and before 18 none for a
// foreign key (https://www.postgresql.org/docs/18/release-18.html).
func (d Dialect) Online(c *dialects.Catalog, _ string, s dialects.Statement) ([]dialects.Action, []string, error) {
	if len(s.Changes) != 1 {
		return nil, nil, nil
	}
	t := c.Table(s.Changes[0].Target())
	if t == nil {
		return nil, nil, nil
	}
	after := c.Clone()
	d.Replay(after, s)
	switch change := s.Changes[0].(type) {
	case dialects.CreateIndex:
		return onlineIndex(t, after.Table(t.Name), change, s)
	case dialects.AddForeignKey:
		if t.Kind == dialects.PartitionedTable && !c.Version.AtLeast(18, 0) {
			return nil, nil, nil
		}
		tables := []dialects.Name{t.Name, c.Resolve(*change.Constraint.References)}
		return onlineConstraint(t, after.Table(t.Name), s, tables, "SHARE ROW EXCLUSIVE", dialects.BlocksWrites, "foreign-key-not-valid")
	case dialects.AddConstraint:
		if change.Constraint.Kind != dialects.Check {
			return nil, nil, nil
		}
		return onlineConstraint(t, after.Table(t.Name), s, []dialects.Name{t.Name}, "ACCESS EXCLUSIVE", dialects.BlocksAll, "check-not-valid")
	}
	return nil, nil, nil
}

// onlineIndex has an index built concurrently, under the name that the server would give it.
func onlineIndex(before, after *dialects.Table, change dialects.CreateIndex, s dialects.Statement) ([]dialects.Action, []string, error) {
	made := slices.IndexFunc(after.Indexes, func(i *dialects.Index) bool {
		return !slices.ContainsFunc(before.Indexes, func(b *dialects.Index) bool { return b.Name == i.Name })
	})
	if change.Concurrently || before.Kind == dialects.PartitionedTable || made < 0 {
		return nil, nil, nil
	}
	name := after.Indexes[made].Name
	stmt, err := parseOne(s.Text)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the index: %w", err)
	}
	index := stmt.GetIndexStmt()
	index.Idxname, index.Concurrent = name.Name, true
	index.Relation.Schemaname = before.Name.Schema
	sql, err := deparse(stmt)
	if err != nil {
		return nil, nil, fmt.Errorf("writing the index: %w", err)
	}
	return []dialects.Action{{
		SQL:   sql + ";",
		Undo:  fmt.Sprintf("DROP INDEX CONCURRENTLY IF EXISTS %s;", qualified(name)),
		Probe: indexProbe(name),
		Why:   "builds the index beside writers", Tables: []dialects.Name{before.Name},
		Lock: "SHARE UPDATE EXCLUSIVE", Blocks: dialects.BlocksNothing, Scans: true, Patient: true,
	}}, []string{"index-not-concurrent"}, nil
}

// onlineConstraint has a constraint hold for new rows in a moment, and then checked beside writers.
func onlineConstraint(before, after *dialects.Table, s dialects.Statement, tables []dialects.Name, lock dialects.Lock, blocks dialects.Blocks, hazard string) ([]dialects.Action, []string, error) {
	made := slices.IndexFunc(after.Constraints, func(c *dialects.Constraint) bool {
		return !slices.ContainsFunc(before.Constraints, func(b *dialects.Constraint) bool { return b.Name == c.Name })
	})
	if made < 0 {
		return nil, nil, nil
	}
	name := after.Constraints[made].Name
	stmt, err := parseOne(s.Text)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the constraint: %w", err)
	}
	alter := stmt.GetAlterTableStmt()
	constraint := alter.GetCmds()[0].GetAlterTableCmd().GetDef().GetConstraint()
	if constraint == nil || constraint.SkipValidation {
		return nil, nil, nil
	}
	constraint.Conname, constraint.SkipValidation, constraint.InitiallyValid = name, true, false
	alter.Relation.Schemaname = before.Name.Schema
	sql, err := deparse(stmt)
	if err != nil {
		return nil, nil, fmt.Errorf("writing the constraint: %w", err)
	}
	table := qualified(before.Name)
	return []dialects.Action{{
		SQL:  sql + ";",
		Undo: fmt.Sprintf("ALTER TABLE IF EXISTS %s DROP CONSTRAINT IF EXISTS %s;", table, quote(name)),
		Why:  "the constraint holds for what is written from now on", Tables: tables,
		Lock: lock, Blocks: blocks, Transactional: true,
	}, {
		SQL: fmt.Sprintf("ALTER TABLE %s VALIDATE CONSTRAINT %s;", table, quote(name)),
		Why: "the constraint holds in every row, checked beside writers", Tables: []dialects.Name{before.Name},
		Lock: "SHARE UPDATE EXCLUSIVE", Blocks: dialects.BlocksNothing, Scans: true, Transactional: true, Patient: true,
	}}, []string{hazard}, nil
}
