package integration_test

import (
	"errors"
	"testing"

	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

var usersThenRename = files{
	"0001_users.sql": `CREATE TABLE users (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	user_email text NOT NULL UNIQUE CHECK (user_email <> ''),
	name text
);`,
	"0002_rename_user_email.sql": `ALTER TABLE users RENAME COLUMN user_email TO email;`,
}

// started is a database on which 0001 is applied and users has rows.
func started(t *testing.T, rows int) (url string, f files) {
	t.Helper()
	return startedOn(t, scratch.Postgres(t), rows)
}

func startedOn(t *testing.T, server *scratch.Server, rows int) (url string, f files) {
	t.Helper()
	url = server.Database(t)
	first := files{"0001_users.sql": usersThenRename["0001_users.sql"]}
	if _, err := runner(t, url, first, migrate.Options{}).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	run(t, connect(t, url), "INSERT INTO users (user_email, name) SELECT 'u' || i || '@example.com', 'n' || i FROM generate_series(1, $1) i", rows)
	return url, usersThenRename
}

func TestRename(t *testing.T) {
	url, f := started(t, 5000)
	r := runner(t, url, f, migrate.Options{})
	ctx := t.Context()
	if _, err := r.Up(ctx); err != nil {
		t.Fatal(err)
	}
	if err := r.Work(ctx); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, url)
	if n := count(t, conn, "SELECT count(*) FROM users WHERE email IS DISTINCT FROM user_email"); n != 0 {
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
	if n := count(t, conn, "SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'user_email'"); n != 0 {
		t.Fatal("the old column is still there")
	}
	if _, err := r.DeployStart(ctx, old); !errors.Is(err, migrate.ErrIncompatible) {
		t.Fatalf("old version after contract: %v", err)
	}
}
