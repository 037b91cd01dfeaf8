package mysql

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// triggerBody is what one of the sync triggers does. The servers have one trigger per event, and no
// replacing, so each body is a trigger of its own.
type triggerBody string

const (
	// fillOnly holds until the backfill is verified: a NULL in the new column never wins over a value in
	// the old one, since it may come from a row read before it was filled (dual-write.md, A2, A3).
	fillOnly triggerBody = "fill"
	// twoWay holds from dual-write on: whichever side changed wins, the new one if both did.
	twoWay triggerBody = "sync"
	// implicit runs behind either: a NULL for a NOT NULL column becomes the type's zero in the new
	// column, as the server makes it in the old one where it takes it at all, in a session that is
	// not strict or for IGNORE (dual-write.md, B2). A strict session still gets its error, for the
	// old column. It is apart from the others, since one of them may run behind the other for a
	// while and would take the zero for a value that was given.
	implicit triggerBody = "implicit"
)

// rowEvent is what a trigger runs before.
type rowEvent string

const (
	onInsert rowEvent = "insert"
	onUpdate rowEvent = "update"
)

func (p *pair) triggerName(body triggerBody, event rowEvent) string {
	return helperName(p.spec, fmt.Sprintf("%s_%s_%s_%s", body, event, p.spec.Table.Name, p.spec.Old), "trigger "+string(body)+" "+string(event))
}

// qualifiedTrigger is the trigger's name with the table's schema, where that is said.
func (p *pair) qualifiedTrigger(body triggerBody, event rowEvent) string {
	return qualified(dialects.Name{Schema: p.spec.Table.Schema, Name: p.triggerName(body, event)})
}

// guard steps aside for the backfill's own session alone (dual-write.md, A17, B7).
const guard = "NOT (@segue_backfill <=> CONNECTION_ID())"

// The local variables of a trigger. They have the column's type, so that a default is rounded and
// filled up as the column's own is.
const (
	localDefault = "segue_default"
	localOmitted = "segue_omitted"
)

// createTrigger writes CREATE TRIGGER. place is FOLLOWS or PRECEDES another; the trigger is its event's
// last without.
//
// Settings of the session that makes a trigger hold within it. Where a value is a date, one that the
// app's session takes must not fail in the trigger, and the zeros are such values.
func (p *pair) createTrigger(create string, body triggerBody, event rowEvent, place string) string {
	var lines []string
	declare := func(name, value string) {
		lines = append(lines, fmt.Sprintf("  DECLARE %s %s DEFAULT %s;", name, p.columnType(), value))
	}
	if event == onInsert && body != implicit && p.dflt.kind == steadyDefault {
		declare(localDefault, p.dflt.expr)
	}
	if body != implicit && p.omitted != "" {
		declare(localOmitted, p.omitted)
	}
	lines = append(lines, "  IF "+guard+" THEN")
	for line := range strings.SplitSeq(p.body(body, event), "\n") {
		lines = append(lines, "    "+line)
	}
	lines = append(lines, "  END IF;")
	if place != "" {
		place = "\n" + place
	}
	sql := fmt.Sprintf("%s %s BEFORE %s ON %s FOR EACH ROW%s\nBEGIN\n%s\nEND",
		create, p.qualifiedTrigger(body, event), strings.ToUpper(string(event)), qualified(p.spec.Table), place, strings.Join(lines, "\n"))
	if !isTemporal(p.old.Type) {
		return sql
	}
	return script("SET @segue_sql_mode = COALESCE(@segue_sql_mode, @@SESSION.sql_mode), SESSION sql_mode = '"+dateMode+"'",
		sql, "SET SESSION sql_mode = @segue_sql_mode")
}

// dateMode takes every date that a column can hold.
const dateMode = "STRICT_TRANS_TABLES,ALLOW_INVALID_DATES"

func isTemporal(typ string) bool {
	switch parseType(typ).base {
	case "date", "datetime", "timestamp":
		return true
	}
	return false
}

func (p *pair) body(body triggerBody, event rowEvent) string {
	switch {
	case body == implicit:
		return fmt.Sprintf("IF NEW.%s IS NULL THEN\n  SET NEW.%[1]s = %s;\nEND IF;", quote(p.spec.New), implicitDefault(p.old.Type))
	case event == onInsert && body == fillOnly:
		return p.fillInsert()
	case event == onInsert:
		return p.syncInsert()
	case body == fillOnly:
		return p.fillUpdate()
	}
	return p.syncUpdate()
}

// fillInsert: the new column is not read yet; NULL, or its default, is no value of its own.
func (p *pair) fillInsert() string {
	o, n := p.sides()
	clear := ""
	if p.omitted != "" {
		clear = fmt.Sprintf("  IF %s THEN\n    SET %s = NULL;\n  END IF;\n", p.left(o), o)
	}
	return fmt.Sprintf("IF %s OR %s IS NULL THEN\n%s  %s\nELSE\n  %s\nEND IF;", p.left(n), n, clear, p.set(n, o), p.set(o, n))
}

