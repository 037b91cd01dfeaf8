package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// locator finds one row again: by the values of its key, or where it lies.
type locator struct {
	Key   []string `json:"key,omitempty"`
	Place string   `json:"place,omitempty"` // ctid
}

// Differing reads the whole table, partitions that were attached since the plan was made included.
func (d Dialect) Differing(ctx context.Context, q dialects.Queryer, c dialects.CopySpec, limit int) ([]dialects.RowDiff, error) {
	t, err := d.copyTable(ctx, q, c, c.Table)
	if err != nil {
		return nil, err
	}
	found, row := `pg_catalog.json_build_array(t.ctid::text)`, dialects.RowDiff{}
	if len(t.key) > 0 {
		found = `pg_catalog.json_build_array(` + t.keys(d, columnText) + `)`
	}
	var diffs []dialects.RowDiff
	var values string
	err = dialects.ReadRows(ctx, q, fmt.Sprintf(`SELECT /* segue:backfill */ s.nspname, l.relname, f.found, f.old_value, f.new_value
FROM (
  SELECT t.tableoid AS leaf, %s::text AS found, t.%s::text AS old_value, t.%s::text AS new_value
  FROM %s t WHERE %s LIMIT $1
) f
JOIN pg_catalog.pg_class l ON l.oid = f.leaf
JOIN pg_catalog.pg_namespace s ON s.oid = l.relnamespace`, found, t.from, t.to, t.name, t.differs()),
		[]any{limit}, func() error {
			var at locator
			if err := json.Unmarshal([]byte(values), &at.Key); err != nil {
				return err
			}
			row.Key = t.person(at.Key)
			if len(t.key) == 0 {
				at = locator{Place: at.Key[0]}
				row.Key = "ctid=" + at.Place
			}
			text, err := json.Marshal(at)
			row.Locator = string(text)
			diffs = append(diffs, row)
			return err
		}, &row.Table.Schema, &row.Table.Name, &values, &row.Old, &row.New)
	if err != nil {
		return nil, fmt.Errorf("looking for rows of %s whose %s and %s differ: %w", c.Table, c.From, c.To, err)
	}
	return diffs, nil
}

// Repair writes one row, by the rules of [Dialect.CopyBatch].
func (d Dialect) Repair(ctx context.Context, tx dialects.Tx, c dialects.CopySpec, row dialects.RowDiff, take dialects.Side) (bool, error) {
	if take == dialects.New {
		c.From, c.To = c.To, c.From
	}
	var at locator
	if err := json.Unmarshal([]byte(row.Locator), &at); err != nil {
		return false, fmt.Errorf("reading the locator of %s: %w", row.Key, err)
	}
	t, err := d.copyTable(ctx, tx, c, row.Table)
	if errors.Is(err, errLeafGone) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := prepareCopy(ctx, tx, t); err != nil {
		return false, err
	}
	args := []any{at.Place}
	places := `ARRAY[$1::text::pg_catalog.tid]`
	if at.Place == "" {
		args = nil
		same, err := t.compare(d, "=", at.Key, &args)
		if err != nil {
			return false, err
		}
		places = fmt.Sprintf(`ARRAY(SELECT t.ctid FROM ONLY %s t WHERE %s)`, t.name, same)
	}
	// The second attempt sees what had changed before the row was locked. One that is locked and
	// still not written is kept from it by a trigger, and would be for ever.
	for range 2 {
		var locked, written int
		err = dialects.ReadRows(ctx, tx, `WITH /* segue:backfill */ `+t.write(places)+` SELECT (SELECT count(*) FROM locked), count(*) FROM written`, args,
			func() error { return nil }, &locked, &written)
		if err != nil {
			return false, fmt.Errorf("repairing %s of %s: %w", row.Key, row.Table, err)
		}
		if written > 0 || locked == 0 {
			return written > 0, nil
		}
	}
	return false, fmt.Errorf("repairing %s of %s: a trigger of the table keeps the row from being written; run as a role that may set session_replication_role, or disable the trigger while rows are copied",
		row.Key, row.Table)
}
