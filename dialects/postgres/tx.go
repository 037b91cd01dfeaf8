package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/segue-db/segue/dialects"
)

// transaction is one begun by hand: pgx's own would follow the server's defaults where these are
// not named, and must not.
type transaction struct {
	querier
	over bool
}

// Transaction states of the wire protocol's ReadyForQuery.
const (
	txIdle   = 'I'
	txFailed = 'E'
)

// Begin names isolation and access mode, since default_transaction_isolation may be anything: what
// is read after a lock must be fresh (dual-write.md, C1).
func (s *session) Begin(ctx context.Context, o dialects.TxOptions) (dialects.Tx, error) {
	if s.conn.PgConn().TxStatus() != txIdle {
		return nil, errors.New("beginning a transaction: the session has one open already")
	}
	begin := "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
	if o.LockTimeout > 0 {
		begin += "; " + lockTimeout(o.LockTimeout)
	}
	if err := s.Script(ctx, begin); err != nil {
		return nil, fmt.Errorf("beginning a transaction: %w", err)
	}
	t := &transaction{querier: s.querier}
	for _, table := range o.Hold {
		if err := t.Script(ctx, "LOCK TABLE "+qualified(table)+" IN ACCESS EXCLUSIVE MODE"); err != nil {
			return nil, errors.Join(fmt.Errorf("holding %s: %w", table, err), t.Rollback(ctx))
		}
	}
	return t, nil
}

// lockTimeout sets the transaction's lock timeout. An autovacuum that is in the way gives it up only
// to somebody who has waited for deadlock_timeout (1 s by default), so a timeout that allows for
// that much is made a little longer than it; a shorter one stays as it is.
func lockTimeout(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("SET LOCAL lock_timeout = '%s'", milliseconds(d))
	}
	return fmt.Sprintf(`SELECT pg_catalog.set_config('lock_timeout', (CASE WHEN %[1]d >= wait THEN GREATEST(%[1]d, wait + 200) ELSE %[1]d END)::pg_catalog.int8::pg_catalog.text, true)
FROM (SELECT 1000 * pg_catalog.date_part('epoch', pg_catalog.current_setting('deadlock_timeout')::pg_catalog.interval) AS wait) d`, d.Milliseconds())
}

// LockRegistry waits for the lock in a statement of its own: the next statement's snapshot is
// taken after it. The lock goes with the transaction.
func (t *transaction) LockRegistry(ctx context.Context, name dialects.LockName) error {
	_, err := t.Exec(ctx, `SELECT pg_catalog.pg_advisory_xact_lock($1)`, lockKey(name))
	if err != nil {
		return fmt.Errorf("waiting for the %s lock: %w", name.Kind, err)
	}
	return nil
}

// Commit reports success only where the server committed this transaction: not where a statement
// had failed, for which it answers COMMIT with a quiet rollback, and not where the text that was
// run ended the transaction itself.
func (t *transaction) Commit(ctx context.Context) error {
	if t.over {
		return pgx.ErrTxClosed
	}
	switch t.conn.PgConn().TxStatus() {
	case txIdle:
		t.over = true
		return errors.New("committing: the transaction was ended by a statement in it")
	case txFailed:
		return errors.New("committing: a statement of the transaction has failed; it can only be rolled back")
	}
	t.over = true
	// A commit must not be cancelled half way: nobody could tell whether it happened.
	tag, err := t.conn.Exec(context.WithoutCancel(ctx), "COMMIT")
	if err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	if tag.String() != "COMMIT" {
		return fmt.Errorf("committing: %w", pgx.ErrTxCommitRollback)
	}
	return nil
}

// Rollback works under a cancelled context too. A connection that is gone has rolled back.
func (t *transaction) Rollback(ctx context.Context) error {
	if t.over || t.conn.IsClosed() {
		return nil
	}
	t.over = true
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelWait)
	defer cancel()
	if t.conn.PgConn().TxStatus() == txIdle {
		return nil
	}
	if _, err := t.conn.Exec(ctx, "ROLLBACK"); err != nil {
		t.conn.Close(ctx)
		return fmt.Errorf("rolling back: %w", err)
	}
	return nil
}
