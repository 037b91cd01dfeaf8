package mysql

import (
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// defaultKind says what a column's default is good for in a sync trigger.
type defaultKind string

const (
	// noDefault is none, or NULL: a column that was not given reads NULL in a trigger.
	noDefault defaultKind = "none"
	// steadyDefault is the same all through a statement, so a trigger can tell whether a column was
	// given.
	steadyDefault defaultKind = "steady"
	// volatileDefault may differ from one evaluation to the next, or is not understood.
	volatileDefault defaultKind = "volatile"
)

// columnDefault is a column's default; expr is what stands behind DEFAULT.
type columnDefault struct {
	kind defaultKind
	expr string
}

// defaultOf judges a default. CURRENT_TIMESTAMP is that of the statement's start, in a trigger too.
func defaultOf(c *dialects.Column) columnDefault {
	switch {
	case c.Default == "":
		return columnDefault{kind: noDefault}
	case isConstantDefault(c.Default) || isDeterministic(c.Default):
		return columnDefault{kind: steadyDefault, expr: c.Default}
	}
	return columnDefault{kind: volatileDefault, expr: c.Default}
}

// standIn is the default of an old column that has none, so that an INSERT which gives the new one
// alone is taken. MySQL takes it without; MariaDB takes INSERT ... VALUES and refuses INSERT ... SELECT,
// which it checks before a trigger can fill the column (dual-write.md, B1).
//
// It is the new column's value, and where that is not given either something that does not fit: a
// default is evaluated in the app's own mode, so a strict session gets an error, as it did before, and
// one that is not gets the type's zero, as it did before. Of a text that is too long it gets
// the start, which the triggers know (overflow) and turn into the zero. Tried on 10.11.
func (p *pair) standIn() string {
	if !p.isMariaDB() || !p.old.NotNull || p.dflt.kind != noDefault {
		return ""
	}
	misfit := ""
	switch parseType(p.old.Type).base {
	case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "year",
		"date", "datetime", "timestamp", "time", "set":
		misfit = `'\Z'`
	default:
		if length := fullLength(p.old); length > 0 {
			misfit = fmt.Sprintf(`REPEAT('\Z', %d)`, length+1)
		}
	}
	if misfit == "" {
		return ""
	}
	n := quote(p.spec.New)
	return fmt.Sprintf("(IF(%s IS NULL, %s, %[1]s))", n, misfit)
}

// overflow is what a session that is not strict makes of the stand-in's text; empty for other types.
func (p *pair) overflow() string {
	if length := fullLength(p.old); length > 0 && p.standIn() != "" {
		return fmt.Sprintf(`REPEAT('\Z', %d)`, length)
	}
	return ""
}

// fullLength is how many of the shortest characters fill a column of a text type; 0 for other types, and
// for those that hold more than one would write into an expression.
func fullLength(c *dialects.Column) int {
	t := parseType(c.Type)
	switch t.base {
	case "char", "varchar", "binary", "varbinary":
		return t.length()
	case "tinytext", "tinyblob":
		return (1<<8 - 1) / leastBytes(c.Charset)
	case "text", "blob":
		return (1<<16 - 1) / leastBytes(c.Charset)
	}
	return 0
}

// leastBytes is how many bytes a character set's shortest character has.
func leastBytes(charset string) int {
	switch charset {
	case "utf16", "utf16le", "ucs2":
		return 2
	case "utf32":
		return 4
	}
	return 1
}

// implicitDefault is what a server stores in a NOT NULL column for a NULL, where the session is not
// strict or the statement says IGNORE; empty where it is nothing that a trigger can write.
func implicitDefault(server dialects.Kind, typ string) string {
	t := parseType(typ)
	switch t.base {
	case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "year", "bit":
		return "0"
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "binary", "varbinary",
		"tinyblob", "blob", "mediumblob", "longblob", "set":
		return "''"
	case "enum":
		if server == dialects.MariaDB {
			return t.args[0]
		}
		return "''"
	case "date":
		return "'0000-00-00'"
	case "timestamp":
		if server == dialects.MariaDB {
			return fmt.Sprintf("CURRENT_TIMESTAMP(%d)", t.length())
		}
		return "'0000-00-00 00:00:00'"
	case "datetime":
		return "'0000-00-00 00:00:00'"
	case "time":
		return "'00:00:00'"
	case "json":
		return "CAST('null' AS JSON)"
	}
	return ""
}
