package mysql

import (
	"context"
	"errors"

	"github.com/segue-db/segue/dialects"
)

// FindBadRow halves the batch until the first row that fails is alone: each half that passes stays
// written while the rest is tried, as if the rows had been written one by one. What a statement that
// fails has done the server undoes.
func (d Dialect) FindBadRow(ctx context.Context, tx dialects.Tx, c dialects.CopySpec, r dialects.CopyRange, cursor string, size int) (string, error, error) {
	t, err := d.copyTable(ctx, tx, c)
	if err != nil {
		return "", nil, err
	}
	var bad []string
	var cause error
	err = aside(ctx, tx, func() error {
		b, err := t.batch(ctx, tx, r, cursor, size)
		if err != nil {
			return err
		}
		keys, err := t.lock(ctx, tx, b.rows)
		if err != nil {
			return err
		}
		bad, cause, err = t.firstBad(ctx, tx, keys)
		return err
	})
	if err != nil || cause == nil {
		return "", nil, err
	}
	return t.person(bad), cause, nil
}

func (t copyTable) firstBad(ctx context.Context, tx dialects.Tx, keys [][]string) (bad []string, cause error, err error) {
	cause = t.write(ctx, tx, keys)
	if cause == nil {
		return nil, nil, nil
	}
	if fault := connectionOf(tx).database.Fault(cause); fault.Passing() || fault == dialects.FaultConnection {
		return nil, nil, cause // the transaction may be gone
	}
	if len(keys) == 1 {
		return keys[0], cause, nil
	}
	half := len(keys) / 2
	for _, part := range [][][]string{keys[:half], keys[half:]} {
		if bad, cause, err = t.firstBad(ctx, tx, part); cause != nil || err != nil {
			return bad, cause, err
		}
	}
	return nil, nil, errors.New("looking for the bad row: they failed together, and pass apart")
}
