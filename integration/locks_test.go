package integration_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

// few is little patience with locks, so that a test sees the end of it.
var few = migrate.Locks{Attempts: 3, Timeout: 200 * time.Millisecond}

const blockingQuery = "SELECT id, name FROM users ORDER BY id LIMIT 1"

// blocker is a session with a transaction open that has read the table.
func blocker(t *testing.T, url string) *client {
	t.Helper()
	conn := connect(t, url)
	run(t, conn, "BEGIN")
	run(t, conn, blockingQuery)
	return conn
}

// waitsFor runs an attempt while a client writes and a blocker's transaction is open. Writes must go on
// between any two attempts and at the end, all of them before the blocker ends, and the error must name
// the blocker. The blocker is ended last.
func waitsFor(t *testing.T, on rig, url string, f files, column string, attempt func(*migrate.Runner) error) {
	t.Helper()
	inTheWay := blocker(t, url)
	pid := inTheWay.pid
	names := func(text string) bool {
		return strings.Contains(text, "pid "+pid+" ") && (on.hidesQueries || strings.Contains(text, blockingQuery))
	}
	var writes, warnings atomic.Int64
	var problem atomic.Value
	writer := connect(t, url)
	writing, stop := context.WithCancel(t.Context())
	defer stop()
	stopped := background(func() error {
		for writing.Err() == nil {
			if _, err := writer.Exec(t.Context(), "UPDATE users SET "+column+" = $1 WHERE id = 5", fmt.Sprint("w", writes.Load())); err != nil {
				problem.Store(err)
				return err
			}
			writes.Add(1)
			<-time.After(time.Millisecond)
		}
		return nil
	})
	// goOn waits for writes that began after now: what is counted first may have been under way.
	goOn := func(when string) {
		now := writes.Load()
		until(t, "writes "+when, func() bool { return writes.Load() >= now+2 || problem.Load() != nil })
	}
	goOn("before the first attempt")
	r := runner(t, url, f, migrate.Options{Locks: few, Logger: slog.New(onLog(func(line slog.Record) {
		if line.Message == "lock not had" {
			warnings.Add(1)
			t.Log(line.Message, attr(line, "step"), attr(line, "attempt"), attr(line, "blockers"))
			if b := attr(line, "blockers"); !names(b) {
				t.Errorf("the log does not name pid %s and its query: %s", pid, b)
			}
			goOn("between two attempts")
		}
	}))})
	err := attempt(r)
	goOn("after the last attempt")
	stop()
	if werr := await(t, "the writer", stopped); werr != nil {
		t.Errorf("a writer beside the blocked runner: %v", werr)
	}
	var blocked *migrate.BlockedError
	if !errors.Is(err, migrate.ErrNotYet) || !errors.As(err, &blocked) {
		t.Fatalf("out of attempts: %v", err)
	}
	if warnings.Load() < int64(few.Attempts) || blocked.Attempts != few.Attempts {
		t.Errorf("%d attempts, %d of them logged", blocked.Attempts, warnings.Load())
	}
	if !names(err.Error()) {
		t.Errorf("the error does not name pid %s and its query: %v", pid, err)
	}
	s := status(t, r, "0002")
	if s.State != phases.Waiting || !strings.Contains(s.Reason, "pid "+pid) {
		t.Errorf("it stands in %s, %s: %s", s.Phase, s.State, s.Reason)
	}
	t.Logf("%d writes meanwhile; state %s in %s: %s", writes.Load(), s.State, s.Phase, s.Reason)
	if count(t, writer, on.open, pid) != 1 {
		t.Error("the blocker's transaction did not last")
	}
	run(t, inTheWay, "COMMIT")
	if err := attempt(r); err != nil {
		t.Fatalf("the same call after the blocker has ended: %v", err)
	}
}

func TestUpWaitsForALongTransaction(t *testing.T) { onEach(t, upWaitsForALongTransaction) }

func upWaitsForALongTransaction(t *testing.T, on rig) {
	long(t)
	url, f := on.started(t, 100)
	waitsFor(t, on, url, f, "user_email", func(r *migrate.Runner) error {
		_, err := r.Up(t.Context())
		return err
	})
}

func TestContractWaitsForALongTransaction(t *testing.T) { onEach(t, contractWaitsForALongTransaction) }

func contractWaitsForALongTransaction(t *testing.T, on rig) {
	long(t)
	url, f := on.started(t, 100)
	toDualWrite(t, url, f)
	r := runner(t, url, f, migrate.Options{})
	deployed(t, r, uses("1.5.0", "email"))
	waitsFor(t, on, url, f, "email", func(r *migrate.Runner) error {
		return r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002"})
	})
	if s := status(t, r, "0002"); s.State != phases.Done {
		t.Errorf("it stands in %s, %s", s.Phase, s.State)
	}
}

