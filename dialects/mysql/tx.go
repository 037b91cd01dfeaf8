package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
)

// transaction is one begun by hand, so that its isolation and the session's settings are known.
type transaction struct {
	querier
	lockTimeout time.Duration
	registry    string // the name of the registry lock, once it is held
	held        string // a table that LOCK TABLES holds, quoted; empty for a transaction proper
	over        bool
}

// mark is a savepoint at the transaction's start. It is gone when the transaction has ended
// unasked: by a statement that commits, such as DDL, or rolled back as a deadlock's victim.
const mark = "segue_open"

// Begin names isolation and access mode, since a script may have changed the session's: what is
// read after a lock must be fresh (dual-write.md, C1). With tables to hold see [transaction.hold].
func (s *session) Begin(ctx context.Context, o dialects.TxOptions) (dialects.Tx, error) {
	if s.conn.inTx {
		return nil, errors.New("beginning a transaction: the session has one open already")
	}
	if o.LockTimeout > 0 {
		if err := s.conn.lockWait(ctx, o.LockTimeout); err != nil {
			return nil, fmt.Errorf("beginning a transaction: %w", err)
		}
	}
	t := &transaction{querier: s.querier, lockTimeout: o.LockTimeout}
	s.conn.inTx = true
	if len(o.Hold) > 0 {
		if err := t.hold(ctx, o.Hold); err != nil {
			return nil, errors.Join(fmt.Errorf("holding %s: %w", nameList(o.Hold), err), t.Rollback(ctx))
		}
		s.conn.failed = false
		return t, nil
	}
	for _, sql := range []string{
		"SET TRANSACTION ISOLATION LEVEL READ COMMITTED", "START TRANSACTION READ WRITE", "SAVEPOINT " + mark,
	} {
		if _, err := s.Exec(ctx, sql); err != nil {
			return nil, errors.Join(fmt.Errorf("beginning a transaction: %w", err), t.Rollback(ctx))
		}
	}
	s.conn.failed = false
	return t, nil
}

// LockRegistry waits for the lock in a statement of its own, which reads no table: each statement
// after it has a snapshot of its own. The lock is the session's; it is released when the
// transaction has ended, or with the connection, after the server has rolled back.
//
// The lock timeout of the transaction holds for it, as on Postgres.
func (t *transaction) LockRegistry(ctx context.Context, name dialects.LockName) error {
	lock := lockText(t.conn.schema, name)
	if t.registry != "" {
		return nil
	}
	const round = 5 * time.Second
	for {
		wait := round
		if t.lockTimeout > 0 {
			wait = t.lockTimeout
		}
		var taken *int
		if err := dialects.ReadRow(ctx, t, `SELECT GET_LOCK($1, $2)`, []any{lock, seconds(wait)}, &taken); err != nil {
			return fmt.Errorf("waiting for the %s lock: %w", name.Kind, err)
		}
		switch {
		case taken != nil && *taken == 1:
			t.registry = lock
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("waiting for the %s lock: %w", name.Kind, ctx.Err())
		case taken == nil:
			return fmt.Errorf("waiting for the %s lock: the server gave no answer", name.Kind)
		case t.lockTimeout > 0:
			t.conn.failed = true
			return fmt.Errorf("waiting for the %s lock: %w", name.Kind, errLockWait)
		}
	}
}

// errLockWait is a wait for a lock that GET_LOCK ended without an error of the server's.
var errLockWait = errors.New("the lock was not had in time")

// Commit reports success only where the server committed this transaction with all its statements:
// not where one had failed, and not where a statement had ended the transaction itself.
func (t *transaction) Commit(ctx context.Context) error {
	if t.over {
		return sql.ErrTxDone
	}
	if t.conn.failed {
		return errors.New("committing: a statement of the transaction has failed; it can only be rolled back")
	}
	// A commit must not be cancelled half way: nobody could tell whether it happened.
	ctx = context.WithoutCancel(ctx)
	if t.held != "" {
		return t.letGo(ctx)
	}
	if _, err := t.Exec(ctx, "RELEASE SAVEPOINT "+mark); err != nil {
		if isCode(err, codeNoSavepoint) {
			err = errors.New("the transaction was ended by a statement in it")
		}
		return fmt.Errorf("committing: %w", err)
	}
	if _, err := t.Exec(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	t.leave(ctx)
	return nil
}

// Rollback works under a cancelled context too. A connection that is gone has rolled back.
func (t *transaction) Rollback(ctx context.Context) error {
	if t.over {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelWait)
	defer cancel()
	_, err := t.Exec(ctx, "ROLLBACK")
	if err == nil && t.held != "" {
		_, err = t.Exec(ctx, "UNLOCK TABLES")
	}
	t.leave(ctx)
	if err != nil && t.conn.database.Fault(err) != dialects.FaultConnection {
		t.conn.close()
		return fmt.Errorf("rolling back: %w", err)
	}
	return nil
}

// leave takes back what held for the transaction alone. A session that cannot do so is ended, so
// that the transaction's lock does not outlive it.
func (t *transaction) leave(ctx context.Context) {
	t.over, t.conn.inTx = true, false
	var err error
	if t.registry != "" {
		_, err = t.Exec(ctx, "DO RELEASE_LOCK($1)", t.registry)
	}
	if err == nil && t.lockTimeout > 0 {
		err = t.conn.lockWait(ctx, 0)
	}
	if err != nil {
		t.conn.close()
	}
}
