package mysql

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
)

var _ dialects.Copier = Dialect{}

// Around the copy's statements the sync triggers step aside, by a variable that names this session, so
// that it means nothing to any other (dual-write.md, A17). It is taken back with each batch: a proxy
// may carry it to another client (B7).
//
// What is there is read and copied as it is, so the mode lets zero dates and dates that no calendar has
// pass: the rows may have been written under another. Strict, it would make an error of a value that
// could not be kept.
const (
	stepAside = "SET @segue_mode = @@SESSION.sql_mode, SESSION sql_mode = '" + dateMode + "', @segue_backfill = CONNECTION_ID()"
	stepBack  = "SET SESSION sql_mode = @segue_mode, @segue_backfill = NULL, @segue_mode = NULL"
)

// aside runs statements for which the sync triggers step aside.
func aside(ctx context.Context, q dialects.Queryer, run func() error) error {
	if _, err := q.Exec(ctx, stepAside); err != nil {
		return fmt.Errorf("stepping aside for the copy: %w", err)
	}
	err := run()
	if _, back := q.Exec(context.WithoutCancel(ctx), stepBack); back != nil {
		return errors.Join(err, fmt.Errorf("stepping back after the copy: %w", back))
	}
	return err
}

// CopyBatch walks up to size rows behind the cursor, locks those that differ and that nobody else has
// locked, and writes them.
func (d Dialect) CopyBatch(ctx context.Context, tx dialects.Tx, c dialects.CopySpec, r dialects.CopyRange, cursor string, size int) (dialects.CopyBatch, error) {
	t, err := d.copyTable(ctx, tx, c)
	if err != nil {
		return dialects.CopyBatch{}, err
	}
	var b copyBatch
	err = aside(ctx, tx, func() error {
		if b, err = t.batch(ctx, tx, r, cursor, size); err != nil {
			return err
		}
		keys, err := t.lock(ctx, tx, b.rows)
		if err != nil {
			return err
		}
		if err := t.write(ctx, tx, keys); err != nil {
			return err
		}
		b.Written = int64(len(keys))
		if b.Written < b.Seen {
			return dialects.ReadRow(ctx, tx, "SELECT COUNT(*) FROM "+t.source()+" WHERE "+b.rows+" AND "+t.differs(), nil, &b.Skipped)
		}
		return nil
	})
	return b.CopyBatch, err
}

// copyBatch is a batch and the condition that its rows fit.
type copyBatch struct {
	dialects.CopyBatch
	rows string
}

// batch finds the end of the rows that come next. It locks nothing.
func (t copyTable) batch(ctx context.Context, q dialects.Queryer, r dialects.CopyRange, cursor string, size int) (copyBatch, error) {
	if cursor == "" {
		cursor = r.From
	}
	rows, err := t.between(cursor, r.To)
	if err != nil {
		return copyBatch{}, err
	}
	last, err := t.keysOf(ctx, q, fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT 1 OFFSET %d",
		t.keyTexts(), t.source(), rows, t.order(), size-1))
	if err != nil {
		return copyBatch{}, err
	}
	b := copyBatch{dialects.CopyBatch{Cursor: r.To, Done: true}, rows}
	if len(last) == 0 {
		err := dialects.ReadRow(ctx, q, "SELECT COUNT(*) FROM "+t.source()+" WHERE "+rows, nil, &b.Seen)
		return b, err
	}
	b.Seen, b.Done, b.Cursor = int64(size), false, keyPosition{last[0]}.String()
	b.rows, err = t.between(cursor, b.Cursor)
	return b, err
}

// lock locks rows that differ, skipping those that others have locked, and returns their keys. At
// READ COMMITTED the rows that do not differ are let go of at once, and no gap is locked.
func (t copyTable) lock(ctx context.Context, tx dialects.Queryer, rows string) ([][]string, error) {
	return t.keysOf(ctx, tx, "SELECT "+t.keyTexts()+" FROM "+t.source()+" WHERE "+rows+" AND "+t.differs()+
		" FOR UPDATE SKIP LOCKED")
}

// chunk is how many keys a statement lists: few enough for MySQL's range_optimizer_max_mem_size, and
// for MariaDB not to make a table of them, either of which would end in a walk over all rows.
const chunk = 500

// write makes locked rows identical. It names them one by one: with the locking SELECT joined to the
// UPDATE, rows would be waited for while others are held, and an app be a deadlock's victim (A12).
func (t copyTable) write(ctx context.Context, tx dialects.Queryer, keys [][]string) error {
	for part := range slices.Chunk(keys, chunk) {
		rows, err := t.among(part)
		if err != nil {
			return err
		}
		found, err := tx.Exec(ctx, "UPDATE "+t.source()+" SET "+t.set()+" WHERE "+rows)
		if err != nil {
			return err
		}
		if found != int64(len(part)) {
			return fmt.Errorf("%d rows were locked, and %d of them found again by their keys; the server does not compare the key (%s) with what it read from it",
				len(part), found, t.order())
		}
	}
	return nil
}

// between holds for the rows behind one position, the beginning where it is empty, up to another.
func (t copyTable) between(from, to string) (string, error) {
	conditions := []string{"TRUE"}
	for _, end := range []struct {
		at   string
		side func([]string) (string, error)
	}{{from, t.behind}, {to, t.upTo}} {
		p, err := parseKeyPosition(end.at)
		if err != nil {
			return "", err
		}
		if p.Key == nil {
			continue
		}
		condition, err := end.side(p.Key)
		if err != nil {
			return "", err
		}
		conditions = append(conditions, condition)
	}
	return strings.Join(conditions, " AND "), nil
}
