package postgres

import (
	"slices"

	"github.com/segue-db/segue/dialects"
)

// addColumn has the constraints that are written within a new column added on their own, NOT VALID, or their index
// built beside the traffic.
func (a *alterFixer) addColumn(i int, def *astColumnDef) {
	starts := a.elementStarts(i, def)
	var attributed *astConstraint // the one that a DEFERRABLE behind it is about
	for n, node := range def.Constraints {
		con := node.GetConstraint()
		kind := constraintKinds[con.Contype.String()]
		if kind == "" {
			continue
		}
		attributed = clone(con)
		end := n + 1
		for ; end < len(def.Constraints) && isAttribute(def.Constraints[end].GetConstraint()); end++ {
			deferred := def.Constraints[end].GetConstraint().Contype.String() == "CONSTR_ATTR_DEFERRED"
			deferrable := def.Constraints[end].GetConstraint().Contype.String() == "CONSTR_ATTR_DEFERRABLE"
			attributed.Deferrable = attributed.Deferrable || deferred || deferrable
			attributed.Initdeferred = attributed.Initdeferred || deferred
		}
		at := a.spanAt(i, int(con.Location), starts)
		if at.lo >= at.hi {
			a.giveUp()
			return
		}
		a.moveOut(at, attributed, kind, def.Colname)
	}
}

func isAttribute(con *astConstraint) bool {
	switch con.Contype.String() {
	case "CONSTR_ATTR_DEFERRABLE", "CONSTR_ATTR_NOT_DEFERRABLE", "CONSTR_ATTR_DEFERRED", "CONSTR_ATTR_IMMEDIATE":
		return true
	}
	return false
}

// elementStarts are the offsets at which what is written within a column starts. Attributes are a part of what they
// stand behind.
func (a *alterFixer) elementStarts(i int, def *astColumnDef) []int {
	starts := []int{a.script.end(a.subs[i])}
	for _, node := range def.Constraints {
		if con := node.GetConstraint(); !isAttribute(con) {
			starts = append(starts, int(con.Location))
		}
	}
	if def.CollClause != nil {
		starts = append(starts, int(def.CollClause.Location))
	}
	slices.Sort(starts)
	return starts
}

// spanAt are the tokens from an offset up to the next start.
func (a *alterFixer) spanAt(i, from int, starts []int) span {
	to := starts[len(starts)-1]
	for _, start := range starts {
		if start > from {
			to = start
			break
		}
	}
	s := span{a.subs[i].hi, a.subs[i].hi}
	for t := a.subs[i].hi - 1; t >= a.subs[i].lo; t-- {
		if a.script.tokens[t].start >= from {
			s.lo = t
		}
		if a.script.tokens[t].start >= to {
			s.hi = t
		}
	}
	return s
}

// moveOut takes a constraint out of its column.
func (a *alterFixer) moveOut(at span, con *astConstraint, kind dialects.ConstraintKind, column string) {
	rule := ruleFor(kind)
	if !a.wants(rule) {
		return
	}
	partitioned := a.table != nil && a.table.Kind == dialects.PartitionedTable
	name, ok := a.nameOf(con, column)
	if !ok || kind == dialects.PrimaryKey || kind == dialects.Unique && partitioned || kind == dialects.ForeignKey && !a.bearsNotValid() {
		a.fail(rule)
		return
	}
	body := a.script.text(a.behindName(at.lo), at.hi)
	start := a.script.tokens[at.lo-1].end
	a.edits = append(a.edits, dialects.TextEdit{Start: start, End: a.script.end(at)})
	comments := a.script.commentsIn(start, a.script.start(at))
	switch kind {
	case dialects.Unique:
		sql := "CREATE UNIQUE INDEX CONCURRENTLY " + quote(name) + " ON " + a.relation + " (" + quote(column) + ")" + a.indexOptions(at.lo, at.hi, con)
		a.after = append(a.after, dialects.Part{SQL: headed(comments, sql), Apart: dialects.Outside, Name: lowerWords("create", name)})
		a.follow(lowerWords("add", name), a.head+" ADD CONSTRAINT "+quote(name)+" UNIQUE USING INDEX "+quote(name)+deferral(con))
		a.cure(indexNotConcurrent, "build the index CONCURRENTLY, and have the constraint take it over")
		return
	case dialects.ForeignKey:
		body = "FOREIGN KEY (" + quote(column) + ") " + body
	}
	a.added = append(a.added, headed(comments, "ADD CONSTRAINT "+quote(name)+" "+body+" NOT VALID"))
	a.validate(name)
	a.cureNotValid(kind)
}

// behindName is the index behind CONSTRAINT name where that stands at i.
func (a *alterFixer) behindName(i int) int {
	if a.script.is(i, "CONSTRAINT") {
		return a.script.nameEnd(i + 1)
	}
	return i
}
