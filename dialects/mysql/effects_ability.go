package mysql

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// work is what carrying a change out in place takes.
type work int

const (
	metadata   work = iota // the dictionary alone
	builds                 // indexes are built or dropped; the rows stay where they are
	rebuilds               // the table is built anew
	impossible             // in place it cannot be done: the rows are copied
)

// ability is how the server can carry out one change, as part of its statement.
type ability struct {
	instant bool
	work    work // where it is not instant
	// waits says that writes wait while it is done in place: LOCK=NONE is refused.
	waits bool
	// exclusive says that even reads wait, though for a moment: no LOCK but EXCLUSIVE goes with it,
	// where it stands alone.
	exclusive bool
	// noCopy says that ALGORITHM=COPY is refused.
	noCopy bool
	// unjudged changes have no algorithm: partitions.
	unjudged bool
	// cause says why it is not cheaper, as the end of "copies t: ".
	cause string
}

// instantly is done in the dictionary; in place it would take the given work.
func instantly(inPlace work) ability { return ability{instant: true, work: inPlace} }

func copies(cause string) ability { return ability{work: impossible, cause: cause} }

// and is both abilities together.
func (a ability) and(b ability) ability {
	worse := a
	if b.work > a.work || b.work == a.work && !b.instant && a.instant {
		worse = b
	}
	return ability{
		instant: a.instant && b.instant, work: max(a.work, b.work), waits: a.waits || b.waits,
		exclusive: a.exclusive && b.exclusive, noCopy: a.noCopy || b.noCopy, cause: worse.cause,
	}
}

// outcome is what a whole ALTER comes to.
type outcome struct {
	ability
	parts  []ability // of each change, in the company of the others
	selves []ability // of each, were it a statement of its own
}

// company reports whether the table is rebuilt or copied for no change's own sake: each would do without by
// itself.
func (o outcome) company() bool {
	worst := o.class()
	return worst >= rebuilds && !slices.ContainsFunc(o.selves, func(a ability) bool { return a.class() >= worst })
}

// class is the work that is left of an ability where it is used.
func (a ability) class() work {
	if a.instant {
		return metadata
	}
	return a.work
}

// judges reports whether the outcome is that of the change too.
func (o outcome) judges(i int) bool { return i < len(o.parts) && !o.parts[i].unjudged }

func (j judge) outcome() outcome {
	o := outcome{}
	first := true
	for _, change := range j.statement.Changes {
		a := j.ability(change)
		o.parts = append(o.parts, a)
		o.selves = append(o.selves, j.byItself(change, a))
		switch {
		case a.unjudged:
		case first:
			o.ability, first = a, false
		default:
			o.ability = o.and(a)
		}
	}
	return o
}

// byItself is what a change takes in a statement of its own. It is the same where it has no company.
func (j judge) byItself(change dialects.Change, here ability) ability {
	if len(j.statement.Changes) == 1 {
		return here
	}
	j.statement.Changes = []dialects.Change{change}
	return j.ability(change)
}

// algorithm is the cheapest that the server accepts.
func (j judge) algorithm(a ability) dialects.Algorithm {
	switch {
	case a.instant:
		return dialects.AlgorithmInstant
	case a.work == impossible:
		return dialects.AlgorithmCopy
	case a.work < rebuilds && j.isMariaDB():
		return dialects.AlgorithmNoCopy
	}
	return dialects.AlgorithmInPlace
}

// accepts reports whether the server carries the ALTER out when it is asked for an algorithm and a
// lock; an empty lock is none that was asked for.
func (j judge) accepts(a ability, algorithm dialects.Algorithm, lock string) bool {
	copying := false
	switch algorithm {
	case dialects.AlgorithmInstant:
		if !a.instant || lock != "" && !j.isMariaDB() { // MySQL refuses the two together
			return false
		}
	case dialects.AlgorithmNoCopy:
		if !a.instant && a.work > builds {
			return false
		}
	case dialects.AlgorithmInPlace:
		if a.work == impossible {
			return false
		}
	case dialects.AlgorithmCopy:
		if a.noCopy {
			return false
		}
		copying = true
	}
	switch lock {
	case "NONE":
		if copying {
			return j.copiesOnline()
		}
		// MySQL goes by what it would take in place, once it is asked to do it so.
		return (a.instant && (j.isMariaDB() || algorithm != dialects.AlgorithmInPlace) || !a.waits) && !a.exclusive
	case "SHARED":
		return copying || !a.exclusive
	}
	return true
}

