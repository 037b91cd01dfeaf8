package compat

import (
	"maps"
	"slices"
)

// Check says whether a version works on a schema state, why not, and which phases wait for it to
// go. The worst problem decides: no, then unknown, then not-yet. The same version and state give
// the same readiness, in the same order.
func Check(v Version, s Schema) Readiness {
	c := check{schema: s, answer: Yes, problems: []Problem{}}
	if v.Manifest == nil {
		c.withoutManifest()
	} else {
		for _, start := range v.Manifest.starts() {
			c.start(start)
		}
	}
	return Readiness{Answer: c.answer, Problems: c.problems, Holds: holds(v, s.Forms)}
}

// holds are contracts that wait for a version which needs the old form, and rollbacks that wait
// for one which needs the new: those that ask, since before dual-write no version has the new form.
func holds(v Version, forms []Form) []Hold {
	held := []Hold{}
	add := func(f Form, phase string, need Need) {
		h := Hold{Migration: f.id(), Phase: phase, Message: need.Message}
		if need.Needed == Yes && !slices.Contains(held, h) {
			held = append(held, h)
		}
	}
	for _, f := range forms {
		if f.Stage != Contracting && f.Stage != Contracted {
			add(f, "contract", NeedsOld(v, f))
		}
		if f.Stage == Both {
			add(f, "rollback", NeedsNew(v, f))
		}
	}
	return held
}

// check gathers problems; the worst answer stays.
type check struct {
	schema   Schema
	answer   Answer
	problems []Problem
}

// severity orders answers from yes to the worst.
var severity = map[Answer]int{Yes: 0, NotYet: 1, Unknown: 2, No: 3}

func (c *check) add(a Answer, p Problem) {
	if severity[a] > severity[c.answer] {
		c.answer = a
	}
	if !slices.Contains(c.problems, p) {
		c.problems = append(c.problems, p)
	}
}

// withoutManifest: such a version is taken to need every old form. What a former contract took,
// and whether it needed that, nobody can tell.
func (c *check) withoutManifest() {
	contracted := c.schema.Contracted
	for _, f := range c.schema.Forms {
		switch f.Stage {
		case Contracting:
			c.lostOld(f, "there is no manifest that says it can do without")
		case Contracted:
			contracted = true
		}
	}
	if contracted {
		c.add(Unknown, Problem{Kind: NoManifest,
			Message: "there is no manifest, and a contract has been passed on this database, so nothing can be known; " +
				"give a segue.app.yaml, or the migrations that it is ready for"})
	}
}

func (c *check) start(m *Manifest) {
	for _, entry := range m.readyFor() {
		c.readyFor(entry)
	}
	if m.Uses == nil {
		for _, f := range c.schema.Forms {
			if gone(f) && !m.lets(f) {
				c.lostOld(f, "ready_for does not name "+f.id()+"; name it there once the version lives on "+f.Table+"."+f.New)
			}
		}
		return
	}
	for _, name := range slices.Sorted(maps.Keys(m.Uses)) {
		c.table(m, name)
	}
	for _, f := range c.schema.Forms {
		c.contradiction(m, f)
	}
}

// readyFor asks for the new form of a migration. id is as migrationID spells it.
func (c *check) readyFor(id string) {
	known := []string{}
	forms := false
	for _, f := range c.schema.Forms {
		known = append(known, f.id())
		if f.id() == id {
			forms = true
			c.newForm(f)
		}
	}
	if forms {
		return
	}
	for _, m := range c.schema.Migrations {
		mid := migrationID(m.Project, m.Version)
		known = append(known, mid)
		if mid != id {
			continue
		}
		if m.Progress != Finished {
			c.add(NotYet, Problem{Kind: PendingForm, Migration: id, Until: "expand",
				Message: "migration " + id + " is not through yet"})
		}
		return
	}
	c.add(No, Problem{Kind: UnknownMigration, Migration: id,
		Message: "ready_for names migration " + id + ", which neither the ledger nor the migrations directory knows" +
			suggestion(id, known)})
}

// newForm asks for the new form of a column.
func (c *check) newForm(f Form) {
	p := Problem{Table: f.Table, Column: f.New, Migration: f.id()}
	column := f.Table + "." + f.New
	switch f.Stage {
	case Pending:
		p.Kind, p.Until = PendingForm, dualWrite
		p.Message = "migration " + f.id() + ", which brings " + column + ", has not been started"
		c.add(NotYet, p)
	case Filling:
		p.Kind, p.Until = Backfilling, dualWrite
		p.Message = column + " is still being filled by migration " + f.id() + "; it must not be read or written before dual-write"
		c.add(NotYet, p)
	case Undone:
		p.Kind, p.Until = PendingForm, dualWrite
		p.Message = "migration " + f.id() + ", which brings " + column + ", was rolled back, and is taken up again only by name: segue up " + f.Migration
		c.add(NotYet, p)
	case Undoing:
		p.Kind = GoingBack
		p.Message = "migration " + f.id() + " is being rolled back, and takes " + column + " away"
		c.add(No, p)
	}
}

// lostOld reports an old form that is going or gone.
func (c *check) lostOld(f Form, why string) {
	went := " was taken away by the contract of migration "
	if f.Stage == Contracting {
		went = " is being taken away by the contract of migration "
	}
	c.add(No, Problem{Kind: Removed, Table: f.Table, Column: f.Old, Migration: f.id(),
		Message: f.Table + "." + f.Old + went + f.id() + ", and " + why})
}

// contradiction finds what cannot all be true of one version.
func (c *check) contradiction(m *Manifest, f Form) {
	if f.keepsName() {
		return
	}
	if said := m.naming(f.Table, f.Old); said != "" && m.lets(f) && !gone(f) {
		c.add(No, Problem{Kind: Contradiction, Table: f.Table, Column: f.Old, Migration: f.id(),
			Message: "ready_for names " + f.id() + ", which lets go of " + f.Table + "." + f.Old + ", but the version " + said})
	}
	for _, name := range m.tables(f.Table) {
		write := m.Uses[name].Write
		if f.Stage != Contracted && slices.Contains(write, f.Old) && slices.Contains(write, f.New) {
			c.add(No, Problem{Kind: WritesBoth, Table: f.Table, Column: f.New, Migration: f.id(),
				Message: "writes both " + name + "." + f.Old + " and " + name + "." + f.New +
					", which are one value: where they differ the old name's is lost; write one of them"})
		}
	}
}

// gone reports that the old form must no longer be counted on.
func gone(f Form) bool { return f.Stage == Contracting || f.Stage == Contracted }

// dualWrite is the phase from which on the new form may be used.
const dualWrite = "dual-write"