// TestTerminateBlockers leaves MariaDB out: as it comes it does not tell who is in the way, and nobody
// is ended on a suspicion.
func TestTerminateBlockers(t *testing.T) { each(t, []rig{onPostgres, onMySQL}, terminateBlockers) }

func terminateBlockers(t *testing.T, on rig) {
	long(t)
	url, f := on.started(t, 100)
	inTheWay := blocker(t, url)
	pid := inTheWay.pid
	r := runner(t, url, f, migrate.Options{Locks: migrate.Locks{Timeout: 200 * time.Millisecond, TerminateBlockersAfter: 300 * time.Millisecond}})
	if _, err := r.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := inTheWay.Exec(t.Context(), "SELECT 1"); !on.terminated(err) {
		t.Errorf("the blocker sees %v", err)
	}
	events, err := r.Events(t.Context(), "0002")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Action == "terminate-blocker" && strings.Contains(string(e.Detail), pid) {
			t.Logf("audited: %s", e.Detail)
			return
		}
	}
	t.Errorf("the audit log does not name the ended session %s: %v", pid, events)
}

// TestStaleNullIsNotWrittenBack is dual-write.md, A2, end to end: a transaction that read a row before it
// was filled holds dual-write back until it has ended, and the NULL that it then writes back costs
// nothing.
func TestStaleNullIsNotWrittenBack(t *testing.T) { onEach(t, staleNullIsNotWrittenBack) }

func staleNullIsNotWrittenBack(t *testing.T, on rig) {
	long(t)
	url, _ := on.started(t, 100)
	conn := connect(t, url)
	run(t, conn, "CREATE TABLE people (id bigint PRIMARY KEY, nick text, name text)")
	run(t, conn, "INSERT INTO people SELECT id, "+on.concat("'n'", "id")+", 'name' FROM users")
	f := files{"0001_users.sql": on.users, "0002_rename_nick.sql": "ALTER TABLE people RENAME COLUMN nick TO handle;"}
	impatient := runner(t, url, f, migrate.Options{Locks: migrate.Locks{Within: 200 * time.Millisecond}})
	if _, err := impatient.Up(t.Context()); err != nil {
		t.Fatal(err)
	}

	old := connect(t, url)
	run(t, old, "BEGIN")
	var id int
	var nick, name string
	var handle *string
	if err := old.QueryRow(t.Context(), "SELECT id, nick, name, handle FROM people WHERE id = 2").Scan(&id, &nick, &name, &handle); err != nil || handle != nil {
		t.Fatalf("the row was filled before the backfill: %v, %v", handle, err)
	}

	err := impatient.Work(t.Context())
	pid := fmt.Sprintf("pid %s ", old.pid)
	var waiting *migrate.WaitingError
	if !errors.Is(err, migrate.ErrNotYet) || !errors.As(err, &waiting) || !strings.Contains(err.Error(), pid) {
		t.Fatalf("a transaction from before the backfill's end is open: %v", err)
	}
	t.Log(err)
	if s := status(t, impatient, "0002"); s.State != phases.Waiting || s.Phase != phases.Backfill {
		t.Errorf("it stands in %s, %s", s.Phase, s.State)
	}

	steps := make(chan string, 100)
	r := runner(t, url, f, migrate.Options{Logger: slog.New(onLog(func(line slog.Record) {
		if line.Message == "step done" {
			steps <- attr(line, "step")
		}
	}))})
	ended := background(func() error { return r.Work(t.Context()) })
	until(t, "the runner to look for transactions", func() bool {
		return count(t, conn, on.looking) > 0
	})
	if n := count(t, conn, "SELECT count(*) FROM people WHERE handle IS NULL"); n != 0 {
		t.Errorf("%d rows are not filled yet", n)
	}
	run(t, old, "UPDATE people SET nick = $1, name = 'changed', handle = $2 WHERE id = $3", nick, handle, id)
	select {
	case err := <-ended:
		t.Fatalf("dual-write began before the transaction ended: %v", err)
	case step := <-steps:
		t.Fatalf("step %s was done before the transaction ended", step)
	default:
	}
	run(t, old, "COMMIT")
	if err := await(t, "dual-write", ended); err != nil {
		t.Fatal(err)
	}
	if n := count(t, conn, "SELECT count(*) FROM people WHERE id = 2 AND nick = 'n2' AND handle = 'n2' AND name = 'changed'"); n != 1 {
		t.Error("the stale NULL was taken for a change")
	}
	if n := on.differing(t, conn, "people", "nick", "handle"); n != 0 {
		t.Errorf("%d rows differ", n)
	}
}
