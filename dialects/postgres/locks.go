package postgres

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/segue-db/segue/dialects"
)

// lockKey is an advisory lock's key. Anybody may take any key, so it is a hash that an app does
// not meet by chance. The parts are told apart by zero bytes, which no name holds.
//
// The registry is the database's, whatever the project: an app version that runs here counts for
// every project's gates, so all projects must meet at one lock.
func lockKey(name dialects.LockName) int64 {
	if name.Kind == dialects.RegistryLock {
		name = dialects.LockName{Kind: name.Kind}
	}
	sum := sha256.Sum256([]byte("segue:" + string(name.Kind) + "\x00" + name.Project + "\x00" + name.Migration))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}
