package mysql

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// rowAlias is what a copied table is called in the copy's statements. A digest keeps no comment, but
// names: by one that starts with segue_ a statement is known for segue's own.
const rowAlias = "segue_row"

// copyTable is one table as the copy sees it: what it reads, what it writes, how it finds rows.
// Names are quoted.
type copyTable struct {
	name     string
	from, to copyColumn
	keep     []string
	index    string // the one that the key is walked by
	key      []copyColumn
}

// describeColumns and describeKey look one table up anew for each batch: an index or a type may
// change while a copy goes on for days.
//
// A key is walked over a unique index of whole columns without NULLs, which the optimizer may use.
// MariaDB calls those that it may not IGNORED, MySQL says which are visible.
const (
	describeColumns = `/* segue:backfill */
SELECT column_name, data_type, COALESCE(character_set_name, ''), COALESCE(collation_name, ''), is_nullable
FROM information_schema.columns WHERE table_schema = %s AND table_name = %s`
	describeKey = `/* segue:backfill */
SELECT index_name, column_name, COALESCE(collation, 'A'), sub_part IS NULL AND %s
FROM information_schema.statistics WHERE table_schema = %s AND table_name = %s AND non_unique = 0
ORDER BY index_name <> 'PRIMARY', index_name, seq_in_index`
)

// errNoKey is for a table whose rows cannot be walked.
var errNoKey = errors.New("it has no unique key of whole NOT NULL columns to walk its rows by; give it a primary key first")

// copyTable looks up the table of a copy.
func (d Dialect) copyTable(ctx context.Context, q dialects.Queryer, c dialects.CopySpec) (copyTable, error) {
	t, err := d.lookUp(ctx, q, c)
	if err != nil {
		return t, fmt.Errorf("looking up %s: %w", c.Table, err)
	}
	return t, nil
}

func (d Dialect) lookUp(ctx context.Context, q dialects.Queryer, c dialects.CopySpec) (copyTable, error) {
	t := copyTable{name: qualified(c.Table) + " AS " + rowAlias}
	for _, column := range c.Keep {
		t.keep = append(t.keep, quote(column))
	}
	schema, name := "DATABASE()", quoteLiteral(c.Table.Name)
	if c.Table.Schema != "" {
		schema = quoteLiteral(c.Table.Schema)
	}
	columns := map[string]copyColumn{}
	var column copyColumn
	var bare, nullable string
	err := dialects.ReadRows(ctx, q, fmt.Sprintf(describeColumns, schema, name), nil, func() error {
		column.name, column.nullable = quote(bare), nullable == "YES"
		column.encoding = encodingOf(column)
		columns[bare] = column
		return nil
	}, &bare, &column.dataType, &column.charset, &column.collation, &nullable)
	if err != nil {
		return t, err
	}
	var found bool
	if t.from, found = columns[c.From]; !found {
		return t, fmt.Errorf("it has no column %s; what the copy reads is gone", c.From)
	}
	if t.to, found = columns[c.To]; !found {
		return t, fmt.Errorf("it has no column %s; what expand added is gone", c.To)
	}

	usable := "is_visible = 'YES'"
	if d.Kind() == dialects.MariaDB {
		usable = "ignored = 'NO'"
	}
	indexes, names := map[string][]copyColumn{}, map[string][]string{}
	var order []string
	var index, direction string
	var whole bool
	var part *string
	err = dialects.ReadRows(ctx, q, fmt.Sprintf(describeKey, usable, schema, name), nil, func() error {
		if !slices.Contains(order, index) {
			order = append(order, index)
		}
		if part == nil || !whole || columns[*part].nullable {
			names[index] = append(names[index], "") // an expression, a prefix, one that may be NULL
			return nil
		}
		k := columns[*part]
		k.descending = direction == "D"
		indexes[index], names[index] = append(indexes[index], k), append(names[index], *part)
		return nil
	}, &index, &part, &direction, &whole)
	if err != nil {
		return t, err
	}
	for _, index := range order {
		if len(c.Key) > 0 && slices.Equal(names[index], c.Key) {
			t.index, t.key = quote(index), indexes[index]
			return t, nil
		}
	}
	if len(c.Key) == 0 {
		return t, errNoKey
	}
	return t, fmt.Errorf("the unique key (%s) that its ranges are made of is no longer there; roll back and start again, or restore the key",
		strings.Join(c.Key, ", "))
}

