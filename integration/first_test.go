package integration_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

// exists reports whether Postgres has such a table, index or other relation.
func exists(t *testing.T, conn *client, relation string) bool {
	t.Helper()
	return onPostgres.exists(t, conn, relation)
}

// TestFirstUp: on an empty database there is nobody to protect, and everything runs as written.
func TestFirstUp(t *testing.T) { onEach(t, firstUp) }

func firstUp(t *testing.T, on rig) {
	server := on.shared(t)
	url := server.Database(t)
	f := on.files()
	f["0003_index.sql"] = on.unsafe
	r := runner(t, url, f, migrate.Options{})
	result, err := r.Up(t.Context())
	if err != nil || !slices.Equal(result.Applied, []string{"0001", "0002", "0003"}) || len(result.Expanded) != 0 {
		t.Fatalf("applied %v, expanded %v, %v", result.Applied, result.Expanded, err)
	}
	t.Logf("applied %v", result.Applied)
	for _, s := range statuses(t, r) {
		if s.State != phases.Done {
			t.Errorf("%s is %s", s.Migration, s.State)
		}
	}
	plain := server.Database(t)
	conn := connect(t, plain)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		run(t, conn, f[name])
	}
	if got, want := on.dump(t, server, url), on.dump(t, server, plain); got != want {
		t.Errorf("the schema is not what the files say:\n%s", got)
	}
	if result, err := r.Up(t.Context()); err != nil || len(result.Applied) != 0 {
		t.Errorf("again: applied %v, %v", result.Applied, err)
	}
}

func TestDirect(t *testing.T) { onEach(t, direct) }

func direct(t *testing.T, on rig) {
	long(t)
	url, f := on.started(t, 10)
	r := runner(t, url, f, migrate.Options{Direct: true})
	deployed(t, r, uses("1.4.0", "user_email"))
	_, err := r.Up(t.Context())
	refused(t, err, "web@1.4.0", "--direct")
	if err := r.DeployRetire(t.Context(), migrate.Deploy{App: "web"}); err != nil {
		t.Fatal(err)
	}
	if result, err := r.Up(t.Context()); err != nil || !slices.Equal(result.Applied, []string{"0002"}) {
		t.Fatalf("applied %v, %v", result.Applied, err)
	}
	if n := count(t, connect(t, url), "SELECT count(email) FROM users"); n != 10 {
		t.Errorf("%d rows have an email", n)
	}
}

// TestPlainMigrationIsOneTransaction: a second statement that fails leaves nothing of the first, and the
// file may be mended, since nothing of it was applied.
func TestPlainMigrationIsOneTransaction(t *testing.T) {
	long(t)
	url, _ := started(t, 10)
	conn := connect(t, url)
	f := files{"0001_users.sql": usersThenRename["0001_users.sql"],
		"0002_orders.sql": "CREATE TABLE orders (id bigint PRIMARY KEY);\nINSERT INTO order VALUES (1);"}
	f["0002_orders.sql"] = strings.Replace(f["0002_orders.sql"], "INTO order", "INTO orderz", 1)
	r := runner(t, url, f, migrate.Options{})
	_, err := r.Up(t.Context())
	if err == nil || !strings.Contains(err.Error(), "orderz") {
		t.Fatalf("a statement that fails: %v", err)
	}
	t.Log(err)
	if exists(t, conn, "orders") {
		t.Error("the first statement was kept")
	}
	if s := status(t, r, "0002"); s.State != phases.Failed || !strings.Contains(s.Reason, "orderz") {
		t.Errorf("it is %s: %s", s.State, s.Reason)
	}
	if _, err := r.Up(t.Context()); err == nil {
		t.Error("the same file went through")
	}
	f["0002_orders.sql"] = strings.Replace(f["0002_orders.sql"], "orderz", "orders", 1)
	r = runner(t, url, f, migrate.Options{})
	if result, err := r.Up(t.Context()); err != nil || !slices.Equal(result.Applied, []string{"0002"}) {
		t.Fatalf("the mended file: %v, %v", result.Applied, err)
	}
	if n := count(t, conn, "SELECT count(*) FROM orders"); n != 1 {
		t.Errorf("orders has %d rows", n)
	}
	if s := status(t, r, "0002"); s.State != phases.Done || s.Checksum != migrate.ChecksumOK {
		t.Errorf("it is %s, %s", s.State, s.Checksum)
	}
}

