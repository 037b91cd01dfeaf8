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
		return append(quiet(e), j.referenced(c.Table, c.Constraint)...)
	case dialects.AddConstraint:
		return quiet(j.addConstraintEffect(c))
	case dialects.ValidateConstraint:
		e := j.on(c.Table, shareUpdateExclusive)
		e.Scans = true
		effects := quiet(e)
		if con := j.constraint(c.Table, c.Name); con != nil && con.Kind == dialects.ForeignKey {
			effects = append(effects, j.others(c.Table, *con, rowShare)...)
		}
		return effects
	case dialects.DropConstraint:
		effects := quiet(j.on(c.Table, accessExclusive))
		if con := j.constraint(c.Table, c.Name); con != nil && con.Kind == dialects.ForeignKey {
			effects = append(effects, j.others(c.Table, *con, accessExclusive)...)
		}
		return effects
	case dialects.RenameConstraint, dialects.AlterConstraint:
		return quiet(j.on(change.Target(), accessExclusive))
	}
	return nil
}

func (j judge) addConstraintEffect(c dialects.AddConstraint) dialects.Effect {
	e := j.on(c.Table, accessExclusive)
	switch {
	case c.Constraint.NotValid:
		return e
	case c.Constraint.Kind == dialects.Check:
		return scans(e, checkNotValid)
	case c.UsingIndex == "":
		return builds(e)
	case c.Constraint.Kind == dialects.PrimaryKey && j.indexHasNullable(c.Table, c.UsingIndex):
		return scans(e, setNotNull) // USING INDEX sets its columns NOT NULL without a word
	}
	return e
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
			if column := t.Column(key); column != nil && !column.NotNull && !checkedNotNull(t, key) {
				return true
			}
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

// others is a lock on a foreign key's other table, if that is another one.
func (j judge) others(table dialects.Name, con dialects.Constraint, lock dialects.Lock) []dialects.Effect {
	if con.References == nil || j.Resolve(*con.References) == j.Resolve(table) {
		return nil
	}
	return quiet(j.on(*con.References, lock))
}

// constraint finds a constraint of a table; nil if there is none.
func (j judge) constraint(table dialects.Name, name string) *dialects.Constraint {
	t := j.Table(table)
	if t == nil {
		return nil
	}
	for _, c := range t.Constraints {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// referring are the tables whose foreign keys lead to a table, over others too, by name.
func (j judge) referring(table dialects.Name) []dialects.Name {
	found := []dialects.Name{j.Resolve(table)}
	for i := 0; i < len(found); i++ {
		for _, t := range (replayer{Catalog: j.Catalog}).tablesWhere(func(t *dialects.Table) bool {
			return slices.ContainsFunc(t.Constraints, func(con *dialects.Constraint) bool {
				return con.References != nil && *con.References == found[i]
			})
		}) {
			found = appendNew(found, t.Name)
		}
	}
	return found[1:]
}
