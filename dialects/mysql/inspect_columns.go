package mysql

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/segue-db/segue/dialects"
)

func (i *inspection) readColumns() error {
	var table, name, typ, charset, collation, nullable, extra, generated, comment string
	var value *string
	return i.each(`
SELECT c.table_name, c.column_name, c.column_type, COALESCE(c.character_set_name, ''), COALESCE(c.collation_name, ''),
       c.is_nullable, c.column_default, c.extra, COALESCE(c.generation_expression, ''), c.column_comment
FROM information_schema.columns c
WHERE c.table_schema = DATABASE()
ORDER BY c.table_name, c.ordinal_position`, func() {
		t := i.table(table)
		if t == nil {
			return
		}
		c := &dialects.Column{
			Name: name, Type: strings.Replace(typ, "geomcollection", "geometrycollection", 1),
			NotNull: nullable == "NO", Generated: i.printed(generated), Comment: comment,
		}
		c.BaseType = c.Type
		if isCharacterType(c.Type) {
			c.Charset, c.Collation.Name = charsetName(charset), collationName(collation)
		}
		c.Default = i.columnDefault(c.Type, extra, value)
		if value == nil && strings.Contains(extra, "DEFAULT_GENERATED") {
			i.unshown = append(i.unshown, t)
		}
		readExtra(c, extra)
		t.Columns = append(t.Columns, c)
	}, &table, &name, &typ, &charset, &collation, &nullable, &value, &extra, &generated, &comment)
}

// readExtra reads such as auto_increment, STORED GENERATED, INVISIBLE, on update CURRENT_TIMESTAMP(6).
func readExtra(c *dialects.Column, extra string) {
	words := strings.ToLower(extra)
	if strings.Contains(words, "auto_increment") {
		c.Identity = dialects.AutoIncrement
	}
	c.Stored = strings.Contains(words, "stored generated")
	c.Invisible = strings.Contains(words, "invisible")
	if _, update, ok := strings.Cut(words, "on update "); ok {
		text, _, _ := strings.Cut(update, " ")
		c.OnUpdate = timestampText(strings.TrimSuffix(text, ","))
	}
}

// columnDefault is what stands behind DEFAULT. MySQL shows a constant's value and says of anything
// else that it is generated; MariaDB shows SQL.
func (i *inspection) columnDefault(typ, extra string, value *string) string {
	switch {
	case value == nil:
		return ""
	case i.version.Kind == dialects.MariaDB:
		return defaultText(*value, typ)
	case strings.Contains(extra, "DEFAULT_GENERATED"):
		return defaultText(i.printed(*value), typ)
	}
	base := parseType(typ).base
	switch {
	case base == "bit":
		return defaultText(*value, typ)
	case strings.HasPrefix(*value, "0x") && (base == "binary" || base == "varbinary"):
		return binaryText(*value, base)
	}
	return defaultText(quoteLiteral(*value), typ)
}

// readUnshownDefaults reads defaults that MySQL's information_schema leaves out, tried on 9.7: an expression
// that ALTER COLUMN gave to a TEXT, BLOB or JSON column. SHOW CREATE TABLE has them.
func (i *inspection) readUnshownDefaults() error {
	for _, t := range i.unshown {
		var name, text string
		if err := dialects.ReadRow(i.ctx, i, `SHOW CREATE TABLE `+qualified(t.Name), nil, &name, &text); err != nil {
			return err
		}
		for _, s := range (Dialect{Server: i.version}).Parse(text) {
			for _, change := range s.Changes {
				created, ok := change.(dialects.CreateTable)
				if !ok {
					continue
				}
				for _, said := range created.Columns {
					if c := findColumn(t, said.Name); c != nil && c.Default == "" {
						c.Default = said.Default
					}
				}
			}
		}
	}
	return nil
}

// binaryText spells bytes as characters, as SHOW CREATE TABLE does, where they are some.
func binaryText(value, base string) string {
	bytes, err := hex.DecodeString(value[2:])
	if err != nil || !utf8.Valid(bytes) {
		return value
	}
	text := string(bytes)
	if base == "binary" {
		text = strings.TrimRight(text, "\x00") // filled up
	}
	if strings.ContainsRune(text, 0) {
		return value
	}
	return quoteLiteral(text)
}

// readGrants reads privileges on single columns, which a new column does not inherit.
func (i *inspection) readGrants() error {
	var table, column, grantee, privilege, grantable string
	return i.each(`
SELECT table_name, column_name, grantee, privilege_type, is_grantable
FROM information_schema.column_privileges
WHERE table_schema = DATABASE()
ORDER BY table_name, column_name, grantee, privilege_type`, func() {
		t := i.table(table)
		if t == nil {
			return
		}
		if c := findColumn(t, column); c != nil {
			c.Grants = append(c.Grants, dialects.ColumnGrant{Role: grantee, Privilege: privilege, Grantable: grantable == "YES"})
		}
	}, &table, &column, &grantee, &privilege, &grantable)
}
