package integration_test

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/migrate/backfill"
	"github.com/segue-db/segue/phases"
)

// more is the rename, a plain migration on another table, and a second rename of the same column.
func (on rig) more() files {
	f := on.files()
	f["0003_orders.sql"] = ordersTable
	f["0004_rename_again.sql"] = "ALTER TABLE users RENAME COLUMN email TO mail;"
	return f
}

const ordersTable = "CREATE TABLE orders (id bigint PRIMARY KEY, note text);"

// held is a runner that stands still in the middle of what it does, until let go.
type held struct {
	ended <-chan error
	goOn  func()
}

func (h held) letGo(t *testing.T) {
	t.Helper()
	h.goOn()
	if err := await(t, "the first runner", h.ended); err != nil {
		t.Errorf("the first runner: %v", err)
	}
}

// inExpand holds a runner right after the expand step, before it has moved the migration on.
func inExpand(t *testing.T, url string, f files) held {
	reached, on := make(chan bool, 1), make(chan bool)
	r := runner(t, url, f, migrate.Options{Actor: "first", Logger: slog.New(onLog(func(line slog.Record) {
		if line.Message == "step done" && attr(line, "step") == "expand/1" {
			reached <- true
			<-on
		}
	}))})
	ended := background(func() error { _, err := r.Up(t.Context()); return err })
	orEnded(t, "the first runner to expand", reached, ended)
	return held{ended, sync.OnceFunc(func() { close(on) })}
}

// inBackfill holds a runner between two batches.
func inBackfill(t *testing.T, url string, f files) held {
	reached, on := make(chan bool, 1), make(chan bool)
	var first sync.Once
	r := runner(t, url, f, migrate.Options{Actor: "first", Logger: silent, Backfill: migrate.Backfill{Progress: func(string, backfill.Progress) {
		first.Do(func() {
			reached <- true
			<-on
		})
	}}})
	if _, err := r.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended := background(func() error { return r.Work(t.Context()) })
	orEnded(t, "the first runner's first batch", reached, ended)
	return held{ended, sync.OnceFunc(func() { close(on) })}
}

func TestTwoRunners(t *testing.T) { onEach(t, twoRunners) }

func twoRunners(t *testing.T, on rig) {
	long(t)
	for name, hold := range map[string]func(*testing.T, string, files) held{"expand": inExpand, "backfill": inBackfill} {
		t.Run(name, func(t *testing.T) {
			url, f := on.started(t, 20_000)
			first := hold(t, url, f)
			defer first.goOn()
			second := runner(t, url, on.more(), migrate.Options{Actor: "second"})
			result, err := second.Up(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(result.Applied, []string{"0003"}) || len(result.Expanded) != 0 {
				t.Errorf("it went on with %v and %v", result.Applied, result.Expanded)
			}
			skipped := map[string]string{}
			for _, s := range result.Skipped {
				skipped[s.Migration] = s.Reason
			}
			t.Logf("applied %v, skipped %v", result.Applied, skipped)
			if !strings.Contains(skipped["0004"], "waits for migration 0002") {
				t.Errorf("0004: %q", skipped["0004"])
			}
			if name == "expand" && !strings.Contains(skipped["0002"], "carried by first (") {
				t.Errorf("0002: %q", skipped["0002"])
			}
			s := status(t, second, "0002")
			if s.State != phases.Running || s.Runner == nil || s.Runner.Actor != "first" || s.Runner.PID == 0 {
				t.Errorf("status: %s, carried by %+v", s.State, s.Runner)
			}
			if err := second.Work(t.Context()); err != nil {
				t.Errorf("work beside the first runner: %v", err)
			}
			if _, err := second.DeployStart(t.Context(), uses("1.4.0", "user_email")); err != nil {
				t.Errorf("a rollout beside the first runner: %v", err)
			}
			first.letGo(t)
			if err := second.Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if s := status(t, second, "0002"); s.Phase != phases.DualWrite || s.State != phases.Waiting {
				t.Errorf("0002 stands in %s, %s", s.Phase, s.State)
			}
			if result, err := second.Up(t.Context()); err != nil || len(result.Skipped) != 1 || result.Skipped[0].Migration != "0004" {
				t.Errorf("0004 while 0002 is in dual-write: %+v, %v", result, err)
			}
		})
	}
}

// TestPauseFromElsewhere: the runner that copies ends after the batch in which another paused it.
func TestPauseFromElsewhere(t *testing.T) { onEach(t, pauseFromElsewhere) }

func pauseFromElsewhere(t *testing.T, on rig) {
	long(t)
	url, f := on.started(t, 20_000)
	other := runner(t, url, f, migrate.Options{Actor: "other"})
	var pause sync.Once
	r := runner(t, url, f, migrate.Options{Backfill: migrate.Backfill{Progress: func(string, backfill.Progress) {
		pause.Do(func() {
			if err := other.Pause(t.Context(), "2"); err != nil {
				t.Error(err)
			}
		})
	}}})
	if _, err := r.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := r.Work(t.Context())
	if !errors.Is(err, migrate.ErrNotYet) || !strings.Contains(err.Error(), "paused") {
		t.Fatalf("a backfill that was paused: %v", err)
	}
	t.Log(err)
	s := status(t, r, "0002")
	if s.State != phases.Paused || s.Reason != "paused by other" || s.Backfill.RowsDone == 0 || s.Backfill.RowsDone >= 20_000 {
		t.Errorf("%s, %q, %+v", s.State, s.Reason, s.Backfill)
	}
	toDualWriteBy(t, r)
	if s := status(t, r, "0002"); s.State != phases.Paused {
		t.Errorf("up and work took a paused backfill up again: %s", s.State)
	}
	if err := other.Resume(t.Context(), migrate.ResumeRequest{Version: "2"}); err != nil {
		t.Fatal(err)
	}
	if s := status(t, r, "0002"); s.State != phases.Waiting || s.Phase != phases.DualWrite {
		t.Errorf("resumed, it stands in %s, %s", s.Phase, s.State)
	}
}

// everybody calls Up and Work at once, as instances of one service do when they start.
func everybody(t *testing.T, url string, f files) (applied, expanded map[string]int) {
	t.Helper()
	const callers = 20
	var mu sync.Mutex
	var all sync.WaitGroup
	applied, expanded = map[string]int{}, map[string]int{}
	for i := range callers {
		r := runner(t, url, f, migrate.Options{Actor: fmt.Sprint("caller ", i), Logger: silent, Wait: patience})
		all.Go(func() {
			result, err := r.Up(t.Context())
			if err == nil {
				err = r.Work(t.Context())
			}
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("caller %d: %v", i, err)
			}
			for _, v := range result.Applied {
				applied[v]++
			}
			for _, v := range result.Expanded {
				expanded[v]++
			}
		})
	}
	all.Wait()
	t.Logf("%d callers: applied %v, expanded %v", callers, applied, expanded)
	return applied, expanded
}

