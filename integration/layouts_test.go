package integration_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/migrate/source"
)

// traced writes down the transaction that it runs in.
const traced = "INSERT INTO trace (tx) VALUES (pg_current_xact_id()::text);\n"

const sqitchPlan = `%project=p

trace 2024-02-05T08:00:00Z A <a@example.com>
run 2024-02-06T08:00:00Z A <a@example.com>
`

// layout is a directory of one runner with two migrations: the first makes the table trace, the second writes
// twice, or builds an index, and its way back deletes what was written and leaves a row of its own.
type layout struct {
	name    string
	files   files
	applied []string
	want    string // how many transactions wrote: "one" or "each"
	back    bool   // there is a way back
}

const (
	makesTrace = "CREATE TABLE trace (id bigint GENERATED ALWAYS AS IDENTITY, tx text NOT NULL);\n"
	twice      = traced + traced
	goesBack   = "DELETE FROM trace;\n" + traced
)

var foreignLayouts = []layout{
	{"goose", files{
		"1_trace.sql": "-- +goose Up\n" + makesTrace, "2_run.sql": "-- +goose Up\n" + twice + "-- +goose Down\n" + goesBack,
	}, []string{"1", "2"}, "one", true},
	{"goose without a transaction", files{
		"1_trace.sql": "-- +goose Up\n" + makesTrace, "2_run.sql": "-- +goose NO TRANSACTION\n-- +goose Up\n" + twice + "CREATE INDEX CONCURRENTLY trace_tx ON trace (tx);\n",
	}, []string{"1", "2"}, "each", false},
	{"golang-migrate", files{
		"1_trace.up.sql": makesTrace, "2_run.up.sql": twice, "2_run.down.sql": goesBack,
	}, []string{"1", "2"}, "one", true},
	{"golang-migrate with transactions of its own", files{
		"1_trace.up.sql": "BEGIN;\n" + makesTrace + "COMMIT;", "2_run.up.sql": "BEGIN;\n" + twice + "COMMIT;", "2_run.down.sql": "BEGIN;\n" + goesBack + "COMMIT;",
	}, []string{"1", "2"}, "one", true},
	{"dbmate", files{
		"1_trace.sql": "-- migrate:up\n" + makesTrace + "-- migrate:down\nDROP TABLE trace;", "2_run.sql": "-- migrate:up\n" + twice + "-- migrate:down\n" + goesBack,
	}, []string{"1", "2"}, "one", true},
	{"flyway", files{"V1__trace.sql": makesTrace, "V2__run.sql": twice, "U2__run.sql": goesBack}, []string{"1", "2"}, "one", true},
	{"flyway without a transaction", files{
		"V1__trace.sql": makesTrace, "V2__run.sql": twice, "V2__run.sql.conf": "executeInTransaction=false",
	}, []string{"1", "2"}, "each", false},
	{"atlas", files{"1_trace.sql": "-- atlas:nolint\n\n" + makesTrace, "2_run.sql": twice}, []string{"1", "2"}, "one", false},
	{"atlas without a transaction", files{"1_trace.sql": makesTrace, "2_run.sql": "-- atlas:txmode none\n\n" + twice}, []string{"1", "2"}, "each", false},
	{"prisma", files{"1_trace/migration.sql": makesTrace, "2_run/migration.sql": twice}, []string{"1_trace", "2_run"}, "one", false},
	{"drizzle", files{
		"meta/_journal.json": `{"entries":[{"tag":"0000_trace"},{"tag":"0001_run"}]}`,
		"0000_trace.sql":     makesTrace, "0001_run.sql": strings.ReplaceAll(twice, ";\n", "--> statement-breakpoint\n"),
	}, []string{"0000", "0001"}, "one", false},
	{"sqitch", files{
		"sqitch.plan": sqitchPlan, "deploy/trace.sql": "BEGIN;\n" + makesTrace + "COMMIT;", "deploy/run.sql": "BEGIN;\n" + twice + "COMMIT;",
		"revert/run.sql": "BEGIN;\n" + goesBack + "COMMIT;",
	}, []string{"trace", "run"}, "one", true},
	{"sqitch without a transaction", files{
		"sqitch.plan": sqitchPlan, "deploy/trace.sql": makesTrace, "deploy/run.sql": twice, "revert/run.sql": goesBack,
	}, []string{"trace", "run"}, "each", true},
	{"tern", files{
		"1_trace.sql": makesTrace, "2_run.sql": twice + "---- create above / drop below ----\n" + goesBack,
	}, []string{"1", "2"}, "one", true},
	{"tern without a transaction", files{
		"1_trace.sql": makesTrace, "2_run.sql": "---- tern: disable-tx ----\n" + twice + "---- create above / drop below ----\n" + goesBack,
	}, []string{"1", "2"}, "each", true},
	{"liquibase", files{
		"a.sql": "--liquibase formatted sql\n--changeset a:trace\n" + makesTrace + "--changeset a:run\n" + twice + "--rollback DELETE FROM trace;\n--rollback " + traced,
	}, []string{"a:trace", "a:run"}, "one", true},
	{"liquibase without a transaction", files{
		"a.sql": "--liquibase formatted sql\n--changeset a:trace\n" + makesTrace + "--changeset a:run runInTransaction:false\n" + twice,
	}, []string{"a:trace", "a:run"}, "each", false},
	{"django", files{
		"0001_trace.sql": "BEGIN;\n--\n-- Raw SQL operation\n--\n" + makesTrace + "COMMIT;", "0002_run.sql": "BEGIN;\n--\n-- Raw SQL operation\n--\n" + twice + "COMMIT;",
	}, []string{"0001", "0002"}, "one", false},
	{"diesel", files{
		"1_trace/up.sql": makesTrace, "2_run/up.sql": twice, "2_run/down.sql": goesBack,
	}, []string{"1", "2"}, "one", true},
}

