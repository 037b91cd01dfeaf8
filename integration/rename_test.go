package integration_test

import (
	"errors"
	"testing"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

// usersThenRename are Postgres's.
var usersThenRename = onPostgres.files()

// started is a Postgres database on which 0001 is applied and users has rows.
func started(t *testing.T, rows int) (url string, f files) {
	t.Helper()
	return onPostgres.started(t, rows)
}

func TestRename(t *testing.T) { onEach(t, rename) }

func rename(t *testing.T, on rig) {
	url, f := on.started(t, 5000)
	r := runner(t, url, f, migrate.Options{})
	ctx := t.Context()
	if _, err := r.Up(ctx); err != nil {
		t.Fatal(err)
	}
	if err := r.Work(ctx); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, url)
	if n := on.usersDiffering(t, conn); n != 0 {
		t.Fatalf("%d rows differ", n)
	}
	err := r.Advance(ctx, migrate.AdvanceRequest{Version: "2"})
	if !errors.Is(err, migrate.ErrGateUnknown) {
		t.Fatalf("nobody registered: %v", err)
	}
	old := migrate.Deploy{App: "web", Version: "1.4.0", Manifest: &compat.Manifest{App: "web",
		Uses: map[string]compat.Use{"users": {Read: []string{"id", "user_email"}, Write: []string{"user_email"}, Insert: true}}}}
	young := migrate.Deploy{App: "web", Version: "1.5.0", Manifest: &compat.Manifest{App: "web",
		Uses: map[string]compat.Use{"users": {Read: []string{"id", "email"}, Write: []string{"email"}, Insert: true}}}}
	for _, d := range []migrate.Deploy{old, young} {
		if _, err := r.DeployStart(ctx, d); err != nil {
			t.Fatal(err)
		}
		if d.Version == "1.4.0" {
			if _, err := r.DeployFinish(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := r.Advance(ctx, migrate.AdvanceRequest{Version: "2"}); !errors.Is(err, migrate.ErrGateClosed) {
		t.Fatalf("old version live: %v", err)
	} else {
		t.Log(err)
	}
	if err := r.Rollback(ctx, migrate.RollbackRequest{Version: "2"}); !errors.Is(err, migrate.ErrGateClosed) {
		t.Fatalf("rollback under a version on the new form: %v", err)
	}
	if _, err := r.DeployFinish(ctx, young); err != nil {
		t.Fatal(err)
	}
	if err := r.Advance(ctx, migrate.AdvanceRequest{Version: "2"}); err != nil {
		t.Fatal(err)
	}
	status, err := r.Status(ctx, "2")
	if err != nil || status[0].State != phases.Done {
		t.Fatalf("status %+v, %v", status, err)
	}
	if n := count(t, conn, on.column, "users", "user_email"); n != 0 {
		t.Fatal("the old column is still there")
	}
	if left := text(t, conn, on.helpers); left != "" {
		t.Errorf("helper objects are left: %s", left)
	}
	if _, err := r.DeployStart(ctx, old); !errors.Is(err, migrate.ErrIncompatible) {
		t.Fatalf("old version after contract: %v", err)
	}
}
