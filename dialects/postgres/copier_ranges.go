package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// position is a place in a range, in one of two forms: behind the row with this key, its values as
// text, or before this physical block of this storage.
type position struct {
	Key     []string `json:"key,omitempty"`
	Block   int64    `json:"block,omitempty"`
	Storage string   `json:"storage,omitempty"`
}

func (p position) String() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and a number can always be written
	}
	return string(text)
}

func parsePosition(s string) (position, error) {
	var p position
	if s == "" {
		return p, nil
	}
	if err := json.Unmarshal([]byte(s), &p); err != nil {
		return p, fmt.Errorf("reading the position %q: %w", s, err)
	}
	return p, nil
}

// Ranges splits each leaf that has rows: by the key where it has one that can be walked, up to the
// greatest key there is now, else by the physical blocks that there are now.
func (d Dialect) Ranges(ctx context.Context, q dialects.Queryer, c dialects.CopySpec, workers int) ([]dialects.CopyRange, error) {
	var ranges []dialects.CopyRange
	for _, leaf := range c.Leaves {
		t, err := d.copyTable(ctx, q, c, leaf)
		if errors.Is(err, errLeafGone) {
			continue
		}
		if err != nil {
			return nil, err
		}
		ends, err := d.rangeEnds(ctx, q, t, workers)
		if err != nil {
			return nil, fmt.Errorf("splitting %s: %w", leaf, err)
		}
		if len(ends) == 0 {
			continue
		}
		rows, err := estimateRows(ctx, q, t)
		if err != nil {
			return nil, fmt.Errorf("estimating the rows of %s: %w", leaf, err)
		}
		r := dialects.CopyRange{Table: leaf, Rows: rows / int64(len(ends))}
		if len(t.key) == 0 {
			r.Storage = t.storage
		}
		for i, end := range ends {
			r.ID = fmt.Sprintf("%s#%d", leaf, i+1)
			r.To = end.String()
			ranges = append(ranges, r)
			r.From = r.To
		}
	}
	return ranges, nil
}

// rangeEnds are the ends of up to parts ranges, in order. A small table is one range.
func (d Dialect) rangeEnds(ctx context.Context, q dialects.Queryer, t copyTable, parts int) ([]position, error) {
	const worthSplitting = 64 // blocks
	if t.blocks < worthSplitting {
		parts = 1
	}
	var ends []position
	if len(t.key) == 0 {
		for i := range int64(parts) {
			end := t.blocks * (i + 1) / int64(parts)
			if end > 0 {
				ends = append(ends, position{Block: end, Storage: t.storage})
			}
		}
		return ends, nil
	}
	if parts > 1 {
		var err error
		if ends, err = d.sampledKeys(ctx, q, t, parts); err != nil {
			return nil, err
		}
	}
	greatest, err := keysOf(ctx, q, fmt.Sprintf(
		`SELECT /* segue:backfill */ pg_catalog.json_build_array(%s)::text FROM ONLY %s t ORDER BY %s LIMIT 1`,
		t.keys(d, columnText), t.name,
		t.keys(d, func(_ int, column string) string { return column + " DESC" })))
	return append(ends, greatest...), err
}

// sampledKeys are keys that split the table into parts of about the same number of rows. They come
// from a sample of blocks: planner statistics know single columns only.
func (d Dialect) sampledKeys(ctx context.Context, q dialects.Queryer, t copyTable, parts int) ([]position, error) {
	const sampled = 300 // blocks
	return keysOf(ctx, q, fmt.Sprintf(`SELECT /* segue:backfill */ pg_catalog.json_build_array(%s)::text
FROM (SELECT %s, row_number() OVER (ORDER BY %s) AS n, count(*) OVER () AS total
  FROM ONLY %s t TABLESAMPLE SYSTEM ($1)) s
WHERE n IN (SELECT total * part / $2 FROM pg_catalog.generate_series(1, $2 - 1) part)
ORDER BY n`, t.keys(d, numberedText), t.keys(d, numberedColumn), t.keys(d, plainColumn), t.name),
		min(100, 100*float64(sampled)/float64(t.blocks)), parts)
}

func keysOf(ctx context.Context, q dialects.Queryer, sql string, args ...any) ([]position, error) {
	var found []position
	var key string
	err := dialects.ReadRows(ctx, q, sql, args, func() error {
		var p position
		found = append(found, p)
		return json.Unmarshal([]byte(key), &found[len(found)-1].Key)
	}, &key)
	return found, err
}

// estimateRows asks the planner, which scales what ANALYZE found by the size that the table has now.
func estimateRows(ctx context.Context, q dialects.Queryer, t copyTable) (int64, error) {
	var plans []struct {
		Plan struct {
			Rows int64 `json:"Plan Rows"`
		}
	}
	var text string
	err := dialects.ReadRows(ctx, q, `EXPLAIN (FORMAT JSON) SELECT FROM ONLY `+t.name, nil, func() error {
		return json.Unmarshal([]byte(text), &plans)
	}, &text)
	if err != nil {
		return 0, err
	}
	return plans[0].Plan.Rows, nil
}
