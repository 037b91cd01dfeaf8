package mysql

import (
	"context"
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
)

// known are the objects that the plan accounts for, as [Database.Recheck] calls them.
func (p *pair) known() []string {
	known := p.programs()
	for _, i := range p.twins() {
		known = append(known, "index "+p.twinName(i))
	}
	slices.Sort(known)
	return known
}

// Recheck reads the catalog again and names each object that would be lost or broken with the form that
// contract takes away, or that stands in contract's way, and each trigger that undoes what the sync
// triggers do (dual-write.md, A8). What stands on the old column needs no name: it goes along to the new
// name. None means that contract may go on, from wherever it is: after the columns have swapped names
// the bare form is called by the old one.
//
// Both servers let information_schema be read while tables are held by LOCK TABLES, and show it as
// it is: tried on 9.7 and 10.11.
func (d *Database) Recheck(ctx context.Context, q dialects.Queryer, spec dialects.DualWriteSpec, known []string) ([]string, error) {
	c, err := d.Inspect(ctx, q)
	if err != nil {
		return nil, err
	}
	p := d.dialect().pairOf(c, spec)
	switch {
	case p.table == nil:
		return []string{fmt.Sprintf("table %s is gone", spec.Table)}, nil
	case findColumn(p.table, spec.New) == nil:
		return []string{fmt.Sprintf("column %s is gone: roll back and start again", p.newName())}, nil
	case p.old == nil || findColumn(p.table, spec.Old) == nil:
		return nil, nil // contract is through
	}
	messages := p.obstacles()
	if p.swapped() { // the rest is behind it
		messages = append(p.badTable(), p.badTriggers()...)
	}
	messages = append(messages, p.onBare(known)...)
	for _, v := range p.views() {
		messages = append(messages, fmt.Sprintf("view %s reads %s: make it read %s (CREATE OR REPLACE VIEW), or drop it", v.Name, p.oldName(), spec.New))
	}
	for _, u := range p.programs() {
		if !slices.Contains(known, u) {
			messages = append(messages, fmt.Sprintf("%s has the word %s in its text and is not in the plan: make it use %s, or drop it", u, spec.Old, spec.New))
		}
	}
	if p.swapped() {
		return messages, nil
	}
	return slices.Concat(messages, p.drifted(), p.triggersAstray()), nil
}

// bare is the second form, whatever it is called at the moment.
func (p *pair) bare() *dialects.Column {
	if p.swapped() {
		return findColumn(p.table, p.spec.Old)
	}
	return findColumn(p.table, p.spec.New)
}

// onBare names what stands on the second form and would go with it, or keep it from going.
func (p *pair) onBare(known []string) []string {
	var messages []string
	bare := p.bare().Name
	say := func(object string) {
		messages = append(messages, fmt.Sprintf("%s stands on %s.%s, which contract drops: drop it, and make it on %s, whose parts contract gives to %s",
			object, p.table.Name, bare, p.old.Name, p.spec.New))
	}
	for _, i := range p.table.Indexes {
		if contains(i.Columns, bare) && !slices.Contains(known, "index "+i.Name.Name) {
			say("index " + i.Name.Name)
		}
	}
	for _, con := range p.table.Constraints {
		if con.Index == "" && contains(con.Columns, bare) {
			say(fmt.Sprintf("%s %s", con.Kind, con.Name))
		}
	}
	for _, t := range sortedTables(p.c) {
		for _, con := range t.Constraints {
			if con.References != nil && p.c.Resolve(*con.References) == p.spec.Table && contains(con.ReferencedColumns, bare) {
				say(fmt.Sprintf("foreign key %s of %s", con.Name, t.Name))
			}
		}
	}
	for _, c := range p.table.Columns {
		if c.Generated != "" && contains(expressionColumns(c.Generated), bare) {
			say("generated column " + c.Name)
		}
	}
	return messages
}

// drifted names what was changed on one of the two columns alone since the new one was made.
func (p *pair) drifted() []string {
	var messages []string
	n := p.bare()
	if n.Type != p.old.Type || n.Charset != p.old.Charset || n.Collation != p.old.Collation {
		messages = append(messages, fmt.Sprintf("columns %s and %s of %s have different types: one was changed; give both the same", p.spec.Old, p.spec.New, p.table.Name))
	}
	return messages
}

// triggersAstray names sync triggers that are gone, and triggers that run behind them and name the new
// column. Those for NULLs are not missed: what they change is only in the form that goes.
func (p *pair) triggersAstray() []string {
	var messages []string
	for _, event := range []rowEvent{onInsert, onUpdate} {
		name := p.triggerName(twoWay, event)
		at := slices.IndexFunc(p.table.Triggers, func(g *dialects.Trigger) bool { return g.Name == name })
		if at < 0 {
			messages = append(messages, fmt.Sprintf("the sync trigger %s of %s is gone: roll back and start again", name, p.table.Name))
			continue
		}
		for _, g := range p.table.Triggers[at+1:] {
			if !isHelper(g.Name) && g.Before && slices.Contains(g.Events, string(event)) && contains(g.Columns, p.spec.New) {
				messages = append(messages, fmt.Sprintf("trigger %s of %s names %s and runs behind the sync trigger: make it again with PRECEDES %s",
					g.Name, p.table.Name, p.spec.New, name))
			}
		}
	}
	return messages
}
