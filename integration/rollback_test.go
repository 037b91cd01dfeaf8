package integration_test

import (
	"context"
	"errors"
	"testing"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/migrate/backfill"
	"github.com/segue-db/segue/phases"
)

// TestRollback undoes a rename from each place before contract: the schema is as it was, up alone
// leaves it alone, and up by name takes it up again.
func TestRollback(t *testing.T) { onEach(t, rollback) }

func rollback(t *testing.T, on rig) {
	long(t)
	server := on.shared(t)
	places := map[string]func(t *testing.T, url string, f files){
		"expand": func(t *testing.T, url string, f files) {
			if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
				t.Fatal(err)
			}
		},
		"mid-backfill": func(t *testing.T, url string, f files) { halfway(t, url, f) },
		"dual-write":   toDualWrite,
	}
	for place, bring := range places {
		t.Run(place, func(t *testing.T) {
			url, f := on.started(t, 20_000)
			before := on.dump(t, server, url)
			bring(t, url, f)
			r := runner(t, url, f, migrate.Options{})
			if err := r.Rollback(t.Context(), migrate.RollbackRequest{Version: "0002", Force: nobody(place)}); err != nil {
				t.Fatal(err)
			}
			if after := on.dump(t, server, url); after != before {
				t.Errorf("the schema is not as it was:\n%s", after)
			}
			if _, err := r.Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			if s := status(t, r, "0002"); s.State != phases.RolledBack {
				t.Errorf("up alone took it up again: %s", s.State)
			}
			if _, err := r.UpOnly(t.Context(), migrate.UpRequest{Version: "2"}); err != nil {
				t.Fatal(err)
			}
			if err := r.Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if s := status(t, r, "0002"); s.Phase != phases.DualWrite || s.State != phases.Waiting {
				t.Errorf("up by name brought it to %s, %s", s.Phase, s.State)
			}
		})
	}
}

// nobody opens a rollback's gate where it is asked while nobody is registered.
func nobody(place string) *phases.Force {
	if place != "dual-write" {
		return nil
	}
	return &phases.Force{Reason: "nothing else runs in this test"}
}

func status(t *testing.T, r *migrate.Runner, version string) migrate.MigrationStatus {
	t.Helper()
	list, err := r.Status(t.Context(), version)
	if err != nil || len(list) != 1 {
		t.Fatalf("status: %v, %v", list, err)
	}
	return list[0]
}

func toDualWrite(t *testing.T, url string, f files) {
	t.Helper()
	r := runner(t, url, f, migrate.Options{})
	if _, err := r.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// halfway interrupts a backfill after a batch, as SIGTERM does.
func halfway(t *testing.T, url string, f files) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r := runner(t, url, f, migrate.Options{Backfill: migrate.Backfill{Progress: func(string, backfill.Progress) { stop() }}})
	if _, err := r.Up(ctx); err != nil {
		t.Fatal(err)
	}
	if err := r.Work(ctx); !errors.Is(err, migrate.ErrNotYet) {
		t.Fatalf("an interrupted backfill: %v", err)
	}
	s := status(t, r, "0002")
	if s.Phase != phases.Backfill || s.State != phases.Waiting || s.Backfill.RowsDone == 0 || s.Backfill.RowsDone >= 20_000 {
		t.Fatalf("not halfway: %+v %+v", s, s.Backfill)
	}
}
