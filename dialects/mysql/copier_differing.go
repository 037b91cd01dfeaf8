package mysql

import (
	"context"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// scanned is how many rows a statement of a scan reads. Each has a view of its own: one over a whole
// great table would keep the server from purging what was overwritten meanwhile.
const scanned = 50_000

// Differing walks the whole table by its key.
func (d Dialect) Differing(ctx context.Context, q dialects.Queryer, c dialects.CopySpec, limit int) ([]dialects.RowDiff, error) {
	t, err := d.lookUp(ctx, q, c)
	var diffs []dialects.RowDiff
	if err == nil {
		err = aside(ctx, q, func() error {
			diffs, err = t.scan(ctx, q, c.Table, limit)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("looking for rows of %s whose %s and %s differ: %w", c.Table, c.From, c.To, err)
	}
	return diffs, nil
}

func (t copyTable) scan(ctx context.Context, q dialects.Queryer, table dialects.Name, limit int) ([]dialects.RowDiff, error) {
	var diffs []dialects.RowDiff
	row := dialects.RowDiff{Table: table}
	key := make([]string, len(t.key))
	dest := []any{&row.Old, &row.New}
	for i := range key {
		dest = append(dest, &key[i])
	}
	for from, more := "", true; more && len(diffs) < limit; {
		part, err := t.batch(ctx, q, dialects.CopyRange{}, from, scanned)
		if err != nil {
			return nil, err
		}
		err = dialects.ReadRows(ctx, q, fmt.Sprintf("SELECT %s, %s, %s FROM %s WHERE %s AND %s LIMIT %d",
			t.from.shown(), t.to.shown(), t.keyTexts(), t.source(), part.rows, t.differs(), limit-len(diffs)), nil, func() error {
			row.Key, row.Locator = t.person(key), keyPosition{key}.String()
			diffs = append(diffs, row)
			return nil
		}, dest...)
		if err != nil {
			return nil, err
		}
		from, more = part.Cursor, !part.Done
	}
	return diffs, nil
}

// Repair writes one row, by the rules of [Dialect.CopyBatch].
func (d Dialect) Repair(ctx context.Context, tx dialects.Tx, c dialects.CopySpec, row dialects.RowDiff, take dialects.Side) (bool, error) {
	if take == dialects.New {
		c.From, c.To = c.To, c.From
	}
	written, err := d.repair(ctx, tx, c, row)
	if err != nil {
		return false, fmt.Errorf("repairing %s of %s: %w", row.Key, row.Table, err)
	}
	return written, nil
}

func (d Dialect) repair(ctx context.Context, tx dialects.Tx, c dialects.CopySpec, row dialects.RowDiff) (bool, error) {
	t, err := d.lookUp(ctx, tx, c)
	if err != nil {
		return false, err
	}
	at, err := parseKeyPosition(row.Locator)
	if err != nil {
		return false, err
	}
	this, err := t.among([][]string{at.Key})
	if err != nil {
		return false, err
	}
	var keys [][]string
	still := 0
	err = aside(ctx, tx, func() error {
		if keys, err = t.lock(ctx, tx, this); err != nil {
			return err
		}
		if err := t.write(ctx, tx, keys); err != nil {
			return err
		}
		return dialects.ReadRow(ctx, tx, "SELECT COUNT(*) FROM "+t.source()+" WHERE "+this+" AND "+t.differs(), nil, &still)
	})
	if err == nil && len(keys) > 0 && still > 0 {
		err = fmt.Errorf("a trigger of the table changes %s or %s as the row is written; have it let segue's sessions pass (@segue_backfill is their CONNECTION_ID()), or drop it while rows are copied",
			c.From, c.To)
	}
	return len(keys) > 0, err
}
