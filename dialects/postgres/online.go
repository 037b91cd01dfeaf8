package postgres

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
)

var _ dialects.OnlineRewriter = Dialect{}

// Online gives CREATE INDEX its CONCURRENTLY, and has a foreign key or a CHECK added NOT VALID and
// then validated. A partitioned table has neither form for an index, and before 18 none for a
// foreign key (https://www.postgresql.org/docs/18/release-18.html).
func (d Dialect) Online(c *dialects.Catalog, _ string, s dialects.Statement) ([]dialects.Action, []string, error) {
	if len(s.Changes) != 1 || len(s.Body) > 0 {
		return nil, nil, nil
	}
	t := c.Table(s.Changes[0].Target())
	if t == nil {
		return nil, nil, nil
	}
	switch change := s.Changes[0].(type) {
	case dialects.CreateIndex:
		return d.onlineIndex(c, t, change, s)
	case dialects.AddForeignKey:
		if t.Kind == dialects.PartitionedTable && !c.Version.AtLeast(18, 0) {
			return nil, nil, nil
		}
		tables := []dialects.Name{t.Name, c.Resolve(*change.Constraint.References)}
		return d.onlineConstraint(c, t, change.Constraint, s, tables, "SHARE ROW EXCLUSIVE", dialects.BlocksWrites, "foreign-key-not-valid")
	case dialects.AddConstraint:
		if change.Constraint.Kind != dialects.Check {
			return nil, nil, nil
		}
		return d.onlineConstraint(c, t, change.Constraint, s, []dialects.Name{t.Name}, "ACCESS EXCLUSIVE", dialects.BlocksAll, "check-not-valid")
	}
	return nil, nil, nil
}

// onlineIndex has an index built concurrently, under the name that the server would give it.
func (d Dialect) onlineIndex(c *dialects.Catalog, t *dialects.Table, change dialects.CreateIndex, s dialects.Statement) ([]dialects.Action, []string, error) {
	if change.Concurrently || t.Kind == dialects.PartitionedTable {
		return nil, nil, nil
	}
	name := dialects.Name{Schema: t.Name.Schema, Name: change.Index.Name.Name}
	stmt, err := treeOf(s)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the index: %w", err)
	}
	index := shallow(stmt.GetIndexStmt())
	if name.Name == "" {
		name.Name = indexName(c, t, index, "idx")
	}
	index.Idxname, index.Concurrent = name.Name, true
	index.Relation = shallow(index.Relation)
	index.Relation.Schemaname = t.Name.Schema
	sql, err := deparse(wrap(index))
	if err != nil {
		return nil, nil, fmt.Errorf("writing the index: %w", err)
	}
	return []dialects.Action{{
		SQL:   sql + ";",
		Undo:  fmt.Sprintf("DROP INDEX CONCURRENTLY IF EXISTS %s;", qualified(name)),
		Probe: indexProbe(name),
		Why:   "builds the index beside writers", Tables: []dialects.Name{t.Name},
		Lock: "SHARE UPDATE EXCLUSIVE", Blocks: dialects.BlocksNothing, Scans: true, Patient: true,
	}}, []string{"index-not-concurrent"}, nil
}

// onlineConstraint has a constraint hold for new rows in a moment, and then checked beside writers.
func (d Dialect) onlineConstraint(c *dialects.Catalog, t *dialects.Table, con dialects.Constraint, s dialects.Statement, tables []dialects.Name,
	lock dialects.Lock, blocks dialects.Blocks, hazard string) ([]dialects.Action, []string, error) {
	stmt, err := treeOf(s)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the constraint: %w", err)
	}
	stmt = clone(stmt)
	alter := stmt.GetAlterTableStmt()
	constraint := alter.GetCmds()[0].GetAlterTableCmd().GetDef().GetConstraint()
	if constraint == nil || constraint.SkipValidation {
		return nil, nil, nil
	}
	name := con.Name
	if name == "" {
		name = constraintName(c, t, con)
	}
	constraint.Conname, constraint.SkipValidation, constraint.InitiallyValid = name, true, false
	alter.Relation.Schemaname = t.Name.Schema
	sql, err := deparse(stmt)
	if err != nil {
		return nil, nil, fmt.Errorf("writing the constraint: %w", err)
	}
	table := qualified(t.Name)
	return []dialects.Action{{
		SQL:  sql + ";",
		Undo: fmt.Sprintf("ALTER TABLE IF EXISTS %s DROP CONSTRAINT IF EXISTS %s;", table, quote(name)),
		Why:  "the constraint holds for what is written from now on", Tables: tables,
		Lock: lock, Blocks: blocks, Transactional: true,
	}, {
		SQL: fmt.Sprintf("ALTER TABLE %s VALIDATE CONSTRAINT %s;", table, quote(name)),
		Why: "the constraint holds in every row, checked beside writers", Tables: []dialects.Name{t.Name},
		Lock: "SHARE UPDATE EXCLUSIVE", Blocks: dialects.BlocksNothing, Scans: true, Transactional: true, Patient: true,
	}}, []string{hazard}, nil
}
