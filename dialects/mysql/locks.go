package mysql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// lockText is a lock's name for GET_LOCK, which is server-wide and takes 64 characters: the database
// is in the hash (dual-write.md, B8), in lower case, since a server may know it by any. The parts
// are told apart by zero bytes, which no name holds.
//
// The registry is the database's, whatever the project: an app version that runs here counts for
// every project's gates, so all projects must meet at one lock.
func lockText(schema string, name dialects.LockName) string {
	if name.Kind == dialects.RegistryLock {
		name = dialects.LockName{Kind: name.Kind}
	}
	sum := sha256.Sum256([]byte(strings.ToLower(schema) + "\x00" + name.Project + "\x00" + name.Migration))
	return "segue:" + string(name.Kind) + ":" + hex.EncodeToString(sum[:20])
}

// TryLock takes a lock of the session.
func (s *session) TryLock(ctx context.Context, name dialects.LockName) (bool, error) {
	var taken *int
	err := dialects.ReadRow(ctx, s, `SELECT GET_LOCK($1, 0)`, []any{lockText(s.conn.schema, name)}, &taken)
	if err == nil && taken == nil {
		err = dialects.ErrNoRow
	}
	if err != nil {
		return false, fmt.Errorf("taking the %s lock: %w", name.Kind, err)
	}
	return *taken == 1, nil
}

// Unlock releases a lock that TryLock took. Not having it is an error.
func (s *session) Unlock(ctx context.Context, name dialects.LockName) error {
	var held *int // NULL where nobody has it
	err := dialects.ReadRow(ctx, s, `SELECT RELEASE_LOCK($1)`, []any{lockText(s.conn.schema, name)}, &held)
	if err != nil {
		return fmt.Errorf("releasing the %s lock: %w", name.Kind, err)
	}
	if held == nil || *held != 1 {
		return fmt.Errorf("releasing the %s lock: this session does not hold it", name.Kind)
	}
	return nil
}

// Held asks the server who has the lock.
func (s *session) Held(ctx context.Context, name dialects.LockName) (bool, error) {
	var holder *int64
	err := dialects.ReadRow(ctx, s, `SELECT IS_USED_LOCK($1)`, []any{lockText(s.conn.schema, name)}, &holder)
	if err != nil {
		return false, fmt.Errorf("looking for the %s lock: %w", name.Kind, err)
	}
	return holder != nil, nil
}