// source is the table in a FROM, read by the key.
func (t copyTable) source() string { return t.name + " FORCE INDEX (" + t.index + ")" }

// differs holds for a row whose two columns are not identical. Each of its halves misses something:
// the first case and blanks at the end, the second the low bits of a FLOAT (dual-write.md, B3).
func (t copyTable) differs() string {
	return differ(t.from.name, t.to.name)
}

// set makes the row identical, from the row itself (A10). A column that the server would change by
// itself is set to what it is, which keeps it on both servers (B9).
func (t copyTable) set() string {
	list := t.to.name + " = " + t.from.name
	for _, column := range t.keep {
		list += ", " + column + " = " + column
	}
	return list
}

// keyTexts are the key's values as [copyColumn.text] has them.
func (t copyTable) keyTexts() string {
	return t.list(copyColumn.text)
}

// order is that of the index.
func (t copyTable) order() string {
	return t.list(func(k copyColumn) string {
		if k.descending {
			return k.name + " DESC"
		}
		return k.name
	})
}

func (t copyTable) list(entry func(copyColumn) string) string {
	texts := make([]string, len(t.key))
	for i, k := range t.key {
		texts[i] = entry(k)
	}
	return strings.Join(texts, ", ")
}

// backwards is the table with its key walked from the end.
func (t copyTable) backwards() copyTable {
	t.key = slices.Clone(t.key)
	for i := range t.key {
		t.key[i].descending = !t.key[i].descending
	}
	return t
}

// behind holds for rows that come after the one with these values. Comparing rows, (a, b) > (1, 2),
// would not be looked up in an index by either server.
func (t copyTable) behind(values []string) (string, error) {
	literals, err := t.literals(values)
	if err != nil {
		return "", err
	}
	condition := ""
	for i := len(t.key) - 1; i >= 0; i-- {
		after := t.key[i].name + " > " + literals[i]
		if t.key[i].descending {
			after = t.key[i].name + " < " + literals[i]
		}
		if condition == "" {
			condition = "(" + after + ")"
			continue
		}
		condition = fmt.Sprintf("(%s OR (%s = %s AND %s))", after, t.key[i].name, literals[i], condition)
	}
	return condition, nil
}

// upTo holds for rows up to the one with these values.
func (t copyTable) upTo(values []string) (string, error) {
	before, err := t.backwards().behind(values)
	if err != nil {
		return "", err
	}
	same, err := t.among([][]string{values})
	return "(" + before + " OR " + same + ")", err
}

// among holds for the rows with these keys: for each run of them that has all but the last column in
// common, that column is in a list. Both servers look such a condition up in the index. MySQL compares
// the ENUMs of (a, b) IN ((1, 2)) as texts.
func (t copyTable) among(keys [][]string) (string, error) {
	var runs []string
	common, list := "", ""
	for _, values := range keys {
		literals, err := t.literals(values)
		if err != nil {
			return "", err
		}
		last := len(literals) - 1
		same := ""
		for i, k := range t.key[:last] {
			same += k.name + " = " + literals[i] + " AND "
		}
		if list != "" && same == common {
			list += ", " + literals[last]
			continue
		}
		if list != "" {
			runs = append(runs, list+"))")
		}
		common, list = same, "("+same+t.key[last].name+" IN ("+literals[last]
	}
	return "(" + strings.Join(append(runs, list+"))"), " OR ") + ")", nil
}

func (t copyTable) literals(values []string) ([]string, error) {
	if len(values) != len(t.key) {
		return nil, fmt.Errorf("the values %q do not fit the key", values)
	}
	literals := make([]string, len(values))
	for i, k := range t.key {
		var err error
		if literals[i], err = k.literal(values[i]); err != nil {
			return nil, err
		}
	}
	return literals, nil
}

// keysOf runs a query of keyTexts.
func (t copyTable) keysOf(ctx context.Context, q dialects.Queryer, sql string) ([][]string, error) {
	var found [][]string
	values := make([]string, len(t.key))
	dest := make([]any, len(t.key))
	for i := range values {
		dest[i] = &values[i]
	}
	err := dialects.ReadRows(ctx, q, sql, nil, func() error {
		found = append(found, slices.Clone(values))
		return nil
	}, dest...)
	return found, err
}

// person names a row by its key, for people: id=42.
func (t copyTable) person(values []string) string {
	var parts []string
	for i, k := range t.key {
		parts = append(parts, unquote(k.name)+"="+k.person(values[i]))
	}
	return strings.Join(parts, ", ")
}
