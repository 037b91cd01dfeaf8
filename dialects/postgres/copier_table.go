package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// copyTable is one table as the copy sees it: what it reads, what it writes, how it finds rows.
// Names are quoted.
type copyTable struct {
	name     string
	from, to string
	// key is empty where the table is walked by physical blocks.
	key []keyColumn
	// storage is the file that the blocks are in; a rewrite of the table changes it.
	storage string
	blocks  int64
	// unique says that the written column is in a unique index: an update of it is an update of a
	// key, and takes a stronger row lock.
	unique bool
	// foreignKey says that the written column takes part in a foreign key. Under the replica
	// role nobody would check it.
	foreignKey bool
}

// keyColumn is a column of the key, with what it takes to compare it with a value given as text.
type keyColumn struct {
	Name string `json:"name"` // as the catalog has it
	Type string `json:"type"` // quoted, with modifiers
	// Operators is the schema of the type's comparison operators. They are named in full since
	// the session's search_path is the app's.
	Operators string `json:"operators"`
}

// describeTable looks one table up anew for each batch: an index, a type or the storage may change
// while a copy goes on for days.
//
// A key is walked only over a B-tree whose order is the one that ORDER BY and the operators mean:
// the type's default operator class, the column's own collation, one direction for all columns.
// Any other is left to the physical blocks.
const describeTable = `SELECT /* segue:backfill */
  pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::bigint,
  coalesce(pg_catalog.pg_relation_filenode(c.oid)::text, ''),
  EXISTS (SELECT FROM pg_catalog.pg_index i
    WHERE i.indrelid = c.oid AND i.indisunique AND w.attnum = ANY (i.indkey::int2[])),
  EXISTS (SELECT FROM pg_catalog.pg_constraint f
    WHERE f.contype = 'f' AND (f.conrelid = c.oid AND w.attnum = ANY (f.conkey)
      OR f.confrelid = c.oid AND w.attnum = ANY (f.confkey))),
  coalesce(k.columns, '[]')
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute w ON w.attrelid = c.oid AND w.attname = $2 AND NOT w.attisdropped
LEFT JOIN LATERAL (
  SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
    'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'operators', s.nspname) ORDER BY x.n)::text
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
  JOIN pg_catalog.pg_am m ON m.oid = ic.relam AND m.amname = 'btree'
  CROSS JOIN LATERAL ROWS FROM (
    pg_catalog.unnest(i.indkey::int2[]), pg_catalog.unnest(i.indclass::oid[]),
    pg_catalog.unnest(i.indcollation::oid[]), pg_catalog.unnest(i.indoption::int2[]))
    WITH ORDINALITY AS x (attnum, class, coll, direction, n)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = x.attnum
    AND a.attnotnull AND a.attcollation = x.coll
  JOIN pg_catalog.pg_opclass o ON o.oid = x.class AND o.opcdefault
  JOIN pg_catalog.pg_amop p ON p.amopfamily = o.opcfamily AND p.amopstrategy = 5
    AND p.amoplefttype = o.opcintype AND p.amoprighttype = o.opcintype
  JOIN pg_catalog.pg_operator r ON r.oid = p.amopopr AND r.oprname = '>'
  JOIN pg_catalog.pg_namespace s ON s.oid = r.oprnamespace
  WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
    AND i.indpred IS NULL AND i.indexprs IS NULL AND x.n <= i.indnkeyatts
  GROUP BY i.indexrelid
  HAVING pg_catalog.array_agg(a.attname::text ORDER BY x.n) = $3::text[]
    AND pg_catalog.count(DISTINCT x.direction) = 1 AND pg_catalog.min(x.direction) IN (0, 3)
    AND pg_catalog.count(DISTINCT s.nspname) = 1
  LIMIT 1
) k (columns) ON true
WHERE c.oid = pg_catalog.to_regclass($1::text)`

// errLeafGone is for a partition that was dropped, or detached and changed, since the plan was made. That all
// partitions there are have been copied is for [Dialect.Differing] to say, which reads the whole.
var errLeafGone = errors.New("the partition is gone")

