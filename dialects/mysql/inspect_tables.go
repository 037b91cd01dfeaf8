package mysql

import (
	"strings"

	"github.com/segue-db/segue/dialects"
)

func (i *inspection) readTables() error {
	var name, kind, engine, format, collation, comment string
	var rows, pages int64
	return i.each(`
SELECT t.table_name, t.table_type, COALESCE(t.engine, ''), COALESCE(t.row_format, ''), COALESCE(t.table_collation, ''),
       COALESCE(t.table_comment, ''), COALESCE(t.table_rows, -1),
       COALESCE(t.data_length, 0) DIV @@innodb_page_size
FROM information_schema.tables t
WHERE t.table_schema = DATABASE() AND t.table_name NOT IN `+ledgerNames+`
ORDER BY t.table_name`, func() {
		switch kind {
		case "BASE TABLE", "SYSTEM VERSIONED":
		case "SEQUENCE":
			key := dialects.ObjectKey{Kind: dialects.Sequence, Name: dialects.Name{Name: name}}
			i.catalog.Objects[key] = &dialects.Object{Kind: dialects.Sequence, Name: key.Name}
			return
		default:
			return
		}
		t := &dialects.Table{
			Name: dialects.Name{Name: name}, Kind: dialects.PlainTable, Rows: rows, Pages: pages, Engine: engine,
			Collation: collationName(collation), Comment: comment, SystemVersioned: kind == "SYSTEM VERSIONED",
		}
		t.Charset = collationCharset(t.Collation)
		if engine == innoDB {
			t.RowFormat = format
		}
		i.catalog.Tables[t.Name] = t
	}, &name, &kind, &engine, &format, &collation, &comment, &rows, &pages)
}

// readRowVersions reads how often columns came and went at once. MySQL alone counts them, from
// 8.0.29 on; a user without PROCESS does not see them. InnoDB encodes a table's name, and has that of
// its tablespace plain; partitions have tablespaces of their own, called TABLE#p#PARTITION.
func (i *inspection) readRowVersions() error {
	if v := i.version; v.Kind != dialects.MySQL || !v.AtLeast(8, 1) && v.Patch < 29 {
		return nil
	}
	var name string
	var versions int
	_, err := permitted(i.Queryer, func() error {
		return i.each(`
SELECT IF(INSTR(s.name, '/') > 0, s.name, t.name), t.total_row_versions
FROM information_schema.innodb_tables t
LEFT JOIN information_schema.innodb_tablespaces s ON s.space = t.space
WHERE t.total_row_versions > 0`, func() {
			schema, table, _ := strings.Cut(name, "/")
			if !strings.EqualFold(schema, i.schema) {
				return
			}
			table, _, _ = strings.Cut(table, "#p#")
			if t := i.table(table); t != nil {
				t.RowVersions = max(t.RowVersions, versions)
			}
		}, &name, &versions)
	})
	return err
}

func (i *inspection) readPartitions() error {
	var table, partition, method, expression, sub string
	return i.each(`
SELECT table_name, partition_name, COALESCE(partition_method, ''), COALESCE(partition_expression, ''),
       COALESCE(subpartition_expression, '')
FROM information_schema.partitions
WHERE table_schema = DATABASE() AND partition_name IS NOT NULL
  AND COALESCE(subpartition_ordinal_position, 1) = 1
ORDER BY table_name, partition_ordinal_position`, func() {
		t := i.table(table)
		if t == nil {
			return
		}
		t.Kind = dialects.PartitionedTable
		t.Partitions = append(t.Partitions, partition)
		if t.Partition == nil {
			t.Partition = i.partitionKey(method, expression, sub)
		}
	}, &table, &partition, &method, &expression, &sub)
}

// partitionKey reads RANGE COLUMNS, `a`,`b` or HASH, (`a` + 1).
func (i *inspection) partitionKey(method, expression, sub string) *dialects.PartitionKey {
	words := strings.Fields(strings.ToLower(strings.TrimPrefix(method, "LINEAR ")))
	key := &dialects.PartitionKey{}
	if len(words) > 0 {
		key.Strategy = words[0]
	}
	if key.Strategy == "key" || len(words) > 1 && words[1] == "columns" {
		key.Columns = namesIn(expression)
	} else if e, err := parseExpression(i.printed(expression)); err == nil {
		key.Columns = columnNames(e)
		if _, plain := e.(*astColumnReference); !plain {
			key.Expressions = append(key.Expressions, writeExpression(e))
		}
	} else if expression != "" {
		key.Expressions = append(key.Expressions, expression)
	}
	key.Columns = appendNew(key.Columns, namesIn(sub)...)
	return key
}

// namesIn are the quoted names in a text.
func namesIn(text string) []string {
	var names []string
	l := lexer{src: text, delimiter: defaultDelimiter}
	for {
		t, ok := l.next()
		if !ok {
			return names
		}
		if t.kind == quotedToken {
			names = append(names, unquote(text[t.start:t.end]))
		}
	}
}
