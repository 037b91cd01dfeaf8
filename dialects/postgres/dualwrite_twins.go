package postgres

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
)

// twins are what stands on the old column, each with its like on the new one under a helper's name.
// Contract gives them the names of the old ones.
type twins struct {
	indexes     []indexTwin
	constraints []constraintTwin
	notNulls    []notNullTwin
	statistics  []statisticsTwin
}

// indexTwin is an index, plain or carrying a constraint.
type indexTwin struct {
	table      *dialects.Table
	index      *dialects.Index
	constraint *dialects.Constraint // nil for a plain index
	name       dialects.Name
	sql        string
}

// constraintTwin is a CHECK or a foreign key.
type constraintTwin struct {
	table      *dialects.Table
	constraint *dialects.Constraint
	name       string
	sql        string
}

// notNullTwin is a NOT NULL. constraint is the named one that Postgres has from 18 on, nil before.
type notNullTwin struct {
	table      *dialects.Table
	constraint *dialects.Constraint
	name       string
}

// statisticsTwin is an extended statistics object.
type statisticsTwin struct {
	table      *dialects.Table
	statistics *dialects.ExtendedStatistics
	name       dialects.Name
	sql        string
}

// twins rewrites what stands on the old column. Reasons name what cannot be.
func (p *pair) twins() (*twins, []string) {
	all := &twins{}
	var reasons []string
	cannot := func(kind, name string, t *dialects.Table, err error) {
		reasons = append(reasons, fmt.Sprintf("%s %s on %s cannot be built on the new column: %v; drop it first, and build it again afterwards",
			kind, name, t.Name, err))
	}
	for _, t := range p.family {
		r := columnRename{table: t, from: p.spec.Old, to: p.spec.New}
		for _, index := range t.Indexes {
			if !p.onIndex(t, index) {
				continue
			}
			twin, err := p.indexTwin(r, index)
			if err != nil {
				cannot("index", index.Name.String(), t, err)
				continue
			}
			all.indexes = append(all.indexes, twin)
		}
		for _, c := range t.Constraints {
			if c.Inherited || c.Kind != dialects.Check && c.Kind != dialects.ForeignKey || !p.onConstraint(t, c) {
				continue
			}
			name := helperName(p.spec, c.Name, "constraint "+t.Name.String()+" "+c.Name)
			sql, err := r.constraint(c.Definition, name, withPartitions)
			if err != nil {
				cannot("constraint", c.Name, t, err)
				continue
			}
			all.constraints = append(all.constraints, constraintTwin{t, c, name, sql + ";"})
		}
		for _, s := range t.Statistics {
			if !slices.Contains(s.Columns, p.spec.Old) {
				continue
			}
			name := dialects.Name{Schema: s.Name.Schema, Name: helperName(p.spec, s.Name.Name, "statistics "+s.Name.String())}
			sql, err := r.statistics(s.Definition, name)
			if err != nil {
				cannot("statistics", s.Name.String(), t, err)
				continue
			}
			all.statistics = append(all.statistics, statisticsTwin{t, s, name, sql + ";"})
		}
		if twin, ok := p.notNullTwin(t); ok {
			all.notNulls = append(all.notNulls, twin)
		}
	}
	return all, reasons
}

// onIndex reports whether an index names the old column or uses the whole row.
func (p *pair) onIndex(t *dialects.Table, index *dialects.Index) bool {
	if slices.Contains(index.Columns, p.spec.Old) || slices.Contains(index.Keys, p.spec.Old) {
		return true
	}
	if !index.Partial && !index.Expressions {
		return false
	}
	stmt, err := parseOne(index.Definition)
	return err != nil || usesWholeRow(stmt, t)
}

// onConstraint reports whether a constraint names the old column or uses the whole row.
func (p *pair) onConstraint(t *dialects.Table, c *dialects.Constraint) bool {
	if slices.Contains(c.Columns, p.spec.Old) {
		return true
	}
	return c.Kind == dialects.Check && c.Expression != "" && usesOfExpression(c.Expression, t, p.spec.Old) != noUse
}

func (p *pair) indexName(t *dialects.Table, index *dialects.Index) dialects.Name {
	return dialects.Name{
		Schema: t.Name.Schema,
		Name:   helperName(p.spec, index.Name.Name, "index "+index.Name.String()),
	}
}

func (p *pair) indexTwin(r columnRename, index *dialects.Index) (indexTwin, error) {
	twin := indexTwin{table: r.table, index: index, name: p.indexName(r.table, index)}
	twin.constraint = constraintOf(r.table, index)
	var err error
	if twin.constraint != nil && r.table.Kind == dialects.PartitionedTable {
		twin.sql, err = r.constraint(twin.constraint.Definition, twin.name.Name, tableOnly)
	} else {
		twin.sql, err = r.index(index.Definition, twin.name.Name)
	}
	twin.sql += ";"
	return twin, err
}

// constraintOf is the constraint that an index carries, nil for none.
func constraintOf(t *dialects.Table, index *dialects.Index) *dialects.Constraint {
	if index.Constraint == "" {
		return nil
	}
	for _, c := range t.Constraints {
		if c.Name == index.Constraint {
			return c
		}
	}
	return nil
}

// notNullTwin is a table's own NOT NULL; a partition's that it has from its parent is its parent's.
func (p *pair) notNullTwin(t *dialects.Table) (notNullTwin, bool) {
	column := t.Column(p.spec.Old)
	if column == nil || !column.NotNull {
		return notNullTwin{}, false
	}
	twin := notNullTwin{table: t, name: helperName(p.spec, p.spec.New+"_not_null", "not null "+t.Name.String())}
	for _, c := range t.Constraints {
		if c.Kind == dialects.NotNull && slices.Contains(c.Columns, p.spec.Old) {
			twin.constraint = c
			return twin, !c.Inherited
		}
	}
	if t.PartitionOf != nil {
		if parent := p.c.Table(*t.PartitionOf); parent != nil && parent.Column(p.spec.Old) != nil {
			return twin, !parent.Column(p.spec.Old).NotNull
		}
	}
	return twin, true
}
