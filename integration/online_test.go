package integration_test

import (
	"slices"
	"testing"

	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

// TestOnline runs statements that would block in their online form: the schema ends as if they had
// been run as written, and the plan is done at once.
func TestOnline(t *testing.T) {
	long(t)
	server := scratch.Postgres(t)
	for name, sql := range map[string]string{
		"index":              "CREATE INDEX users_name_idx ON users (lower(name)) WHERE name IS NOT NULL;",
		"index without name": "CREATE UNIQUE INDEX ON users (name, id DESC) INCLUDE (user_email);",
		"foreign key":        "ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES users (id) ON DELETE CASCADE DEFERRABLE;",
		"check":              "ALTER TABLE users ADD CONSTRAINT named CHECK (name <> '' OR name IS NULL);",
	} {
		t.Run(name, func(t *testing.T) {
			url, first := started(t, 100)
			f := files{"0001_users.sql": first["0001_users.sql"], "0002_online.sql": sql}
			r := runner(t, url, f, migrate.Options{})
			plans, err := r.Plans(t.Context(), "2")
			if err != nil {
				t.Fatal(err)
			}
			if slices.ContainsFunc(plans[0].Phases[0].Steps, func(s phases.Step) bool { return s.Scans && s.Blocks != "none" }) {
				t.Errorf("a step scans and blocks: %+v", plans[0].Phases)
			}
			if _, err := r.Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			if s := status(t, r, "2"); s.State != phases.Done {
				t.Errorf("it is %s", s.State)
			}
			plain := server.Database(t)
			conn := connect(t, plain)
			run(t, conn, first["0001_users.sql"])
			run(t, conn, sql)
			if got, want := dump(t, server, url), dump(t, server, plain); got != want {
				t.Errorf("the schema differs.\ngot:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}
