package integration_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/migrate/backfill"
	"github.com/segue-db/segue/phases"
)

// counter is a client that writes ever higher numbers into a row of its own, until the server is gone.
type counter struct {
	id           int
	acked, tried int
}

func (c *counter) run(t *testing.T, url string) {
	conn := connect(t, url)
	for {
		_, err := conn.Exec(context.Background(), "UPDATE users SET user_email = $1 WHERE id = $2", fmt.Sprintf("%d-%d", c.id, c.tried+1), c.id)
		if gone(err) {
			return
		}
		c.tried++
		if err == nil {
			c.acked = c.tried
		}
	}
}

// counters start clients on the rows 1 to n.
func counters(t *testing.T, url string, n int) (all []*counter, wait func()) {
	var running sync.WaitGroup
	for id := 1; id <= n; id++ {
		c := &counter{id: id}
		all = append(all, c)
		running.Go(func() { c.run(t, url) })
	}
	return all, running.Wait
}

// TestServerRestart crashes the server (immediate mode) in the middle of the backfill, between two
// batches and in the middle of an index build, while apps write. The call ends with an error that says what
// to do; the same call again completes; every acknowledged write is there.
func TestServerRestart(t *testing.T) { onEach(t, serverRestart) }

func serverRestart(t *testing.T, on rig) {
	long(t)
	rows := on.restartRows
	server := on.own(t, scratch.WithDurability(scratch.Durable))
	tests := map[string]func(t *testing.T, url string, f files) error{
		"between batches": func(t *testing.T, url string, f files) error {
			restarted := false
			r := runner(t, url, f, migrate.Options{Backfill: migrate.Backfill{Progress: func(_ string, p backfill.Progress) {
				if !restarted {
					restarted = true
					if err := server.Restart(t.Context(), scratch.Immediate); err != nil {
						t.Error(err)
					}
				}
			}}})
			return r.Work(t.Context())
		},
		"in an index build": func(t *testing.T, url string, f files) error {
			if on.holdsBuilds != "" {
				run(t, connect(t, url), on.holdsBuilds)
			}
			ended := background(func() error { return runner(t, url, f, migrate.Options{}).Work(t.Context()) })
			watch := connect(t, url)
			until(t, "the index build", func() bool { return count(t, watch, on.building) == 1 })
			if err := server.Restart(t.Context(), scratch.Immediate); err != nil {
				t.Fatal(err)
			}
			return await(t, "the runner to see it", ended)
		},
	}
	for name, crash := range tests {
		t.Run(name, func(t *testing.T) {
			url, f := on.startedOn(t, server, rows)
			if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			clients, wait := counters(t, url, 3)
			err := crash(t, url, f)
			wait()
			if err == nil {
				t.Fatal("the server went away, and the runner did not notice")
			}
			if text := err.Error(); !strings.Contains(text, "step backfill/") || !strings.Contains(text, "run the same command again") {
				t.Errorf("the error does not say where and what to do: %v", err)
			}
			t.Log(err)
			r := runner(t, url, f, migrate.Options{})
			if s := status(t, r, "0002"); s.State != phases.Interrupted || s.Phase != phases.Backfill {
				t.Errorf("it stands in %s, %s", s.Phase, s.State)
			}
			if err := r.Work(t.Context()); err != nil {
				t.Fatalf("the same call again: %v", err)
			}
			if s := status(t, r, "0002"); s.State != phases.Waiting || s.Phase != phases.DualWrite {
				t.Errorf("the same call again brought it to %s, %s", s.Phase, s.State)
			}
			conn := connect(t, url)
			for _, c := range clients {
				var id, n int
				var value string
				if err := conn.QueryRow(t.Context(), "SELECT email FROM users WHERE id = $1", c.id).Scan(&value); err != nil {
					t.Fatal(err)
				}
				if _, err := fmt.Sscanf(value, "%d-%d", &id, &n); err != nil || id != c.id || n < c.acked || n > c.tried {
					t.Errorf("row %d is %q; %d was acknowledged, and %d tried (%v)", c.id, value, c.acked, c.tried, err)
				}
				t.Logf("client %d: %d writes acknowledged, %q is there", c.id, c.acked, value)
			}
			if n := on.usersDiffering(t, conn); n != 0 {
				t.Errorf("%d rows differ", n)
			}
			if n := count(t, conn, "SELECT count(*) FROM users"); n != int64(rows) {
				t.Errorf("%d rows of %d are there", n, rows)
			}
			if on.invalid != "" && count(t, conn, on.invalid) != 0 {
				t.Error("an invalid index is left")
			}
		})
	}
}
