package mysql

import (
	"context"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
)

// How a proxy is probed: enough rounds for a pool that hands out its connections in turn or at
// random, and a bound on waiting for a connection that a full pool does not give.
const (
	probeRounds = 8
	probeWait   = 5 * time.Second
)

// whoAmI is the server's id of the session. A proxy may answer SELECT CONNECTION_ID() itself, with
// the id that it gave its client; it does not look into an expression.
const whoAmI = `SELECT CONNECTION_ID() + 0`

// pooled reports whether the statements of one client may reach different server sessions. That can
// only be where the server's greeting gave another session's id than the one that answers: a proxy
// stands between.
//
// Two clients of our own then ask, by turns, which session they are at. One client at two sessions,
// or two clients at one, proves transaction (or statement) pooling; it is never so for session
// pooling. Asking twice, then once catches a pool that hands out two connections in turn.
//
// The connections of an app's pool have no greeting to look at, and are taken as they are.
func (d *Database) pooled(ctx context.Context, q dialects.Queryer) (bool, error) {
	c := connectionOf(q)
	if c == nil {
		return false, nil
	}
	greeted, ok := c.greeting.session()
	if !ok || greeted == uint32(c.id) {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	owner := map[uint64]int{} // session to client
	var session [2]uint64
	var clients [2]*connection
	for i := range clients {
		client, err := d.connect(ctx)
		if err != nil {
			return false, fmt.Errorf("probing the proxy at %s: %w", d.address(), err)
		}
		defer client.close()
		clients[i] = client
	}
	for range probeRounds {
		for _, client := range []int{0, 0, 1} {
			var id uint64
			err := clients[client].QueryRowContext(ctx, whoAmI).Scan(&id)
			if err != nil && ctx.Err() != nil {
				return false, fmt.Errorf("probing the proxy at %s: it gave no server connection within %s; connect to the server itself, or enlarge the pool",
					d.address(), probeWait)
			}
			if err != nil {
				return false, fmt.Errorf("probing the proxy at %s: %w", d.address(), err)
			}
			other, seen := owner[id]
			moved := session[client] != 0 && session[client] != id
			if moved || seen && other != client {
				return true, nil
			}
			owner[id], session[client] = client, id
		}
	}
	return false, nil
}

// connectionOf is the connection behind a session or a transaction; nil for anything else.
func connectionOf(q dialects.Queryer) *connection {
	own, is := q.(interface{ connection() *connection })
	if !is {
		return nil
	}
	return own.connection()
}
