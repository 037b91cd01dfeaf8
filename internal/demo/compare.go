package demo

import (
	"context"
	"fmt"
)

// compareColumns reads every row while both columns are there. Identical is more than equal: it is
// the same bytes.
func compareColumns(ctx context.Context, s store, conn *connection) (c Comparison, err error) {
	if err := conn.QueryRowContext(ctx, s.differing()).Scan(&c.Rows, &c.Differ); err != nil {
		return c, fmt.Errorf("comparing the two columns: %w", err)
	}
	return c, nil
}

// compareWrites holds every row against what the apps were told is stored; a row that is missing,
// or that nobody inserted, differs too.
func compareWrites(ctx context.Context, conn *connection, r *rows) (c Comparison, err error) {
	found, err := conn.QueryContext(ctx, `SELECT id, email FROM users`)
	if err != nil {
		return c, fmt.Errorf("reading the rows in the end: %w", err)
	}
	defer found.Close()
	var right int64
	for found.Next() {
		var id int64
		var address string
		if err := found.Scan(&id, &address); err != nil {
			return c, fmt.Errorf("reading the rows in the end: %w", err)
		}
		c.Rows++
		if r.allow(id, address) {
			right++
		}
	}
	if err := found.Err(); err != nil {
		return c, fmt.Errorf("reading the rows in the end: %w", err)
	}
	c.Rows = max(c.Rows, r.count())
	c.Differ = c.Rows - right
	return c, nil
}
