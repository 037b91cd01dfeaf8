package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

var _ dialects.Copier = Dialect{}

// stepAside makes the sync trigger let the transaction's own writes through, by a setting that
// names this session, so that it means nothing to any other (dual-write.md, A17). Row security is
// off: a policy that would hide rows is an error instead (A1).
const stepAside = `PERFORM pg_catalog.set_config('row_security', 'off', true);
  PERFORM pg_catalog.set_config('segue.backfill', pg_catalog.pg_backend_pid()::text, true);`

// asReplica keeps the app's triggers from firing, so that updated_at and its like keep their
// values. Only the server knows whether this role may say so: superusers, who was granted the
// setting, and what a hosting provider adds. Where it may not, the triggers fire.
const asReplica = `
  BEGIN
    PERFORM pg_catalog.set_config('session_replication_role', 'replica', true);
  EXCEPTION WHEN insufficient_privilege THEN
    NULL;
  END;`

// prepareCopy makes the settings that hold for the transaction's writes to one table. The replica
// role checks no foreign keys either. A new column has none while it is filled; where it has one,
// the replica role is not taken.
func prepareCopy(ctx context.Context, tx dialects.Tx, t copyTable) error {
	settings := stepAside
	if !t.foreignKey {
		settings += asReplica
	}
	_, err := tx.Exec(ctx, "DO /* segue:backfill */ $segue$ BEGIN\n  "+settings+"\nEND $segue$")
	if err != nil {
		return fmt.Errorf("setting up the transaction: %w", err)
	}
	return nil
}

// CopyBatch is one statement, whatever the size: it walks up to size rows behind the cursor, locks
// those that differ and that nobody else has locked, and writes them. See [copyTable.write] for
// why it is safe beside writers.
//
// A block cursor of storage that has been rewritten since (VACUUM FULL, CLUSTER, a restore) is void;
// the range then starts over.
func (d Dialect) CopyBatch(ctx context.Context, tx dialects.Tx, c dialects.CopySpec, r dialects.CopyRange, cursor string, size int) (dialects.CopyBatch, error) {
	t, b, err := d.openBatch(ctx, tx, c, r, cursor, size)
	if errors.Is(err, errLeafGone) {
		return dialects.CopyBatch{Cursor: r.To, Done: true}, nil
	}
	if err != nil {
		return dialects.CopyBatch{}, err
	}
	var batch dialects.CopyBatch
	var differing int64
	var last string
	err = dialects.ReadRows(ctx, tx, `WITH /* segue:backfill */ `+b.sql+`, `+t.write(`ARRAY(SELECT place FROM batch WHERE differs)`)+`
SELECT count(*), count(*) FILTER (WHERE differs), (SELECT count(*) FROM written), `+b.last+` FROM batch`,
		b.args, func() error { return nil }, &batch.Seen, &differing, &batch.Written, &last)
	if err != nil {
		return dialects.CopyBatch{}, err
	}
	batch.Skipped = differing - batch.Written
	batch.Cursor, batch.Done, err = b.next(batch.Seen, last)
	return batch, err
}

// batchRows finds a batch's rows: sql is the common table expression batch, with place, differs and,
// over a key, its columns k1, k2, ...
type batchRows struct {
	sql  string
	args []any
	// last is an expression for the last row's key, a JSON array.
	last string
	// next is the cursor behind the batch, and whether it is the range's end.
	next func(seen int64, last string) (cursor string, done bool, err error)
}

// openBatch makes the transaction ready to copy, and finds the batch's rows.
func (d Dialect) openBatch(ctx context.Context, tx dialects.Tx, c dialects.CopySpec, r dialects.CopyRange, cursor string, size int) (copyTable, batchRows, error) {
	var parts [3]position
	for i, text := range []string{r.From, cursor, r.To} {
		var err error
		if parts[i], err = parsePosition(text); err != nil {
			return copyTable{}, batchRows{}, err
		}
	}
	from, at, to := parts[0], parts[1], parts[2]
	t, err := d.copyTable(ctx, tx, c, r.Table)
	if err != nil {
		return t, batchRows{}, err
	}
	if err := prepareCopy(ctx, tx, t); err != nil {
		return t, batchRows{}, err
	}
	if r.Storage != "" {
		if at.Storage != t.storage {
			at = position{Block: from.Block}
		}
		return t, blockBatch(t, at, to, r.Rows/max(1, to.Block-from.Block), size), nil
	}
	if cursor == "" {
		at = from
	}
	b, err := d.keyBatch(t, at, to, size)
	return t, b, err
}

// keyBatch walks the key. LIMIT, beside bounding the batch, keeps the planner on the index: an
// estimate of the range alone may be far off where the key's first column has few values.
func (d Dialect) keyBatch(t copyTable, at, to position, size int) (batchRows, error) {
	if len(t.key) == 0 {
		return batchRows{}, fmt.Errorf("copying %s: the unique key that its ranges are made of is no longer there; roll back and start again, or restore the key", t.name)
	}
	var b batchRows
	upTo, err := t.compare(d, "<=", to.Key, &b.args)
	if err != nil {
		return b, err
	}
	where := upTo
	if at.Key != nil {
		behind, err := t.compare(d, ">", at.Key, &b.args)
		if err != nil {
			return b, err
		}
		where = behind + " AND " + upTo
	}
	b.sql = fmt.Sprintf(`batch AS MATERIALIZED (
  SELECT t.ctid AS place, %s AS differs, %s
  FROM ONLY %s t WHERE %s
  ORDER BY %s LIMIT %d
)`, t.differs(), t.keys(d, numberedColumn), t.name, where, t.keys(d, plainColumn), size)
	b.last = fmt.Sprintf(`coalesce((SELECT pg_catalog.json_build_array(%s)::text FROM batch ORDER BY %s LIMIT 1), '[]')`,
		t.keys(d, numberedText), t.keys(d, func(n int, _ string) string { return fmt.Sprintf("k%d DESC", n) }))
	b.next = func(seen int64, last string) (string, bool, error) {
		if seen < int64(size) {
			return to.String(), true, nil
		}
		p, err := parsePosition(`{"key":` + last + `}`)
		return p.String(), false, err
	}
	return b, nil
}

// blockBatch walks as many physical blocks as hold about size rows.
func blockBatch(t copyTable, at, to position, perBlock int64, size int) batchRows {
	end := min(to.Block, at.Block+max(1, int64(size)/max(1, perBlock)))
	return batchRows{
		sql: fmt.Sprintf(`batch AS MATERIALIZED (
  SELECT t.ctid AS place, %s AS differs
  FROM ONLY %s t WHERE t.ctid >= $1::text::pg_catalog.tid AND t.ctid < $2::text::pg_catalog.tid
)`, t.differs(), t.name),
		args: []any{fmt.Sprintf("(%d,0)", at.Block), fmt.Sprintf("(%d,0)", end)},
		last: `''`,
		next: func(int64, string) (string, bool, error) {
			return position{Block: end, Storage: t.storage}.String(), end >= to.Block, nil
		},
	}
}
