package mysql

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// twins are the visible indexes on the old column: reads by the new name need their like. A twin of a
// unique index is an ordinary one, since the old column's holds for both: a second unique key would
// be a second one for an upsert to meet. One with an expression has none: writes would wait while it
// is built.
func (p *pair) twins() []*dialects.Index {
	var twins []*dialects.Index
	for _, i := range p.table.Indexes {
		if contains(i.Columns, p.spec.Old) && !i.Invisible && !i.Primary && !functional(i) && !isHelper(i.Name.Name) {
			twins = append(twins, i)
		}
	}
	return twins
}

func functional(i *dialects.Index) bool {
	return slices.ContainsFunc(i.Parts, func(part dialects.IndexPart) bool { return part.Expression != "" })
}

func (p *pair) twinName(i *dialects.Index) string {
	return helperName(p.spec, i.Name.Name, "index "+i.Name.Name)
}

// build makes the new column's indexes beside writers.
func (p *pair) build() []dialects.Action {
	var actions []dialects.Action
	for _, i := range p.twins() {
		name := p.twinName(i)
		actions = append(actions, dialects.Action{
			SQL:  fmt.Sprintf("ALTER TABLE %s ADD INDEX %s (%s), ALGORITHM=INPLACE, LOCK=NONE;", qualified(p.spec.Table), quote(name), p.twinParts(i)),
			Undo: p.undoIndex(name), Probe: exists("statistics", p.spec.Table, "index_name", name),
			Why:    fmt.Sprintf("lets apps read by the new name as by the old one's %s, until contract", i.Name.Name),
			Tables: []dialects.Name{p.spec.Table}, Blocks: dialects.BlocksNothing, Scans: true,
		})
	}
	return actions
}

func (p *pair) twinParts(i *dialects.Index) string {
	var parts []string
	for _, part := range i.Parts {
		text := quote(part.Column)
		if strings.EqualFold(part.Column, p.spec.Old) {
			text = quote(p.spec.New)
		}
		if part.Length > 0 {
			text += fmt.Sprintf("(%d)", part.Length)
		}
		if part.Descending {
			text += " DESC"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

func (p *pair) undoIndex(name string) string {
	drop := fmt.Sprintf("ALTER TABLE %s DROP INDEX %s, ALGORITHM=INPLACE, LOCK=NONE", qualified(p.spec.Table), quote(name))
	if p.isMariaDB() {
		return strings.Replace(drop, "DROP INDEX ", "DROP INDEX IF EXISTS ", 1) + ";"
	}
	return ifThere("statistics", p.spec.Table, "index_name", name, drop)
}

// twoWay gives the triggers their two-way body with no moment in which there is none: each two-way
// trigger is made behind the one that fills, which goes afterwards. While both are there a row comes
// out as the first leaves it, with both sides alike.
func (p *pair) twoWay() []dialects.Action {
	var actions []dialects.Action
	events := []rowEvent{onUpdate, onInsert}
	for _, event := range events {
		actions = append(actions, p.addTrigger(twoWay, event, "FOLLOWS "+quote(p.triggerName(fillOnly, event)),
			fmt.Sprintf("lets an %s write either column, NULL included, as soon as the trigger that fills is gone", event)))
	}
	for _, event := range events {
		// Nothing is undone: on the way back the column goes, and a trigger that names it would be in the way.
		actions = append(actions, p.brief(p.dropTrigger(fillOnly, event), "", p.triggerProbe(fillOnly, event, "absent", "done"),
			fmt.Sprintf("ends filling at an %s, now that every row is filled", event)))
	}
	return actions
}
