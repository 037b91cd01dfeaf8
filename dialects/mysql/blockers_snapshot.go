package mysql

import (
	"context"
	"slices"
	"time"

	"github.com/segue-db/segue/dialects"
)

// snapshots is what MySQL has beside locks. A transaction that has read anything at REPEATABLE READ
// holds a snapshot, and where that is older than a column's coming or going at once (INSTANT) it gets
// error 1412 from the table, which it has not touched yet, or the DDL would wait for it
// (dual-write.md, B6). MariaDB gives no such error. So those are named, and waited for, like holders
// of locks. Whether a transaction has read, the server does not tell.
//
// Not named are: READ COMMITTED, at which segue's own sessions are; a single statement with autocommit,
// which has opened all of its tables; and sessions that are in another database and have no lock
// here. Those may still come by a qualified name, and then have to try again; waiting for them would
// let every tenant of a server hold up all others. A dump is waited for wherever it is: it goes from
// one database to the next with one snapshot.
const snapshots = `/* segue: blockers */
SELECT` + blockerColumns + `
FROM information_schema.innodb_trx i
JOIN information_schema.processlist p ON p.id = i.trx_mysql_thread_id
WHERE p.id <> CONNECTION_ID() AND i.trx_isolation_level IN ('REPEATABLE READ', 'SERIALIZABLE')
  AND i.trx_autocommit_non_locking = 0`

// What performance_schema tells of them: whether it is one statement, and who is a dump.
const (
	notSingle = `
  AND NOT EXISTS (SELECT * FROM performance_schema.threads t
    JOIN performance_schema.events_transactions_current e ON e.thread_id = t.thread_id
    WHERE t.processlist_id = p.id AND e.state = 'ACTIVE' AND e.autocommit = 'YES')`
	dumping = `p.id IN (SELECT a.processlist_id FROM performance_schema.session_connect_attrs a
    WHERE a.attr_name = 'program_name' AND a.attr_value LIKE '%dump%')`
)

// snapshotState stands before the state of a session for which this is the reason.
const snapshotState = "holds a snapshot from before, "

// withSnapshots adds those that may hold a snapshot. locks is what [holders] found.
func withSnapshots(ctx context.Context, q dialects.Queryer, blockers []dialects.Blocker, locks string) ([]dialects.Blocker, error) {
	c := connectionOf(q)
	if c == nil || c.database.known().Kind != dialects.MySQL {
		return blockers, nil
	}
	sql := snapshots + " AND (p.db IS NULL OR p.db = DATABASE())"
	if locks != "" {
		sql = snapshots + notSingle + "\n  AND (" + reaching(locks) + "\n    OR " + dumping + ")"
	}
	holding, err := blockersOf(ctx, q, sql)
	if err != nil {
		return nil, err
	}
	for _, b := range holding {
		i := slices.IndexFunc(blockers, func(known dialects.Blocker) bool { return known.PID == b.PID })
		if i >= 0 && !blockers[i].Suspected {
			continue
		}
		b.State = snapshotState + b.State
		if i >= 0 {
			blockers[i] = b
		} else {
			blockers = append(blockers, b)
		}
	}
	slices.SortStableFunc(blockers, func(a, b dialects.Blocker) int { return int((b.Age - a.Age) / time.Second) })
	return blockers, nil
}