// TestLayoutsRunAsTheirRunnersDo runs a directory of each layout, and takes its newest migration back.
func TestLayoutsRunAsTheirRunnersDo(t *testing.T) {
	long(t)
	server := scratch.Postgres(t)
	for _, l := range foreignLayouts {
		t.Run(l.name, func(t *testing.T) {
			url := server.Database(t)
			r := runner(t, url, l.files, migrate.Options{})
			result, err := r.Up(t.Context())
			if err != nil || !slices.Equal(result.Applied, l.applied) {
				t.Fatalf("applied %v, %v", result.Applied, err)
			}
			conn := connect(t, url)
			transactions := count(t, conn, "SELECT count(DISTINCT tx) FROM trace")
			if written := count(t, conn, "SELECT count(*) FROM trace"); written != 2 || l.want == "one" && transactions != 1 || l.want == "each" && transactions != 2 {
				t.Errorf("%d rows of %d transactions", written, transactions)
			}
			newest := l.applied[len(l.applied)-1]
			err = r.Rollback(t.Context(), migrate.RollbackRequest{Version: newest})
			if !l.back {
				if err == nil || !strings.Contains(err.Error(), "no down section") {
					t.Errorf("rollback: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if written := count(t, conn, "SELECT count(*) FROM trace"); written != 1 {
				t.Errorf("%d rows are left", written)
			}
		})
	}
}

// TestLayoutsRefuseWhatTheyCannotRun: what needs the other runner is refused by its file's name, and
// nothing is changed.
func TestLayoutsRefuseWhatTheyCannotRun(t *testing.T) {
	url := scratch.Postgres(t).Database(t)
	for _, test := range []struct {
		name  string
		files files
		says  []string
	}{
		{"Go", files{"1_a.sql": "-- +goose Up\nCREATE TABLE a (id int);", "2_b.go": "package b"}, []string{"2_b.go:1: it is written in Go", "segue adopt --through 2"}},
		{"Ruby", files{"1_a.rb": "class A"}, []string{"1_a.rb:1: it is written in Ruby"}},
		{"a template", files{"tern.conf": "", "1_a.sql": "CREATE TABLE {{.p}}_a (id int);"}, []string{"1_a.sql:1: {{.p}} is a template"}},
		{"psql", files{"sqitch.plan": sqitchPlan, "deploy/trace.sql": "\\i other.sql", "deploy/run.sql": ""}, []string{`deploy/trace.sql:1: \i is a command of psql`}},
		{"the environment", files{"1_a.sql": "-- +goose Up\n-- +goose ENVSUB ON\nCREATE TABLE $A (id int);"}, []string{"1_a.sql:3: $A stands for a value"}},
		{"an index in a transaction", files{"1_a.sql": "-- +goose Up\nCREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY i ON a (id);"},
			[]string{"1_a.sql:3:1", "cannot run in a transaction", "-- +goose NO TRANSACTION"}},
		{"segue's down beside another", files{"1_a.up.sql": "SELECT 1;\n-- segue:down\nSELECT 2;", "1_a.down.sql": "SELECT 3;"}, []string{"1_a.up.sql has segue:down and a down section of golang-migrate"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := runner(t, url, test.files, migrate.Options{}).Up(t.Context())
			if err == nil {
				t.Fatal("it ran")
			}
			for _, says := range test.says {
				if !strings.Contains(err.Error(), says) {
					t.Errorf("%v\nlacks %q", err, says)
				}
			}
			if exists(t, connect(t, url), "a") {
				t.Error("something was changed")
			}
		})
	}
}

// TestLayoutsAreAdopted: a directory that another runner has run is taken over, what is in a programming
// language included, and goes on from there.
func TestLayoutsAreAdopted(t *testing.T) {
	url := scratch.Postgres(t).Database(t)
	conn := connect(t, url)
	run(t, conn, "CREATE TABLE a (id int)")
	run(t, conn, "CREATE TABLE goose_db_version (version_id bigint)")
	f := files{"1_a.sql": "-- +goose Up\nCREATE TABLE a (id int);", "2_b.go": "package b"}
	if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err == nil || !strings.Contains(err.Error(), "segue adopt") {
		t.Errorf("up of what has run: %v", err)
	}
	adopted, err := runner(t, url, f, migrate.Options{}).Adopt(t.Context(), "2")
	if err != nil || !slices.Equal(adopted, []string{"1", "2"}) {
		t.Fatalf("adopted %v, %v", adopted, err)
	}
	f["3_c.sql"] = "-- +goose Up\nCREATE TABLE c (id int);"
	result, err := runner(t, url, f, migrate.Options{Layout: source.Goose}).Up(t.Context())
	if err != nil || !slices.Equal(result.Applied, []string{"3"}) || !exists(t, conn, "c") {
		t.Errorf("applied %v, %v", result.Applied, err)
	}
}

// TestOrderOfListedLayouts: where the directory itself says what the order is, a change in its middle is
// out of order, and one that it no longer lists is in nobody's way.
func TestOrderOfListedLayouts(t *testing.T) {
	url := scratch.Postgres(t).Database(t)
	f := files{"sqitch.plan": sqitchPlan, "deploy/trace.sql": makesTrace, "deploy/run.sql": twice}
	if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	late := "late 2024-02-07T08:00:00Z A <a@example.com>\n"
	f["deploy/late.sql"] = traced
	f["sqitch.plan"] = strings.Replace(sqitchPlan, "run ", late+"run ", 1)
	if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err == nil || !strings.Contains(err.Error(), "deploy/late.sql sorts before run, which is applied") {
		t.Errorf("in the middle: %v", err)
	}
	f["sqitch.plan"] = strings.Split(sqitchPlan, "run ")[0] + late
	if result, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil || !slices.Equal(result.Applied, []string{"late"}) {
		t.Errorf("in place of what was run: applied %v, %v", result.Applied, err)
	}
}

// TestLayoutsOnMySQL: there no transaction holds DDL, and what a runner makes is in nobody's way.
func TestLayoutsOnMySQL(t *testing.T) {
	long(t)
	url := scratch.MySQL(t).Database(t)
	f := files{
		"1_shelves.sql": "-- +goose Up\nCREATE TABLE shelves (id int PRIMARY KEY, books int NOT NULL DEFAULT 0);\nCREATE TABLE rooms (id int PRIMARY KEY);\n-- +goose Down\nDROP TABLE rooms;\nDROP TABLE shelves;\n",
		"2_recount.sql": "-- +goose Up\n-- +goose StatementBegin\nCREATE PROCEDURE recount()\nBEGIN\n  UPDATE shelves SET books = 1;\n  UPDATE shelves SET books = 2;\nEND\n-- +goose StatementEnd\nINSERT INTO rooms VALUES (1);\n-- +goose Down\nDROP PROCEDURE recount;\nDELETE FROM rooms;\n",
	}
	r := runner(t, url, f, migrate.Options{})
	result, err := r.Up(t.Context())
	if err != nil || !slices.Equal(result.Applied, []string{"1", "2"}) {
		t.Fatalf("applied %v, %v", result.Applied, err)
	}
	conn := connect(t, url)
	run(t, conn, "CALL recount()")
	for _, version := range []string{"2", "1"} {
		if err := r.Rollback(t.Context(), migrate.RollbackRequest{Version: version}); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, conn, "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ('shelves', 'rooms')"); n != 0 {
		t.Errorf("%d tables are left", n)
	}
}
