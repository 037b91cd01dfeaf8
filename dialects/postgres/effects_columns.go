package postgres

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

func (j judge) columnEffects(change dialects.Change) []dialects.Effect {
	switch c := change.(type) {
	case dialects.AddColumn:
		return j.addColumnEffects(c)
	case dialects.DropColumn:
		return j.dropColumnEffects(c)
	case dialects.RenameColumn:
		e := j.on(c.Table, accessExclusive)
		return j.below(breaks(e, renameColumn, "apps that name %s.%s fail", e.Table, c.Column))
	case dialects.AlterColumnType:
		return j.changeTypeEffects(c)
	case dialects.SetNotNull:
		return j.setNotNullEffects(c)
	case dialects.SetDefault, dialects.DropNotNull:
		return j.below(j.on(change.Target(), accessExclusive))
	case dialects.AlterColumn:
		return j.alterColumnEffects(c)
	}
	return nil
}

// alterColumnEffects goes down to the tables below for what those have of their parent. Source:
// ATPrepCmd in src/backend/commands/tablecmds.c.
func (j judge) alterColumnEffects(c dialects.AlterColumn) []dialects.Effect {
	switch c.What {
	case "set options", "reset options":
		return quiet(j.on(c.Table, shareUpdateExclusive))
	case "set statistics":
		return j.below(j.on(c.Table, shareUpdateExclusive))
	case "set storage", "drop expression":
		return j.below(j.on(c.Table, accessExclusive))
	case "add identity", "set generated", "drop identity":
		if j.version().AtLeast(17, 0) { // partitions have had the parent's since
			return j.inPartitions(j.on(c.Table, accessExclusive))
		}
	}
	return quiet(j.on(c.Table, accessExclusive))
}

func (j judge) addColumnEffects(c dialects.AddColumn) []dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	t := j.Table(c.Table)
	if c.IfNotExists && t != nil && t.Column(c.Column.Name) != nil {
		return quiet(e)
	}
	col := c.Column
	filled := col.Default != "" || col.Identity != "" || col.Generated != "" || col.Sequence != nil
	switch {
	case j.addRewrites(col):
		e = rewrites(e, addColumnRewrite)
	case col.NotNull && !filled:
		e = breaks(e, notNullWithoutDefault,
			"fails if %s has rows, and apps that do not write %s can insert none", e.Table, col.Name)
	}
	below := e // a table that inherits gets neither an index nor a foreign key
	var others []dialects.Effect
	for _, con := range c.Constraints {
		switch con.Kind {
		case dialects.Check:
			e = scans(e, checkNotValid)
			below.Scans = below.Scans || !isNoInherit(&con)
		case dialects.ForeignKey:
			// All rows are NULL where there is no default, not even DEFAULT NULL, and the server knows it: it
			// looks at none. Source: transformAlterTableStmt in src/backend/parser/parse_utilcmd.c.
			if filled || j.hasDefault(col.Name) {
				e = j.scanForeignKey(e, con)
			}
			others = append(others, j.referenced(c.Table, con)...)
		default:
			e = builds(e)
		}
	}
	effects := j.below(e)
	if t != nil && t.Kind != dialects.PartitionedTable {
		for i := range effects[1:] {
			effects[i+1].Scans = below.Scans
		}
	}
	return append(effects, others...)
}

// hasDefault reports whether the statement writes a default for a new column, DEFAULT NULL too.
func (j judge) hasDefault(column string) bool {
	stmt, err := treeOf(j.statement)
	if err != nil {
		return false
	}
	for _, n := range stmt.GetAlterTableStmt().GetCmds() {
		if def := n.GetAlterTableCmd().GetDef().GetColumnDef(); def.GetColname() == column {
			for _, con := range def.Constraints {
				if con.GetConstraint().GetContype().String() == "CONSTR_DEFAULT" {
					return true
				}
			}
		}
	}
	return false
}

// addRewrites reports whether adding the column rewrites the table: where its value differs from row
// to row, or, before 11, where it has one.
func (j judge) addRewrites(col dialects.Column) bool {
	if col.Identity != "" || col.Generated != "" || col.Sequence != nil || j.isConstrained(col.Type) {
		return true
	}
	return col.Default != "" && (!j.version().AtLeast(11, 0) || j.isVolatile(col.Default))
}

// dropColumnEffects are on what goes with the column too: foreign keys of either end, and views.
func (j judge) dropColumnEffects(c dialects.DropColumn) []dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	t := j.Table(c.Table)
	if c.IfExists && t != nil && t.Column(c.Column) == nil {
		return quiet(e)
	}
	effects := j.belowOrBequeathed(breaks(e, dropColumn, "apps that read or write %s.%s fail, and its values are gone", e.Table, c.Column))
	if t == nil {
		return effects
	}
	effects = append(effects, j.lockReferenced(t, accessExclusive, func(con *dialects.Constraint) bool {
		return slices.Contains(con.Columns, c.Column) && !con.NotEnforced
	})...)
	if c.Cascade {
		effects = append(effects, j.lockReferencing(c.Table, c.Column, accessExclusive)...)
		effects = append(effects, j.lockViews(c.Table, c.Column, accessExclusive)...)
	}
	return effects
}

// setNotNullEffects asks each table for a proof of its own: a column that is NOT NULL already, or a
// valid CHECK that says it.
func (j judge) setNotNullEffects(c dialects.SetNotNull) []dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	if j.Table(c.Table) == nil {
		return quiet(scans(e, setNotNull))
	}
	effects := j.below(e)
	told := false
	for i := range effects {
		if t := j.Tables[effects[i].Table]; !j.provesNotNull(t, c.Column) {
			effects[i].Scans = true
			if !told {
				effects[i] = scans(effects[i], setNotNull)
			}
			told = true
		}
	}
	return effects
}

// provesNotNull reports whether no row has to be looked at to know that a column holds no NULL. A CHECK
// that the same statement drops proves nothing
// (https://www.postgresql.org/docs/18/sql-altertable.html, SET NOT NULL).
func (j judge) provesNotNull(t *dialects.Table, column string) bool {
	for _, con := range t.Constraints {
		if con.Kind == dialects.NotNull && slices.Equal(con.Columns, []string{column}) {
			return !con.NotValid // where it is not valid the column is marked NOT NULL all the same
		}
	}
	if c := t.Column(column); c != nil && c.NotNull {
		return true
	}
	return j.version().AtLeast(12, 0) && slices.ContainsFunc(t.Constraints, func(con *dialects.Constraint) bool {
		return !j.drops(con.Name) && checksNotNull(con, column)
	})
}

// drops reports whether the statement drops a constraint, which comes before all else that it does.
func (j judge) drops(constraint string) bool {
	return slices.ContainsFunc(j.statement.Changes, func(change dialects.Change) bool {
		c, ok := change.(dialects.DropConstraint)
		return ok && c.Name == constraint
	})
}
