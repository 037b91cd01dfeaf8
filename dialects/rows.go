package dialects

import (
	"context"
	"errors"
)

// ErrNoRow says that a query which always has a row had none.
var ErrNoRow = errors.New("the server sent no row")

// ReadRow reads the first row of a query, which must have one.
func ReadRow(ctx context.Context, q Queryer, sql string, args []any, dest ...any) error {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return ErrNoRow
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}

// ReadRows reads all rows of a query: dest are scanned into, then row is called.
func ReadRows(ctx context.Context, q Queryer, sql string, args []any, row func() error, dest ...any) error {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := row(); err != nil {
			return err
		}
	}
	return rows.Err()
}
