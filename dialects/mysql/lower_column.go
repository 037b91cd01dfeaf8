package mysql

import (
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// lowerColumn lowers a column's definition, with the constraints and indexes that are written
// within it. Charset and collation are set where the definition has them: the rest is the table's.
func (l *lowerer) lowerColumn(def *astColumnDef) (dialects.Column, []dialects.Constraint, []dialects.Index) {
	c := dialects.Column{Name: def.Name.Name.O}
	c.Type = l.typeText(def.Tp)
	if width := def.Tp.GetFlen(); width != astUnspecifiedLength && l.isPadding(def.Tp) {
		l.traits.Add(dialects.DisplayWidth, fmt.Sprintf("%s %s(%d)", c.Name, typeBase(def.Tp), width), width)
	}
	var constraints []dialects.Constraint
	var indexes []dialects.Index
	def0 := ""
	for _, o := range def.Options {
		switch o.Tp {
		case astNotNullOption:
			c.NotNull = true
		case astAutoIncrementOption:
			c.Identity, c.NotNull = dialects.AutoIncrement, true
		case astPrimaryKeyOption:
			c.NotNull = true
			indexes = append(indexes, columnIndex(c.Name, primary))
		case astUniqueOption:
			indexes = append(indexes, columnIndex(c.Name, ""))
		case astReferenceOption:
			if !l.dialect.inlineReferences() {
				l.traits.Add(dialects.Ignored, "REFERENCES behind column "+c.Name, 0)
				continue
			}
			constraints = append(constraints, l.lowerReference(o.Refer, []string{c.Name}))
		case astCheckOption:
			if !l.dialect.checks() {
				l.traits.Add(dialects.Ignored, "CHECK behind column "+c.Name, 0)
				continue
			}
			con := l.lowerCheck(o.Expr, o.ConstraintName, o.Enforced)
			if con.Name == "" && l.dialect.Kind() == dialects.MariaDB {
				con.Name = c.Name // a column's own check goes by its name there
			}
			constraints = append(constraints, con)
		case astCommentOption:
			if n, ok := l.noteOf(o.Expr); ok {
				if n.kind == defaultNote {
					def0 = n.text
				}
				l.columnNote(&c, n)
			} else if v, ok := o.Expr.(astValue); ok {
				c.Comment = v.GetString()
			}
		}
	}
	c.Default = defaultText(def0, c.Type)
	if json := l.jsonCheck(def, &c); json != nil {
		constraints = append(constraints, *json)
	}
	if c.Type == "serial" {
		c.Type, c.NotNull, c.Identity = l.dialect.spell("bigint unsigned"), true, dialects.AutoIncrement
		indexes = append(indexes, columnIndex(c.Name, ""))
	}
	return c, constraints, indexes
}

// isPadding reports whether the width of a type means nothing: that of whole numbers does with ZEROFILL,
// clients take tinyint(1) for a boolean, and MariaDB and older releases of MySQL print a width themselves.
func (l *lowerer) isPadding(t *astFieldType) bool {
	widths, whole := displayWidths[typeBase(t)]
	printed := widths[0]
	if isUnsigned(t) {
		printed = widths[1]
	}
	prints := l.dialect.Kind() == dialects.MariaDB || !l.dialect.server().AtLeast(8, 0)
	return whole && !isZerofill(t) && (typeBase(t) != "tinyint" || t.GetFlen() != 1) && !(prints && t.GetFlen() == printed)
}

// columnNote takes up what the parser did not see of a column.
func (l *lowerer) columnNote(c *dialects.Column, n note) {
	switch n.kind {
	case typeNote:
		c.Type = strings.ToLower(strings.ReplaceAll(n.text, " ", ""))
		if c.Type == "geomcollection" {
			c.Type = "geometrycollection"
		}
	case onUpdateNote:
		c.OnUpdate = timestampText(n.text)
	case virtualNote, storedNote:
		c.Generated, c.Stored = n.text, n.kind == storedNote
	case visibilityNote:
		c.Invisible = strings.EqualFold(n.text, "invisible")
	case charsetNote:
		c.Charset = charsetName(unquote(n.text))
	case collationNote:
		c.Collation.Name = collationName(unquote(n.text))
	case binaryNote:
		c.Collation.Name = "_bin" // of the character set, whichever it turns out to be
	case optionNote:
		c.Options = append(c.Options, n.text)
		if strings.HasPrefix(strings.ToUpper(n.text), "COMPRESSED") {
			l.traits.Add(dialects.Compression, "COMPRESSED of "+c.Name, 0)
		}
	}
}

// columnIndex is the index of PRIMARY KEY or UNIQUE within a column.
func columnIndex(column, name string) dialects.Index {
	i := dialects.Index{
		Name: dialects.Name{Name: name}, Parts: []dialects.IndexPart{{Column: column}},
		Unique: true, Primary: name == primary, Valid: true, Method: btree,
	}
	describeIndex(&i)
	return i
}

// inlineReferences reports whether REFERENCES within a column makes a foreign key: MySQL read it
// over before 9.0, MariaDB before 10.5.
func (d Dialect) inlineReferences() bool {
	if d.Kind() == dialects.MariaDB {
		return d.server().AtLeast(10, 5)
	}
	return d.server().AtLeast(9, 0)
}

// checks reports whether the server holds CHECK: MySQL read it over before 8.0.16, MariaDB before 10.2.1.
func (d Dialect) checks() bool {
	if d.Kind() == dialects.MariaDB {
		return number(d.server()) >= 100201
	}
	return number(d.server()) >= 80016
}

// descends reports whether DESC of an index's part means something: before 8.0 of MySQL and 10.8 of MariaDB
// it was read over.
func (d Dialect) descends() bool {
	if d.Kind() == dialects.MariaDB {
		return d.server().AtLeast(10, 8)
	}
	return d.server().AtLeast(8, 0)
}

// jsonCheck is the check that MariaDB gives a JSON column, which is a longtext there.
func (l *lowerer) jsonCheck(def *astColumnDef, c *dialects.Column) *dialects.Constraint {
	if typeBase(def.Tp) != "json" || c.Type != "json" || l.dialect.Kind() != dialects.MariaDB {
		return nil
	}
	c.Type, c.Charset, c.Collation.Name = "longtext", "utf8mb4", "utf8mb4_bin"
	if c.Generated != "" {
		return nil
	}
	con := checkConstraint(c.Name, "json_valid("+quote(c.Name)+")", []string{c.Name})
	return &con
}
