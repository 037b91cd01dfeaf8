package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var dropObject = lint.Rule{
	ID: "drop-object", Family: dialects.CompatibilityFamily, Severity: lint.Error,
	Docs: []lint.Doc{{
		Servers: onPostgres,
		Title:   "Dropping a view, function, type, sequence or extension breaks every app version that uses it",
		Condition: "A view, materialized view, function, procedure, type, domain, sequence or extension from an earlier migration is dropped, " +
			"and the transaction makes none of that name; or an attribute of a composite type is. A trigger's function and a column's own sequence " +
			"are no app's to use. A trigger, a publication or a subscription that an earlier migration made, or that no migration made, and that " +
			"the file does not make again, is a warning.",
		Effect: "Each query of an app version that names it fails from that moment on. What a trigger filled in or looked at is no longer, and " +
			"nobody is told. Who reads changes from a publication stops with an error, and what a subscription filled stays as it is.",
		Workaround: "First deploy a version that does not use it. When no other version runs, drop it, and say so: -- segue:allow " +
			"drop-object REASON. To put another in its place, make that in the same transaction, or by CREATE OR REPLACE.",
	}, {
		Servers: onMySQL,
		Title:   "Dropping a procedure, function, package or sequence breaks every app version that uses it",
		Condition: "A procedure, function, package or sequence is dropped that an earlier migration made, or without IF EXISTS, and the " +
			"migration makes none of that name. A trigger or an event that an earlier migration made, or that no migration made, is a warning.",
		Effect: "Each call by an app version fails from that moment on. What a trigger filled in or looked at is no longer, and " +
			"what an event tidied up stays: app versions that count on it go on without a word.",
		Workaround: "First deploy a version that does without it. When no other version runs, drop it, and say so: -- segue:allow " +
			"drop-object REASON. To put another in its place make that in the same migration, or, where the server has it, by " +
			"CREATE OR REPLACE.",
	}},
	Check: func(p *lint.Pass) {
		called(p)
		for _, change := range p.Statement.Changes {
			if c, ok := change.(dialects.DropObject); ok {
				dropsSilently(p, c)
			}
		}
	},
}

// called finds what apps call by its name.
var called = hazards("drop-object", func(p *lint.Pass, e dialects.Effect, h dialects.Hazard) lint.Finding {
	f := lint.Finding{
		Why:     h.Detail,
		Instead: "first deploy a version that does not use it; drop it when no other one runs",
	}
	if c, ok := e.Change.(dialects.DropObject); ok {
		kind := string(c.Kind)
		if hasMetadataLocks(p) && c.Kind == dialects.Function {
			kind = "routine"
		}
		f.Message = fmt.Sprintf("%s %s is dropped while apps may be using it", kind, c.Object)
	}
	if c, ok := e.Change.(dialects.AlterObject); ok {
		f.Message = fmt.Sprintf("attribute %s of type %s is dropped while apps may be using it", c.Value, c.Object)
	}
	return f
})

// dropsSilently finds what nobody calls, and whose end no app would be told of: triggers, and events of the MySQL family.
func dropsSilently(p *lint.Pass, c dialects.DropObject) {
	made := func(change dialects.Change) bool {
		m, ok := change.(dialects.CreateObject)
		return ok && m.Kind == c.Kind && m.Object == c.Object && (m.Table == c.Table || c.Table.Name == "")
	}
	for _, s := range p.Script.Up {
		if slices.ContainsFunc(s.Changes, made) {
			return
		}
	}
	name := p.Catalog.Resolve(c.Object)
	f := lint.Finding{Severity: lint.Warning, Instead: "first deploy a version that does without it; then drop it, and allow this"}
	switch c.Kind {
	case dialects.TriggerObject:
		table, there := triggered(p, name, c)
		switch {
		case !there || dropsTable(p, table):
			return
		case table == dialects.Name{}: // MySQL does not say whose it is
			f.Message = fmt.Sprintf("trigger %s no longer takes part in the writes to its table", c.Object)
		default:
			f.Table = table.String()
			f.Message = fmt.Sprintf("trigger %s no longer takes part in the writes to %s", c.Object, table)
		}
		f.Why = "app versions that count on what it fills in or refuses go on without it, and nothing tells them"
	case dialects.OtherObject:
		there := p.Catalog.Objects[dialects.ObjectKey{Kind: c.Kind, Name: name}] != nil || !c.IfExists || !p.Catalog.Whole()
		if !hasMetadataLocks(p) || !there {
			return
		}
		f.Message = fmt.Sprintf("event %s runs no more", c.Object)
		f.Why = "app versions that count on what it does go on without it, and nothing tells them"
	case dialects.Publication, dialects.Subscription:
		if p.Catalog.Objects[dialects.ObjectKey{Kind: c.Kind, Name: c.Object}] == nil && c.IfExists && p.Catalog.Whole() {
			return
		}
		f.Message = fmt.Sprintf("publication %s is no longer there for who reads changes from it", c.Object.Name)
		f.Why = "subscriptions and tools for change data capture stop with an error, and what waits for them fills the disk"
		f.Instead = "end what reads from it first; then drop it, and allow this"
		if c.Kind == dialects.Subscription {
			f.Message = fmt.Sprintf("subscription %s brings no more rows", c.Object.Name)
			f.Why = "the tables that it filled stay as they are, and nothing tells the apps that read them"
			f.Instead = "see that no app reads what it fills; then drop it, and allow this"
		}
	default:
		return
	}
	p.Report(f)
}

// triggered is the table in use that has the trigger. One that the migrations do not show is there where the
// statement would fail without it, or they are not all that there was; of which table only Postgres' statements say.
func triggered(p *lint.Pass, name dialects.Name, c dialects.DropObject) (table dialects.Name, there bool) {
	on := dialects.Name{}
	if c.Table.Name != "" {
		on = p.Catalog.Resolve(c.Table)
	}
	for _, t := range p.Catalog.Tables {
		of := on == dialects.Name{} && t.Name.Schema == name.Schema || t.Name == on
		if of && slices.ContainsFunc(t.Triggers, func(g *dialects.Trigger) bool { return g.Name == name.Name }) {
			return t.Name, inUse(p, t.Name)
		}
	}
	return on, (on == dialects.Name{} || inUse(p, on)) && (!c.IfExists || !p.Catalog.Whole())
}