// syncInsert: a side that equals its default was not given (dual-write.md, A6). Where neither was,
// nothing is set, so that the server's own error comes for a column that must be given.
func (p *pair) syncInsert() string {
	o, n := p.sides()
	neither := ""
	if p.omitted != "" {
		neither = fmt.Sprintf("ELSE\n  SET %s = NULL, %s = NULL;\n", o, n)
	}
	return fmt.Sprintf("IF NOT %s THEN\n  %s\nELSEIF NOT %s THEN\n  %s\n%sEND IF;", p.left(n), p.set(o, n), p.left(o), p.set(n, o), neither)
}

func (p *pair) fillUpdate() string {
	o, n := p.sides()
	return p.undefault() + fmt.Sprintf("IF %s AND %s IS NOT NULL THEN\n  %s\nELSEIF %s OR %[2]s IS NULL THEN\n  %[5]s\nEND IF;",
		p.changed(n), n, p.set(o, n), p.changed(o), p.set(n, o))
}

func (p *pair) syncUpdate() string {
	o, n := p.sides()
	return p.undefault() + fmt.Sprintf("IF %s THEN\n  %s\nELSEIF %s THEN\n  %s\nEND IF;", p.changed(n), p.set(o, n), p.changed(o), p.set(n, o))
}

// undefault turns what SET ... = DEFAULT wrote back into NULL, which the server refuses.
func (p *pair) undefault() string {
	if p.omitted == "" {
		return ""
	}
	o, n := p.sides()
	text := ""
	for _, side := range []string{o, n} {
		text += fmt.Sprintf("IF %s AND %s THEN\n  SET %s = NULL;\nEND IF;\n", identical(side, localOmitted), p.changed(side), side)
	}
	return text
}

// sides are both columns of the row as it is written.
func (p *pair) sides() (o, n string) { return "NEW." + quote(p.spec.Old), "NEW." + quote(p.spec.New) }

// goesByZone reports whether the server would take a value through the app's time zone on its way to the
// other column, and lose an hour where a local time comes twice (tried on 9.7; MariaDB 10.11 does not).
func (p *pair) goesByZone() bool { return !p.isMariaDB() && parseType(p.old.Type).base == "timestamp" }

// set writes one side's value to the other.
func (p *pair) set(to, from string) string {
	if p.goesByZone() {
		// 0 is the date of zeros, which is no moment.
		from = fmt.Sprintf("IF(UNIX_TIMESTAMP(%s) > 0, CONCAT(TIMESTAMP('1970-01-01') + INTERVAL UNIX_TIMESTAMP(%[1]s) SECOND, '+00:00'), %[1]s)", from)
	}
	return fmt.Sprintf("SET %s = %s;", to, from)
}

// changed tells whether an UPDATE changes a column.
func (p *pair) changed(side string) string {
	before := "OLD" + strings.TrimPrefix(side, "NEW")
	if p.goesByZone() {
		return fmt.Sprintf("NOT (UNIX_TIMESTAMP(%s) <=> UNIX_TIMESTAMP(%s))", side, before)
	}
	return differ(side, before)
}

// left tells whether an INSERT leaves a column out.
func (p *pair) left(side string) string {
	switch {
	case p.omitted != "":
		return fmt.Sprintf("(%s IS NULL OR %s)", side, identical(side, localOmitted))
	case p.dflt.kind == steadyDefault:
		return identical(side, localDefault)
	}
	return "(" + side + " IS NULL)"
}

// columnType spells the column's type with character set and collation.
func (p *pair) columnType() string {
	text := p.old.Type
	if p.old.Charset != "" {
		text += " CHARACTER SET " + p.old.Charset
	}
	if p.old.Collation.Name != "" {
		text += " COLLATE " + p.old.Collation.Name
	}
	return text
}

// hasImplicit reports whether a NULL for the column may become something else.
func (p *pair) hasImplicit() bool { return p.old.NotNull && implicitDefault(p.old.Type) != "" }

// dropTrigger takes one away.
func (p *pair) dropTrigger(body triggerBody, event rowEvent) string {
	return "DROP TRIGGER IF EXISTS " + p.qualifiedTrigger(body, event)
}

// triggerProbe says done where the trigger is there, or where it is not if that is what the action is for.
func (p *pair) triggerProbe(body triggerBody, event rowEvent, there, gone string) string {
	return fmt.Sprintf("SELECT IF(COUNT(*) > 0, '%s', '%s') FROM information_schema.triggers WHERE trigger_schema = %s AND trigger_name = %s",
		there, gone, schemaText(p.spec.Table.Schema), quoteLiteral(p.triggerName(body, event)))
}

// addTrigger makes a trigger.
func (p *pair) addTrigger(body triggerBody, event rowEvent, place, why string) dialects.Action {
	return p.brief(p.createTrigger("CREATE TRIGGER", body, event, place), p.dropTrigger(body, event)+";",
		p.triggerProbe(body, event, "done", "absent"), why)
}