// copiesOnline reports whether writes go on while rows are copied: MariaDB from 11.2 on.
func (j judge) copiesOnline() bool {
	return j.isMariaDB() && j.server.AtLeast(11, 2) && j.settings.onlineCopyAllowed
}

// ability is what one change takes, in the company of the statement's others.
func (j judge) ability(change dialects.Change) ability {
	t := j.Table(change.Target())
	if i, ok := change.(dialects.DropIndex); ok {
		t = j.Table(i.Table)
	}
	if i, ok := change.(dialects.RenameIndex); ok {
		t = j.Table(i.Table)
	}
	if o, ok := change.(dialects.AlterObject); ok {
		t = j.Table(o.Table)
	}
	if t == nil {
		t = &dialects.Table{Engine: innoDB, RowFormat: dynamicFormat} // somebody else's: an ordinary one
	}
	switch c := change.(type) {
	case dialects.AddColumn:
		return j.addColumnAbility(t, c)
	case dialects.DropColumn:
		return j.dropColumnAbility(t, c)
	case dialects.RenameColumn:
		return j.renameColumnAbility(t, c.Column)
	case dialects.RedefineColumn:
		return j.redefineAbility(t, c)
	case dialects.SetDefault, dialects.AlterColumn:
		return instantly(metadata)
	case dialects.CreateIndex:
		return j.createIndexAbility(t, c.Index)
	case dialects.DropIndex:
		if i := findIndex(t, c.Index.Name); i != nil && i.Expressions {
			return j.expressionIndexAbility(t, j.dictionary(false))
		}
		return j.dictionary(false)
	case dialects.RenameIndex, dialects.AlterObject:
		return j.dictionary(true)
	case dialects.AddForeignKey:
		return j.addForeignKeyAbility(t, c.Constraint)
	case dialects.AddConstraint:
		if c.Constraint.NotEnforced {
			return instantly(metadata)
		}
		return copies("every row is checked")
	case dialects.AlterConstraint:
		if c.What == "enforced" {
			return copies("every row is checked")
		}
		return instantly(metadata)
	case dialects.DropConstraint:
		return j.dropConstraintAbility(t, c)
	case dialects.RenameTable:
		return ability{instant: true, exclusive: true}
	case dialects.AlterTable:
		return j.alterTableAbility(t, c)
	}
	return ability{unjudged: true}
}

// dictionary is a change of the dictionary alone that MySQL does in place and does not call instant;
// MariaDB does where it says so.
func (j judge) dictionary(instantOnMariaDB bool) ability {
	if j.isMariaDB() && instantOnMariaDB {
		return instantly(metadata)
	}
	return ability{work: metadata}
}

// hasSpatial reports whether a table keeps a SPATIAL index: neither server rebuilds it with writes going on.
func (j judge) hasSpatial(t *dialects.Table) bool {
	return slices.ContainsFunc(j.indexesLeft(t), func(i *dialects.Index) bool { return i.Method == rtree })
}

// rebuilt is a rebuild in place. A FULLTEXT index stands in its way: MySQL copies, MariaDB has
// writes wait with one and copies with several. Engines other than InnoDB copy.
func (j judge) rebuilt(t *dialects.Table, cause string) ability {
	texts := 0
	for _, i := range t.Indexes {
		if i.Method == fulltext {
			texts++
		}
	}
	switch {
	case t.Engine != innoDB && t.Engine != "":
		return copies("the engine is " + t.Engine)
	case texts > 1 || texts == 1 && !j.isMariaDB():
		if cause != "" && cause != hasFulltext {
			cause += ", and "
		}
		return copies(strings.TrimSuffix(cause, hasFulltext) + hasFulltext)
	}
	return ability{work: rebuilds, waits: texts == 1 || j.hasSpatial(t) || j.hasIndexedVirtual(t), cause: cause}
}
