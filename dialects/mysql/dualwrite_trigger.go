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

// createTrigger writes CREATE TRIGGER. place is FOLLOWS another; the trigger is its event's
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
	if p.omitted != "" && (body == fillOnly || body == twoWay && event == onInsert) {
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
	if mode := p.mode(body); mode != "" {
		return script("SET @segue_sql_mode = COALESCE(@segue_sql_mode, @@SESSION.sql_mode), SESSION sql_mode = '"+mode+"'",
			sql, "SET SESSION sql_mode = @segue_sql_mode")
	}
	return sql
}

// The modes in which some triggers are made.
const (
	// dateMode takes every date that a column can hold.
	dateMode = "STRICT_TRANS_TABLES,ALLOW_INVALID_DATES"
	// laxMode takes the empty string for an ENUM, which is what the servers store for no value of it.
	laxMode = "ALLOW_INVALID_DATES"
)

// mode is empty where the session's own will do.
func (p *pair) mode(body triggerBody) string {
	switch parseType(p.old.Type).base {
	case "date", "datetime", "timestamp":
		return dateMode
	case "enum":
		if body == implicit {
			return laxMode
		}
	}
	return ""
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
func (p *pair) hasImplicit() bool {
	return p.old.NotNull && implicitDefault(p.server.Kind, p.old.Type) != ""
}

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
