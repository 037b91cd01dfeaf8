package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// FindBadRow halves the batch until the first row that fails is alone: each half that passes stays
// written while the rest is tried, as if the rows had been written one by one.
func (d Dialect) FindBadRow(ctx context.Context, tx dialects.Tx, c dialects.CopySpec, r dialects.CopyRange, cursor string, size int) (string, error, error) {
	t, b, err := d.openBatch(ctx, tx, c, r, cursor, size)
	if err != nil {
		return "", nil, err
	}
	// A deferred constraint would fail at the commit, which is not going to come.
	if _, err := tx.Exec(ctx, `SET CONSTRAINTS ALL IMMEDIATE`); err != nil {
		return "", nil, err
	}
	key, order := `pg_catalog.json_build_array(place::text)`, `place`
	if r.Storage == "" {
		key, order = `pg_catalog.json_build_array(`+t.keys(d, numberedText)+`)`, t.keys(d, numbered)
	}
	var rows []badRow
	var row badRow
	var values string
	err = dialects.ReadRows(ctx, tx, fmt.Sprintf(`WITH /* segue:backfill */ %s SELECT place::text, %s::text FROM batch WHERE differs ORDER BY %s`,
		b.sql, key, order), b.args, func() error {
		row.key = nil
		err := json.Unmarshal([]byte(values), &row.key)
		rows = append(rows, row)
		return err
	}, &row.place, &values)
	if err != nil {
		return "", nil, err
	}
	bad, cause, err := firstBad(ctx, tx, t, rows)
	if cause == nil || err != nil {
		return "", nil, err
	}
	if r.Storage != "" {
		return "ctid=" + bad.place, cause, nil
	}
	return t.person(bad.key), cause, nil
}

// badRow is a row that may be bad.
type badRow struct {
	place string
	key   []string
}

func firstBad(ctx context.Context, tx dialects.Tx, t copyTable, rows []badRow) (bad badRow, cause error, err error) {
	cause, err = tryRows(ctx, tx, t, rows)
	if cause == nil || err != nil {
		return badRow{}, nil, err
	}
	if len(rows) == 1 {
		return rows[0], cause, nil
	}
	half := len(rows) / 2
	for _, part := range [][]badRow{rows[:half], rows[half:]} {
		if bad, cause, err = firstBad(ctx, tx, t, part); cause != nil || err != nil {
			return bad, cause, err
		}
	}
	return badRow{}, nil, errors.New("looking for the bad row: they failed together, and pass apart")
}

// tryRows writes rows, and takes it back if it fails.
func tryRows(ctx context.Context, tx dialects.Tx, t copyTable, rows []badRow) (cause, err error) {
	places := make([]string, len(rows))
	for i, row := range rows {
		places[i] = row.place
	}
	if _, err := tx.Exec(ctx, `SAVEPOINT segue_row`); err != nil {
		return nil, err
	}
	_, cause = tx.Exec(ctx, `WITH `+t.write(`$1::text[]::pg_catalog.tid[]`)+` SELECT count(*) FROM written`, places)
	end := `RELEASE SAVEPOINT segue_row`
	if cause != nil {
		end = `ROLLBACK TO SAVEPOINT segue_row`
	}
	_, err = tx.Exec(ctx, end)
	return cause, err
}
