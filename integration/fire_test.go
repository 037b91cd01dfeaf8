package integration_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases/compat"
)

// app is one version of an app: clients that write through one name of the column, each on rows of
// its own, and remember the last value that the server acknowledged.
type app struct {
	on      rig
	column  string
	clients int
	writes  atomic.Int64
	stall   atomic.Int64 // the longest write, in nanoseconds

	mu     sync.Mutex
	slow   []string // writes of more than a second, with their times, to be read beside the runner's log
	errors []string
	acked  map[int64]string // by id; empty for deleted
}

// run writes until the context ends, a write every pace per client.
func (a *app) run(ctx context.Context, t *testing.T, url string, rows int, pace time.Duration) (wait func()) {
	a.acked = map[int64]string{}
	var all sync.WaitGroup
	for k := range a.clients {
		conn := connect(t, url)
		all.Go(func() {
			tick := time.NewTicker(pace)
			defer tick.Stop()
			for n := 0; ; n++ {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
				a.write(conn, k, n, rows)
			}
		})
	}
	return all.Wait
}

// write is one statement of client k. Rows are told apart by id modulo the number of clients, and
// old and new app by parity, so that the last acknowledged value is known.
func (a *app) write(conn *client, k, n, rows int) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	stride := 2 * a.clients
	slot := k * 2
	if a.column == "email" {
		slot++
	}
	id := int64(1 + slot + stride*((n*7919)%max(1, rows/stride-1)))
	value := fmt.Sprintf("%s-%d-%d@example.com", a.column, k, n)
	begin := time.Now()
	var err error
	switch n % 5 {
	case 0:
		id, err = a.on.inserted(ctx, conn, a.column, value)
	case 1:
		_, err = conn.Exec(ctx, "UPDATE users SET name = "+a.on.concat("name", "'.'")+" WHERE id = $1", id)
		value = ""
	case 2:
		var got string
		err = conn.QueryRow(ctx, "SELECT "+a.column+" FROM users WHERE id = $1", id).Scan(&got)
		value = ""
		a.mu.Lock()
		if want := a.acked[id]; err == nil && want != "" && want != got {
			err = fmt.Errorf("row %d reads %q, and %q was acknowledged", id, got, want)
		}
		a.mu.Unlock()
	default:
		_, err = conn.Exec(ctx, "UPDATE users SET "+a.column+" = $1 WHERE id = $2", value, id)
	}
	took := time.Since(begin)
	for {
		longest := a.stall.Load()
		if int64(took) <= longest || a.stall.CompareAndSwap(longest, int64(took)) {
			break
		}
	}
	a.writes.Add(1)
	a.mu.Lock()
	defer a.mu.Unlock()
	if took > time.Second {
		a.slow = append(a.slow, fmt.Sprintf("%v from %s", took.Round(time.Millisecond), begin.UTC().Format("15:04:05.000")))
	}
	if err != nil {
		a.errors = append(a.errors, err.Error())
		return
	}
	if value != "" {
		a.acked[id] = value
	}
}

// lost counts acknowledged values that are not in the table.
func (a *app) lost(t *testing.T, conn *client, column string) int {
	t.Helper()
	missing := 0
	for id, want := range a.acked {
		var got *string
		if err := conn.QueryRow(t.Context(), "SELECT "+column+" FROM users WHERE id = $1", id).Scan(&got); err != nil || got == nil || *got != want {
			missing++
		}
	}
	return missing
}

// TestRenameUnderFire carries a rename through while both apps write. SEGUE_SOAK=1 makes it a
// million rows, and asserts how long a write may stall.
func TestRenameUnderFire(t *testing.T) { onEach(t, renameUnderFire) }

func renameUnderFire(t *testing.T, on rig) {
	long(t)
	rows, pace, soak := 40_000, 4*time.Millisecond, os.Getenv("SEGUE_SOAK") != ""
	if soak {
		rows, pace = 1_000_000, 2*time.Millisecond
	}
	if testing.Short() {
		rows = 10_000
	}
	server := on.shared(t)
	url, f := on.startedOn(t, server, rows)
	before := on.dump(t, server, url)
	conn := connect(t, url)
	r := runner(t, url, f, migrate.Options{})
	ctx := t.Context()

	old := &app{on: on, column: "user_email", clients: 4}
	running, stopOld := context.WithCancel(ctx)
	waitOld := old.run(running, t, url, rows, pace)
	defer stopOld()
	deploy := func(version string, column string) migrate.Deploy {
		return migrate.Deploy{App: "web", Version: version, Manifest: &compat.Manifest{App: "web",
			Uses: map[string]compat.Use{"users": {Read: []string{"id", column}, Write: []string{column, "name"}, Insert: true}}}}
	}
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(r.DeployStart(ctx, deploy("1.4.0", "user_email")))
	must(r.DeployFinish(ctx, deploy("1.4.0", "user_email")))
	began := time.Now()
	must(r.Up(ctx))
	must(nil, r.Work(ctx))
	t.Logf("up to dual-write: %v", time.Since(began).Round(time.Millisecond))

	must(r.DeployStart(ctx, deploy("1.5.0", "email")))
	young := &app{on: on, column: "email", clients: 4}
	runningNew, stopNew := context.WithCancel(ctx)
	waitNew := young.run(runningNew, t, url, rows, pace)
	defer stopNew()
	for young.writes.Load() < 200 {
		select {
		case <-ctx.Done():
			t.Fatal(ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
	if n := on.usersDiffering(t, conn); n != 0 {
		t.Errorf("%d rows differ in dual-write", n)
	}
	stopOld()
	waitOld()
	if lost := old.lost(t, conn, "email"); lost != 0 {
		t.Errorf("%d acknowledged writes of the old app are not in the new column", lost)
	}
	must(r.DeployFinish(ctx, deploy("1.5.0", "email")))
	must(nil, r.Advance(ctx, migrate.AdvanceRequest{Version: "0002"}))
	stopNew()
	waitNew()
	for _, a := range []*app{old, young} {
		t.Logf("%s: %d writes, %d errors, longest %v", a.column, a.writes.Load(), len(a.errors), time.Duration(a.stall.Load()).Round(time.Millisecond))
		if len(a.slow) > 0 {
			t.Logf("%s: more than a second: %v", a.column, a.slow)
		}
		for i, e := range a.errors {
			if i < 3 {
				t.Errorf("%s: %s", a.column, e)
			}
		}
		if lost := a.lost(t, conn, "email"); lost != 0 {
			t.Errorf("%s: %d acknowledged writes are gone", a.column, lost)
		}
		if limit := 2 * time.Second; soak && time.Duration(a.stall.Load()) > limit {
			t.Errorf("%s: a write stalled for longer than %v", a.column, limit)
		}
	}
	plain := server.Database(t)
	reference := connect(t, plain)
	run(t, reference, f["0001_users.sql"])
	if got := on.dump(t, server, plain); got != before {
		t.Errorf("the reference differs before the rename:\n%s", got)
	}
	run(t, reference, f["0002_rename_user_email.sql"])
	if got, want := on.alike(on.dump(t, server, url)), on.alike(on.dump(t, server, plain)); got != want {
		t.Errorf("the schema differs from a plain rename's .\ngot:\n%s\nwant:\n%s", got, want)
	}
}