// copyTable looks up one table of the copy: a leaf, or the whole.
func (d Dialect) copyTable(ctx context.Context, q dialects.Queryer, c dialects.CopySpec, table dialects.Name) (copyTable, error) {
	t := copyTable{name: d.Qualified(table), from: d.Quote(c.From), to: d.Quote(c.To)}
	var key string
	found := false
	err := dialects.ReadRows(ctx, q, describeTable, []any{t.name, c.To, append([]string{}, c.Key...)}, func() error {
		found = true
		return json.Unmarshal([]byte(key), &t.key)
	}, &t.blocks, &t.storage, &t.unique, &t.foreignKey, &key)
	if err != nil {
		return t, fmt.Errorf("looking up %s: %w", table, err)
	}
	if !found {
		if table != c.Table {
			return t, errLeafGone
		}
		return t, fmt.Errorf("looking up %s: it has no column %s; what expand added is gone", table, c.To)
	}
	return t, nil
}

// differs holds for a row, named t, whose two columns are not identical. Equality is not enough:
// 1.0 equals 1.00.
func (t copyTable) differs() string {
	return fmt.Sprintf("pg_catalog.record_image_ne(ROW(t.%s), ROW(t.%s))", t.from, t.to)
}

// keys writes a list with one entry for each column of the key: its number, from 1, and its quoted
// name in the row t.
func (t copyTable) keys(d Dialect, entry func(n int, column string) string) string {
	list := make([]string, len(t.key))
	for i, k := range t.key {
		list[i] = entry(i+1, "t."+d.Quote(k.Name))
	}
	return strings.Join(list, ", ")
}

func plainColumn(_ int, column string) string    { return column }
func numberedColumn(n int, column string) string { return fmt.Sprintf("%s AS k%d", column, n) }
func columnText(_ int, column string) string     { return column + "::text" }
func numbered(n int, _ string) string            { return fmt.Sprintf("k%d", n) }
func numberedText(n int, _ string) string        { return fmt.Sprintf("k%d::text", n) }

// compare writes a comparison of the key, in its order, with values given as text. The arguments
// are added to args.
func (t copyTable) compare(d Dialect, operator string, values []string, args *[]any) (string, error) {
	if len(values) != len(t.key) {
		return "", fmt.Errorf("the position %q does not fit the key of %s", values, t.name)
	}
	var columns, given []string
	for i, k := range t.key {
		*args = append(*args, values[i])
		columns = append(columns, "t."+d.Quote(k.Name))
		given = append(given, fmt.Sprintf("$%d::text::%s", len(*args), k.Type))
	}
	return fmt.Sprintf("(%s) OPERATOR(%s.%s) (%s)", strings.Join(columns, ", "),
		d.Quote(t.key[0].Operators), operator, strings.Join(given, ", ")), nil
}

// rowLock is the lock that the update is going to need, taken beforehand so that the update
// itself never waits.
func (t copyTable) rowLock() string {
	if t.unique {
		return "FOR UPDATE"
	}
	return "FOR NO KEY UPDATE"
}

// write is the two common table expressions that lock the rows at the given places (an array of
// ctids) and make them identical. The value comes from the locked row itself; the places are all
// that is carried over from what was read before the lock (dual-write.md, A10). Rows that others
// have locked are skipped, so nothing is ever waited for while a row is held (A12); that is also
// why the order of locking does not matter.
//
// A place is as good as a key here: a row that was updated since the statement's snapshot has moved
// on, is not written, and is left for the next pass.
func (t copyTable) write(places string) string {
	return fmt.Sprintf(`locked AS MATERIALIZED (
  SELECT t.ctid AS place FROM ONLY %[1]s t
  WHERE t.ctid = ANY (%[2]s) AND %[3]s
  %[4]s SKIP LOCKED
), written AS (
  UPDATE ONLY %[1]s t SET %[5]s = t.%[6]s
  WHERE t.ctid = ANY (ARRAY(SELECT place FROM locked)) AND %[3]s
  RETURNING 1
)`, t.name, places, t.differs(), t.rowLock(), t.to, t.from)
}

// person names a row by its key, for people: id=42.
func (t copyTable) person(values []string) string {
	var parts []string
	for i, k := range t.key {
		parts = append(parts, k.Name+"="+values[i])
	}
	return strings.Join(parts, ", ")
}
