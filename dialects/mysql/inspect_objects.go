package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

// readTriggers reads triggers in the order in which they run. The user must have TRIGGER on the
// table to see them.
func (i *inspection) readTriggers() error {
	var table, name, definer, timing, event, body string
	return i.each(`
SELECT event_object_table, trigger_name, definer, action_timing, event_manipulation, action_statement
FROM information_schema.triggers
WHERE event_object_schema = DATABASE()
ORDER BY event_object_table, action_timing DESC, event_manipulation, action_order`, func() {
		if t := i.table(table); t != nil {
			g := readTrigger("CREATE DEFINER=" + account(definer) + " TRIGGER " + quote(name) + " " + timing + " " +
				strings.ReplaceAll(event, ",", " OR ") + " ON " + quote(table) + " FOR EACH ROW " + body)
			putTrigger(t, g)
		}
	}, &table, &name, &definer, &timing, &event, &body)
}

// account quotes user@host. The host has no @ in it.
func account(name string) string {
	at := strings.LastIndexByte(name, '@')
	if at < 0 {
		return quote(name) // a role
	}
	return quote(name[:at]) + "@" + quote(name[at+1:])
}

// object puts what is no table into the catalog.
func (i *inspection) object(kind dialects.ObjectKind, name, definition string) *dialects.Object {
	o := &dialects.Object{Kind: kind, Name: dialects.Name{Name: name}, Definition: definition}
	i.catalog.Objects[dialects.ObjectKey{Kind: kind, Name: o.Name}] = o
	return o
}

// readViews reads views. The query of one that the user may not look into is empty.
func (i *inspection) readViews() error {
	var name, query string
	return i.each(`
SELECT table_name, COALESCE(view_definition, '') FROM information_schema.views
WHERE table_schema = DATABASE()
ORDER BY table_name`, func() {
		o := i.object(dialects.View, name, query)
		stmt, err := parseStatement(query)
		if err != nil {
			return
		}
		for _, read := range tablesRead(stmt) {
			o.Reads = append(o.Reads, i.nameOf(read.Schema, read.Name))
		}
		o.Columns = i.replay.columnsRead(query, o.Reads)
	}, &name, &query)
}

// readRoutines reads functions and procedures. The body of one that the user may not look into is
// empty.
func (i *inspection) readRoutines() error {
	var name, body string
	return i.each(`
SELECT routine_name, COALESCE(routine_definition, '') FROM information_schema.routines
WHERE routine_schema = DATABASE()
ORDER BY routine_name, routine_type`, func() {
		key := dialects.ObjectKey{Kind: dialects.Function, Name: dialects.Name{Name: name}}
		if other := i.catalog.Objects[key]; other != nil {
			other.Definition += "\n" + body // a procedure of the same name
			return
		}
		i.object(dialects.Function, name, body)
	}, &name, &body)
}

func (i *inspection) readEvents() error {
	var name, body string
	return i.each(`
SELECT event_name, event_definition FROM information_schema.events
WHERE event_schema = DATABASE()
ORDER BY event_name`, func() { i.object(dialects.OtherObject, name, body) }, &name, &body)
}
