package mysql

import (
	"fmt"
	"strconv"
	"strings"

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

// omittedValue is the default that an old column without one gets, so that an INSERT which gives the
// new one alone is taken. MySQL takes it without; MariaDB, tried on 10.11, takes INSERT ... VALUES
// and refuses INSERT ... SELECT, which it checks before a trigger can fill the column (dual-write.md,
// B1). The triggers turn the value back into NULL, so it is never stored. Types of which every
// value is as likely as another have none.
func (p *pair) omittedValue() string {
	if !p.isMariaDB() || !p.old.NotNull || p.dflt.kind != noDefault {
		return ""
	}
	t := parseType(p.old.Type)
	bits := map[string]int{"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}[t.base]
	switch {
	case bits > 0 && t.unsigned:
		return strconv.FormatUint(1<<bits-1, 10)
	case bits > 0:
		return strconv.FormatInt(-1<<(bits-1), 10)
	}
	switch t.base {
	case "char", "varchar", "binary", "varbinary":
		const text = `\0segue`
		if n := t.length(); n < len(text)-1 {
			return "'" + text[:n+1] + "'"
		}
		return "'" + text + "'"
	case "tinytext", "text", "mediumtext", "longtext", "tinyblob", "blob", "mediumblob", "longblob":
		return `'\0segue'`
	case "decimal":
		digits, places := t.length(), 0
		if len(t.args) > 1 {
			places, _ = strconv.Atoi(t.args[1])
		}
		text := strings.Repeat("9", digits-places)
		if places > 0 {
			text += "." + strings.Repeat("9", places)
		}
		if !t.unsigned {
			text = "-" + text
		}
		return text
	case "date":
		return "'1000-01-01'"
	case "datetime":
		return "'1000-01-01 00:00:00'"
	}
	return ""
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
