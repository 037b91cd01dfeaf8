package mysql

import (
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (r replayer) createObject(c dialects.CreateObject) {
	switch c.Kind {
	case dialects.TriggerObject:
		table := c.Table
		if table.Schema == "" {
			table.Schema = r.Resolve(c.Object).Schema
		}
		r.onTable(table, func(t *dialects.Table) { putTrigger(t, readTrigger(c.Definition)) })
		return
	case dialects.Schema:
		r.Schemas[c.Object.Name] = true
		return
	}
	o := &dialects.Object{Kind: c.Kind, Name: r.Resolve(c.Object), Definition: c.Definition}
	key := dialects.ObjectKey{Kind: o.Kind, Name: o.Name}
	if r.Objects[key] != nil && !c.Replace {
		return
	}
	for _, name := range c.Reads {
		o.Reads = append(o.Reads, r.Resolve(name))
	}
	if c.Kind == dialects.View {
		o.Columns = r.columnsRead(viewQuery(c.Definition), o.Reads)
	}
	r.Objects[key] = o
}

// viewQuery is what of a CREATE VIEW stands behind its AS. The view's own names may be those of columns.
func viewQuery(definition string) string {
	l := lexer{src: definition, delimiter: defaultDelimiter}
	for {
		t, ok := l.next()
		if !ok {
			return definition
		}
		if t.kind == wordToken && strings.EqualFold(definition[t.start:t.end], "AS") {
			return definition[t.end:]
		}
	}
}

// columnsRead are the columns of the tables read that a view's text names: a name that several of
// them have counts for each.
func (r replayer) columnsRead(definition string, tables []dialects.Name) []dialects.ColumnRef {
	var named []string
	l := lexer{src: definition, delimiter: defaultDelimiter}
	for {
		t, ok := l.next()
		if !ok {
			break
		}
		if t.kind == wordToken || t.kind == quotedToken {
			named = append(named, unquote(definition[t.start:t.end]))
		}
	}
	var refs []dialects.ColumnRef
	for _, name := range tables {
		if t := r.Tables[name]; t != nil {
			for _, c := range t.Columns {
				if contains(named, c.Name) {
					refs = append(refs, dialects.ColumnRef{Table: name, Column: c.Name})
				}
			}
		}
	}
	return refs
}

func (r replayer) dropObject(c dialects.DropObject) {
	switch c.Kind {
	case dialects.TriggerObject:
		schema := r.Resolve(c.Object).Schema
		for _, t := range r.Tables {
			if t.Name.Schema == schema {
				t.Triggers = slices.DeleteFunc(t.Triggers, func(g *dialects.Trigger) bool { return g.Name == c.Object.Name })
			}
		}
	case dialects.Schema:
		delete(r.Schemas, c.Object.Name)
		for name := range r.Tables {
			if name.Schema == c.Object.Name {
				delete(r.Tables, name)
			}
		}
		for key := range r.Objects {
			if key.Name.Schema == c.Object.Name {
				delete(r.Objects, key)
			}
		}
	default:
		delete(r.Objects, dialects.ObjectKey{Kind: c.Kind, Name: r.Resolve(c.Object)})
	}
}

// trigger is a trigger with its place among the others of its time and event.
type trigger struct {
	dialects.Trigger
	follows, precedes string
}

// readTrigger reads CREATE TRIGGER: the head, and the columns that the body names as NEW.x and OLD.x.
func readTrigger(definition string) trigger {
	g := trigger{Trigger: dialects.Trigger{Row: true, Enabled: "origin", Definition: definition}}
	a := amender{src: definition}
	pieces, _ := Dialect{}.split(definition)
	for _, p := range pieces {
		a.tokens = append(a.tokens, p.tokens...)
	}
	i := a.skip(a.storedHead(), "TRIGGER")
	i = a.skip(i, "IF", "NOT", "EXISTS")
	name, next := a.qualifiedName(i)
	g.Name, i = name.Name, next
	g.Before = a.is(i, "BEFORE")
	for i++; i < len(a.tokens) && !a.is(i, "ON"); i++ {
		switch w := a.word(i); w {
		case "INSERT", "UPDATE", "DELETE":
			g.Events = append(g.Events, strings.ToLower(w))
		}
	}
	for ; i < len(a.tokens); i++ {
		switch {
		case a.is(i, "ROW", "FOLLOWS"):
			g.follows = a.name(i + 2)
		case a.is(i, "ROW", "PRECEDES"):
			g.precedes = a.name(i + 2)
		case a.is(i, "NEW", "."), a.is(i, "OLD", "."):
			g.Columns = appendNew(g.Columns, a.name(i+2))
		}
	}
	return g
}

// putTrigger adds a trigger: those BEFORE a row's change stand first, then by event, and those of one
// time and event in the order in which they run.
func putTrigger(t *dialects.Table, g trigger) {
	t.Triggers = slices.DeleteFunc(t.Triggers, func(other *dialects.Trigger) bool { return other.Name == g.Name })
	at := len(t.Triggers)
	for i, other := range t.Triggers {
		switch other.Name {
		case g.follows:
			at = i + 1
		case g.precedes:
			at = i
		}
	}
	t.Triggers = slices.Insert(t.Triggers, at, &g.Trigger)
	slices.SortStableFunc(t.Triggers, func(a, b *dialects.Trigger) int { return turn(a) - turn(b) })
}

// turn orders triggers by time and event.
func turn(g *dialects.Trigger) int {
	turn := 0
	if !g.Before {
		turn = len(triggerEvents)
	}
	if len(g.Events) > 0 {
		turn += slices.Index(triggerEvents, g.Events[0])
	}
	return turn
}

// triggerEvents are what a trigger may run at.
var triggerEvents = []string{"insert", "update", "delete"}