// TestConcurrentIndexIsAStep: what cannot run in a transaction is a step of its own, and one that
// failed is taken up where it stopped.
func TestConcurrentIndexIsAStep(t *testing.T) {
	long(t)
	url, _ := started(t, 10)
	conn := connect(t, url)
	f := files{"0001_users.sql": usersThenRename["0001_users.sql"],
		"0002_index.sql": "CREATE TABLE orders (id bigint, note text);\nCREATE INDEX CONCURRENTLY users_name ON users (name);\nCREATE TABLE items (id bigint);"}
	run(t, conn, "CREATE TABLE items (id bigint)")
	r := runner(t, url, f, migrate.Options{})
	if _, err := r.Up(t.Context()); err == nil || !strings.Contains(err.Error(), "items") {
		t.Fatalf("a third step that fails: %v", err)
	}
	if !exists(t, conn, "orders") || !exists(t, conn, "users_name") {
		t.Error("the steps before are not there")
	}
	edited := maps.Clone(f)
	edited["0002_index.sql"] += "\nCREATE TABLE other (id bigint);"
	_, err := runner(t, url, edited, migrate.Options{}).Up(t.Context())
	refused(t, err, "0002_index.sql")
	run(t, conn, "DROP TABLE items")
	if result, err := r.Up(t.Context()); err != nil || !slices.Equal(result.Applied, []string{"0002"}) {
		t.Fatalf("applied %v, %v", result.Applied, err)
	}
	if n := count(t, conn, "SELECT count(*) FROM segue.steps WHERE migration = '0002' AND state = 'done'"); n != 3 {
		t.Errorf("%d steps are done", n)
	}
	if !exists(t, conn, "items") {
		t.Error("the last step was not run")
	}
}

func TestDownSection(t *testing.T) {
	long(t)
	url, _ := started(t, 10)
	conn := connect(t, url)
	f := files{"0001_users.sql": usersThenRename["0001_users.sql"],
		"0002_orders.sql": "CREATE TABLE orders (id bigint PRIMARY KEY);\n\n-- segue:down\nDROP TABLE orders;\n"}
	r := runner(t, url, f, migrate.Options{})
	if _, err := r.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !exists(t, conn, "orders") {
		t.Fatal("the down section was run with the rest")
	}
	refused(t, r.Rollback(t.Context(), migrate.RollbackRequest{Version: "0001"}), "no down section")
	if err := r.Rollback(t.Context(), migrate.RollbackRequest{Version: "0002"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := status(t, r, "0002"); s.State != phases.RolledBack || exists(t, conn, "orders") {
		t.Errorf("up alone took it up again: %s", s.State)
	}
	for range 2 { // down and up again, twice: the second down is not taken for the first
		if _, err := r.UpOnly(t.Context(), migrate.UpRequest{Version: "0002"}); err != nil {
			t.Fatal(err)
		}
		if !exists(t, conn, "orders") {
			t.Error("up by name did not take it up again")
		}
		if err := r.Rollback(t.Context(), migrate.RollbackRequest{Version: "0002"}); err != nil {
			t.Fatal(err)
		}
		if exists(t, conn, "orders") {
			t.Error("it was not rolled back")
		}
	}
}

// TestSettingsEndWithTheirMigration: SET in one file says nothing to the next.
func TestSettingsEndWithTheirMigration(t *testing.T) {
	long(t)
	url := scratch.Postgres(t).Database(t)
	f := files{
		"0001_schema.sql": "CREATE SCHEMA shop;\nSET search_path = shop;\nSET default_tablespace = '';\nCREATE TABLE orders (id bigint);",
		"0002_items.sql":  "CREATE TABLE items (id bigint);",
	}
	if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, url)
	if !exists(t, conn, "shop.orders") || !exists(t, conn, "public.items") || exists(t, conn, "shop.items") {
		t.Error("a setting of the first migration reached the second, or not the first")
	}
}
