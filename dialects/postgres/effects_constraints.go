package postgres

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

func (j judge) constraintEffects(change dialects.Change) []dialects.Effect {
	switch c := change.(type) {
	case dialects.AddForeignKey:
		e := j.on(c.Table, shareRowExclusive)
		if !c.Constraint.NotValid {
			e = j.scanForeignKey(e, c.Constraint)
		}
		return append(j.adds(e, j.inPartitions(e)), j.referenced(c.Table, c.Constraint)...)
	case dialects.AddConstraint:
		return j.addConstraintEffects(c)
	case dialects.ValidateConstraint:
		return j.validateEffects(c)
	case dialects.DropConstraint:
		return j.dropConstraintEffects(c)
	case dialects.RenameConstraint:
		e := j.on(c.Table, accessExclusive)
		if con := j.constraint(c.Table, c.Name); con != nil && con.Kind == dialects.Check {
			return j.below(e)
		}
		return quiet(e)
	case dialects.AlterConstraint:
		return j.inPartitions(j.on(c.Table, accessExclusive))
	}
	return nil
}

func (j judge) addConstraintEffects(c dialects.AddConstraint) []dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	switch {
	case c.Constraint.Kind == dialects.Check:
		if !c.Constraint.NotValid {
			e = scans(e, checkNotValid)
		}
		if isNoInherit(&c.Constraint) {
			return j.adds(e, quiet(e))
		}
		return j.below(e)
	case c.UsingIndex == "":
		return j.adds(e, j.addIndexEffects(e, c.Constraint))
	case c.Constraint.Kind == dialects.PrimaryKey && j.indexHasNullable(c.Table, c.UsingIndex):
		return quiet(scans(e, setNotNull)) // USING INDEX sets its columns NOT NULL without a word
	}
	return quiet(e)
}

// addIndexEffects are those of a constraint with an index: each partition builds its part.
func (j judge) addIndexEffects(e dialects.Effect, con dialects.Constraint) []dialects.Effect {
	t := j.Table(e.Table)
	if t == nil || t.Kind != dialects.PartitionedTable {
		return quiet(builds(e))
	}
	lock := share
	if con.Kind == dialects.PrimaryKey && slices.ContainsFunc(con.Columns, func(name string) bool {
		column := t.Column(name)
		return column != nil && !column.NotNull
	}) {
		lock = accessExclusive // to set the columns NOT NULL
	}
	effects := j.buildsParts(e, func(part *dialects.Table) bool {
		return slices.ContainsFunc(part.Constraints, func(own *dialects.Constraint) bool {
			return own.Kind == con.Kind && !own.Inherited && own.Definition == con.Definition
		})
	})
	for i := range effects[1:] {
		effects[i+1].Lock = lock
	}
	return effects
}

// adds are the effects of adding a constraint. From 18 on the lock is taken on every table below the one
// that is altered, whether or not the constraint gets there.
func (j judge) adds(e dialects.Effect, effects []dialects.Effect) []dialects.Effect {
	if !j.version().AtLeast(18, 0) {
		return effects
	}
	e.Scans, e.Rewrites, e.Hazards = false, false, nil
	for _, lock := range j.below(e)[1:] {
		at := slices.IndexFunc(effects, func(have dialects.Effect) bool { return have.Table == lock.Table })
		if at < 0 {
			effects = append(effects, lock)
		} else {
			effects[at].Lock = lock.Lock
		}
	}
	return effects
}

// validateEffects finds nothing to do where the constraint is valid already.
func (j judge) validateEffects(c dialects.ValidateConstraint) []dialects.Effect {
	e := j.on(c.Table, shareUpdateExclusive)
	con := j.constraint(c.Table, c.Name)
	if con != nil && !con.NotValid {
		return quiet(e)
	}
	e.Scans = true
	if con == nil || con.Kind != dialects.ForeignKey {
		return j.below(e)
	}
	return append(j.inPartitions(e), j.others(c.Table, *con, rowShare)...)
}

func (j judge) dropConstraintEffects(c dialects.DropConstraint) []dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	con := j.constraint(c.Table, c.Name)
	if con == nil {
		return quiet(e)
	}
	switch con.Kind {
	case dialects.Check:
		return j.belowOrBequeathed(e)
	case dialects.ForeignKey:
		return append(j.inPartitions(e), j.others(c.Table, *con, accessExclusive)...)
	}
	effects := j.inPartitions(e)
	if c.Cascade {
		effects = append(effects, j.lockReferencing(c.Table, "", accessExclusive)...)
	}
	return effects
}

// indexHasNullable reports whether a column of the index may be NULL as far as is known.
func (j judge) indexHasNullable(table dialects.Name, index string) bool {
	t := j.Table(table)
	if t == nil {
		return false
	}
	for _, i := range t.Indexes {
		if i.Name.Name != index {
			continue
		}
		for _, key := range i.Keys {
			if t.Column(key) != nil && !j.provesNotNull(t, key) {
				return true
			}
		}
	}
	return false
}

// checkedNotNull reports whether a valid constraint says that a column holds no NULL, which spares a scan.
func checkedNotNull(t *dialects.Table, column string) bool {
	return slices.ContainsFunc(t.Constraints, func(con *dialects.Constraint) bool {
		return con.Kind == dialects.NotNull && !con.NotValid && slices.Equal(con.Columns, []string{column}) || checksNotNull(con, column)
	})
}

// checksNotNull reports whether a constraint is a valid CHECK that has column IS NOT NULL as a part that
// must hold.
func checksNotNull(con *dialects.Constraint, column string) bool {
	if con.Kind != dialects.Check || con.NotValid {
		return false
	}
	expr, err := parseExpression(con.Expression)
	if err != nil {
		return false
	}
	for _, part := range conjuncts(expr) {
		words := texts(part.GetNullTest().GetArg().GetColumnRef().GetFields())
		if isNotNullTest(part) && len(words) > 0 && words[len(words)-1] == column {
			return true
		}
	}
	return false
}

// scanForeignKey adds the check of all rows that a new foreign key takes. Both tables wait for it.
func (j judge) scanForeignKey(e dialects.Effect, con dialects.Constraint) dialects.Effect {
	e.Scans = true
	referenced := j.Resolve(*con.References)
	if referenced == e.Table {
		return stops(e, foreignKeyNotValid, "scans %s under %s: %s", e.Table, e.Lock, waits(e.Lock))
	}
	return stops(e, foreignKeyNotValid, "scans %s under %s: %s, and writes to %s", e.Table, e.Lock, waits(e.Lock), referenced)
}

// referenced is the lock that a new foreign key takes on the other table. It is held for as long as
// the rows are checked; where there are none, or NOT VALID says so, that is a moment.
func (j judge) referenced(table dialects.Name, con dialects.Constraint) []dialects.Effect {
	return j.others(table, con, shareRowExclusive)
}

// others is a lock on a foreign key's other table, if that is another one, and on its partitions.
func (j judge) others(table dialects.Name, con dialects.Constraint, lock dialects.Lock) []dialects.Effect {
	if con.References == nil || j.Resolve(*con.References) == j.Resolve(table) {
		return nil
	}
	return j.locks(*con.References, lock)
}

// constraint finds a constraint of a table; nil if there is none.
func (j judge) constraint(table dialects.Name, name string) *dialects.Constraint {
	if t := j.Table(table); t != nil {
		return findConstraint(t, name)
	}
	return nil
}
