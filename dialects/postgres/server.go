package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/segue-db/segue/dialects"
)

// Server asks what is at the other end. The identity is the cluster's system identifier and the
// database's oid: pg_dump restored elsewhere and CREATE DATABASE ... TEMPLATE differ in it, a
// standby that was promoted does not. A physical copy (a snapshot, pg_basebackup) keeps it: that
// the server cannot tell.
func (d *Database) Server(ctx context.Context, q dialects.Queryer) (dialects.Server, error) {
	var number int
	var backend uint32
	var control bool
	s := dialects.Server{Host: d.address()}
	var oid string
	err := dialects.ReadRow(ctx, q, `/* segue: server */
SELECT pg_catalog.current_setting('server_version_num')::int,
       pg_catalog.current_database(), current_user,
       (SELECT oid::text FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()),
       pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE'),
       pg_catalog.pg_is_in_recovery() OR pg_catalog.current_setting('default_transaction_read_only')::bool,
       pg_catalog.pg_backend_pid()`,
		nil, &number, &s.Database, &s.User, &oid, &control, &s.ReadOnly, &backend)
	if err != nil {
		return dialects.Server{}, fmt.Errorf("asking the server what it is: %w", err)
	}
	s.Version = dialects.Version{Kind: dialects.Postgres, Major: number / 10000, Minor: number % 10000}

	// Where a provider withholds the system identifier, the oid alone is stable and is mostly
	// another one after a restore.
	cluster := "unknown"
	if control {
		err := dialects.ReadRow(ctx, q, `SELECT system_identifier::text FROM pg_catalog.pg_control_system()`, nil, &cluster)
		if err != nil {
			return dialects.Server{}, fmt.Errorf("asking the server for its identifier: %w", err)
		}
	}
	s.Identity = cluster + "/" + oid

	if proxied(q, backend) {
		if s.Pooled, err = d.pooled(ctx); err != nil {
			return dialects.Server{}, err
		}
	}
	return s, nil
}

// proxied reports whether somebody stands between this session and the server. The process id of
// the start-up handshake is then not the server's, since a proxy that answers cancel requests for
// several servers must hand out keys of its own (PgBouncer, PgCat, Odyssey, Supavisor, RDS Proxy).
func proxied(q dialects.Queryer, backend uint32) bool {
	own, is := q.(interface{ backend() *pgx.Conn })
	return is && own.backend().PgConn().PID() != backend
}

// How the proxy is probed: enough rounds for a pool that hands out its connections in turn or at
// random, and a bound on waiting for a connection that a full pool does not give.
const (
	probeRounds = 8
	probeWait   = 5 * time.Second
)

// pooled reports whether the proxy gives each transaction any server connection that is free. Two
// clients of our own ask, by turns, which server process they are at. One client at two processes,
// or two clients at one process, proves transaction (or statement) pooling; it is never so for
// session pooling. Asking twice, then once catches a pool that hands out two connections in turn.
//
// A pool that would keep a client on its connection while others are free is not found; none of
// the known ones does.
func (d *Database) pooled(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	var owner = map[uint32]int{} // server process to client
	var process [2]uint32
	var clients [2]*pgx.Conn
	for i := range clients {
		conn, err := d.connect(ctx)
		if err != nil {
			return false, fmt.Errorf("probing the proxy at %s: %w", d.address(), err)
		}
		defer conn.Close(context.WithoutCancel(ctx))
		clients[i] = conn
	}
	for range probeRounds {
		for _, client := range []int{0, 0, 1} {
			var pid uint32
			err := clients[client].QueryRow(ctx, `SELECT pg_catalog.pg_backend_pid()`).Scan(&pid)
			if err != nil && ctx.Err() != nil {
				return false, fmt.Errorf("probing the proxy at %s: it gave no server connection within %s; connect to the server itself, or enlarge the pool",
					d.address(), probeWait)
			}
			if err != nil {
				return false, fmt.Errorf("probing the proxy at %s: %w", d.address(), err)
			}
			other, seen := owner[pid]
			moved := process[client] != 0 && process[client] != pid
			if moved || seen && other != client {
				return true, nil
			}
			owner[pid], process[client] = client, pid
		}
	}
	return false, nil
}

// TerminateBlocker ends a session. One that has ended already is none in the way.
func (d *Database) TerminateBlocker(ctx context.Context, q dialects.Queryer, session string) error {
	pid, err := strconv.Atoi(session)
	if err != nil {
		return fmt.Errorf("ending session %q: it is no process id; a prepared transaction is ended with ROLLBACK PREPARED", session)
	}
	if _, err := q.Exec(ctx, `SELECT pg_catalog.pg_terminate_backend($1)`, pid); err != nil {
		return fmt.Errorf("ending session %d (the role must be that session's, or have pg_signal_backend): %w", pid, err)
	}
	return nil
}
