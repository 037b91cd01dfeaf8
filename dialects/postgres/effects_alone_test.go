package postgres

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/segue-db/segue/dialects"
)

// A statement that no transaction may have commits on its way, so its locks are seen while it waits for
// other sessions. For each table that it may lock there are two: one that holds SHARE UPDATE EXCLUSIVE,
// which whatever asks for that or more waits for, and one that holds ACCESS SHARE on the table and its
// indexes, as a reader does, which whatever asks for ACCESS EXCLUSIVE waits for. What the statement asked
// for and what it holds is read each time that it waits; then the session in its way ends its transaction.
// So of each table the first lock is seen, and ACCESS EXCLUSIVE whenever it is asked for, unless the
// statement waited for the readers to go before.

// holder is a session that holds a lock on a table.
type holder struct {
	conn *pgx.Conn
	pid  uint32
}

// alone is what a statement does outside transactions, on a copy of the database.
func (p *proof) alone(t *testing.T, sql string, tables []dialects.Name) (costs, error) {
	t.Helper()
	database, drop := p.copy(t)
	defer drop()
	watcher, worker := connectTo(t, database), connectTo(t, database)
	var holders []holder
	for _, hold := range []string{`COMMENT ON %[1]s %[2]s IS ''`, `EXPLAIN SELECT FROM ONLY %[2]s`} {
		for _, name := range tables {
			kind := "TABLE"
			switch p.kindOf(name) {
			case "v", "f":
				continue
			case "m":
				kind = "MATERIALIZED VIEW"
			}
			h := connectTo(t, database)
			h.exec(t, `BEGIN; `+fmt.Sprintf(hold, kind, qualified(name)))
			holders = append(holders, holder{h.conn, h.conn.PgConn().PID()})
		}
	}
	locks, err := watcher.watch(t, worker, holders, sql)
	if err != nil {
		return nil, err
	}
	after, files := watcher.settled(t, worker, strings.ReplaceAll(p.counts(), "_xact", "")), watcher.exec(t, p.files())[0].Rows
	before := make([][][]byte, len(after))
	for i, row := range after {
		before[i] = [][]byte{row[0], []byte("0")} // a new database has no statistics
	}
	return p.costs(locks, before, after, files), nil
}

// copy makes a database like the one that samples are run on, and says how to drop it.
func (p *proof) copy(t *testing.T) (string, func()) {
	t.Helper()
	at, err := url.Parse(p.template)
	if err != nil {
		t.Fatal(err)
	}
	p.copies++
	from := strings.TrimPrefix(at.Path, "/")
	name := fmt.Sprintf("%s_%d", from, p.copies)
	p.admin.exec(t, `CREATE DATABASE `+quote(name)+` TEMPLATE `+quote(from))
	at.Path = "/" + name
	return at.String(), func() { p.admin.exec(t, `DROP DATABASE `+quote(name)+` WITH (FORCE)`) }
}

// watch runs a statement on the worker, and reads its locks whenever it waits.
func (o *observer) watch(t *testing.T, worker *observer, holders []holder, sql string) (locks [][][]byte, err error) {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		_, err := worker.conn.PgConn().Exec(t.Context(), sql).ReadAll()
		done <- err
	}()
	pid := worker.conn.PgConn().PID()
	deadline := time.After(time.Minute)
	for {
		select {
		case err := <-done:
			return locks, err
		case <-deadline:
			t.Fatalf("%s: waited a minute for it", sql)
		case <-time.After(2 * time.Millisecond):
		}
		blockers := o.exec(t, fmt.Sprintf(`SELECT unnest(pg_blocking_pids(%d))`, pid))[0].Rows
		at := slices.IndexFunc(holders, func(h holder) bool {
			return slices.ContainsFunc(blockers, func(row [][]byte) bool { return number(row[0]) == h.pid })
		})
		if at < 0 {
			continue
		}
		for _, row := range o.exec(t, strings.Replace(heldLocks, "pg_backend_pid()", fmt.Sprint(pid), 1))[0].Rows {
			if !(cost{lock: dialects.Lock(row[1])}).isOrdinary() {
				locks = append(locks, row)
			}
		}
		if _, err := holders[at].conn.Exec(t.Context(), `ROLLBACK`); err != nil {
			t.Fatal(err)
		}
		holders = slices.Delete(slices.Clone(holders), at, at+1)
	}
}

// settled are the counts that a session left behind. They are there when it is gone; before 15 when what
// collects them has written them down since.
func (o *observer) settled(t *testing.T, worker *observer, counts string) [][][]byte {
	t.Helper()
	pid := worker.conn.PgConn().PID()
	if err := worker.conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(time.Minute)
	since := ""
	for {
		if len(o.exec(t, fmt.Sprintf(`SELECT FROM pg_stat_activity WHERE pid = %d`, pid))[0].Rows) == 0 {
			if since == "" {
				since = string(o.exec(t, `SELECT clock_timestamp()`)[0].Rows[0][0])
			}
			fresh := `SELECT current_setting('server_version_num')::int >= 150000 OR pg_stat_get_snapshot_timestamp() > '` + since + `'`
			o.exec(t, `SELECT pg_stat_clear_snapshot()`)
			results := o.exec(t, fresh+`;`+counts)
			if string(results[0].Rows[0][0]) == "t" {
				return results[1].Rows
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("waited a minute for the statistics")
		}
		<-time.After(2 * time.Millisecond)
	}
}