func TestTwentyCallersOnARename(t *testing.T) { onEach(t, twentyCallersOnARename) }

func twentyCallersOnARename(t *testing.T, on rig) {
	long(t)
	url, f := on.started(t, 5_000)
	applied, expanded := everybody(t, url, f)
	if len(applied) != 0 || !maps.Equal(expanded, map[string]int{"0002": 1}) {
		t.Errorf("applied %v, expanded %v", applied, expanded)
	}
	r := runner(t, url, f, migrate.Options{})
	if s := status(t, r, "0002"); s.State != phases.Waiting || s.Phase != phases.DualWrite {
		t.Errorf("it stands in %s, %s", s.Phase, s.State)
	}
	conn := connect(t, url)
	if n := on.usersDiffering(t, conn); n != 0 {
		t.Errorf("%d rows differ", n)
	}
	if n := count(t, conn, "SELECT count(*) FROM "+on.ledgerTable("steps")+" WHERE migration = '0002' AND attempts <> 1"); n != 0 {
		t.Errorf("%d steps were run more than once", n)
	}
}

// TestTwentyCallersOnAnEmptyDatabase has many migrations, so that a caller that found the database
// half made, and took it for one in use, would be seen: a rename would be phased.
func TestTwentyCallersOnAnEmptyDatabase(t *testing.T) { onEach(t, twentyCallersOnAnEmptyDatabase) }

func twentyCallersOnAnEmptyDatabase(t *testing.T, on rig) {
	long(t)
	url := on.shared(t).Database(t)
	f, want, name := files{"0001_users.sql": on.users}, map[string]int{"0001": 1}, "user_email"
	for i := 2; i <= 20; i++ {
		version, next := fmt.Sprintf("%04d", i), fmt.Sprint("email_", i)
		f[version+"_rename.sql"] = fmt.Sprintf("ALTER TABLE users RENAME COLUMN %s TO %s;", name, next)
		want[version], name = 1, next
	}
	applied, expanded := everybody(t, url, f)
	if len(expanded) != 0 || !maps.Equal(applied, want) {
		t.Errorf("applied %v, expanded %v", applied, expanded)
	}
	for _, s := range statuses(t, runner(t, url, f, migrate.Options{})) {
		if s.State != phases.Done {
			t.Errorf("%s stands in %s, %s", s.Migration, s.Phase, s.State)
		}
	}
}
