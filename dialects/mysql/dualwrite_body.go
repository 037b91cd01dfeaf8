package mysql

import (
	"fmt"
	"strings"
)

// body is what a trigger does within its guard.
func (p *pair) body(body triggerBody, event rowEvent) string {
	switch {
	case body == implicit:
		return fmt.Sprintf("IF NEW.%s IS NULL THEN\n  SET NEW.%[1]s = %s;\nEND IF;", quote(p.spec.New), implicitDefault(p.server.Kind, p.old.Type))
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
		clear = fmt.Sprintf("  IF %s THEN\n    SET %s = %s;\n  END IF;\n", identical(o, localOmitted), o, implicitDefault(p.server.Kind, p.old.Type))
	}
	empty := p.left(n)
	if p.dflt.kind == steadyDefault {
		empty += fmt.Sprintf(" OR %s IS NULL", n)
	}
	return fmt.Sprintf("IF %s THEN\n%s  %s\nELSE\n  %s\nEND IF;", empty, clear, p.set(n, o), p.set(o, n))
}

// syncInsert: a side that equals its default was not given (dual-write.md, A6). Where neither was,
// nothing is set, so that the server's own error comes for a column that must be given.
func (p *pair) syncInsert() string {
	o, n := p.sides()
	neither := ""
	if p.omitted != "" {
		zero := implicitDefault(p.server.Kind, p.old.Type)
		neither = fmt.Sprintf("ELSEIF %s OR %s THEN\n  SET %s = %s, %s = %[4]s;\n", identical(o, localOmitted), identical(n, localOmitted), o, zero, n)
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
	return fmt.Sprintf("IF %s THEN\n  %s\nELSEIF %s THEN\n  %s\nEND IF;", p.changed(n), p.set(o, n), p.changed(o), p.set(n, o))
}

// undefault does the same for SET ... = DEFAULT, of a row that was not filled yet.
func (p *pair) undefault() string {
	if p.omitted == "" {
		return ""
	}
	o, _ := p.sides()
	return fmt.Sprintf("IF %s AND %s THEN\n  SET %s = %s;\nEND IF;\n", identical(o, localOmitted), p.changed(o), o, implicitDefault(p.server.Kind, p.old.Type))
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
