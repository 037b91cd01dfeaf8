package mysql

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// keyPosition is a place in a range: behind the row with this key, its values as [copyColumn.text] has
// them.
type keyPosition struct {
	Key []string `json:"key,omitempty"`
}

func (p keyPosition) String() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings can always be written
	}
	return string(text)
}

func parseKeyPosition(s string) (keyPosition, error) {
	var p keyPosition
	if s == "" {
		return p, nil
	}
	if err := json.Unmarshal([]byte(s), &p); err != nil {
		return p, fmt.Errorf("reading the position %q: %w", s, err)
	}
	return p, nil
}

// Ranges splits the table by its key, up to the greatest there is now. Partitions are no tables here,
// and are walked together.
func (d Dialect) Ranges(ctx context.Context, q dialects.Queryer, c dialects.CopySpec, workers int) ([]dialects.CopyRange, error) {
	t, err := d.copyTable(ctx, q, c)
	if err != nil {
		return nil, err
	}
	var rows int64
	var ends [][]string
	err = aside(ctx, q, func() error {
		rows, ends, err = t.ends(ctx, q, c.Table, workers)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("splitting %s: %w", c.Table, err)
	}
	var ranges []dialects.CopyRange
	r := dialects.CopyRange{Table: c.Table}
	for i, end := range ends {
		r.ID = fmt.Sprintf("%s#%d", c.Table, i+1)
		r.To = keyPosition{end}.String()
		r.Rows = rows / int64(len(ends))
		ranges = append(ranges, r)
		r.From = r.To
	}
	return ranges, nil
}

// ends are the ends of up to parts ranges, in order, and the server's estimate of the rows. A small
// table is one range. The keys between are counted off along the index, once: statistics know single
// columns only.
func (t copyTable) ends(ctx context.Context, q dialects.Queryer, table dialects.Name, parts int) (int64, [][]string, error) {
	const worthSplitting = 10_000 // rows
	var rows int64
	err := dialects.ReadRow(ctx, q, `/* segue:backfill */
SELECT COALESCE(SUM(table_rows), 0) FROM information_schema.tables
WHERE table_schema = COALESCE(NULLIF($1, ''), DATABASE()) AND table_name = $2`, []any{table.Schema, table.Name}, &rows)
	if err != nil {
		return 0, nil, err
	}
	var ends [][]string
	for i := 1; i < parts && rows >= worthSplitting; i++ {
		from := ""
		if len(ends) > 0 {
			from = keyPosition{ends[len(ends)-1]}.String()
		}
		behind, err := t.between(from, "")
		if err != nil {
			return 0, nil, err
		}
		next, err := t.keysOf(ctx, q, fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT 1 OFFSET %d",
			t.keyTexts(), t.source(), behind, t.order(), rows/int64(parts)-1))
		if err != nil {
			return 0, nil, err
		}
		ends = append(ends, next...)
	}
	greatest, err := t.keysOf(ctx, q, "SELECT "+t.keyTexts()+" FROM "+t.source()+" ORDER BY "+t.backwards().order()+" LIMIT 1")
	return rows, append(ends, greatest...), err
}
