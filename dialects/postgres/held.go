package postgres

import (
	"context"
	"fmt"

	"github.com/segue-db/segue/dialects"
)

// Held looks an advisory lock up where the server lists it. A 64-bit key stands there as two halves,
// with objsubid 1 (https://www.postgresql.org/docs/current/view-pg-locks.html).
func (s *session) Held(ctx context.Context, name dialects.LockName) (bool, error) {
	key := uint64(lockKey(name))
	var held bool
	err := s.conn.QueryRow(ctx, `SELECT EXISTS (
  SELECT FROM pg_catalog.pg_locks
  WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
    AND classid::pg_catalog.int8 = $1 AND objid::pg_catalog.int8 = $2)`,
		int64(key>>32), int64(key&0xffffffff)).Scan(&held)
	if err != nil {
		return false, fmt.Errorf("looking for the %s lock: %w", name.Kind, cancelled(ctx, err))
	}
	return held, nil
}
