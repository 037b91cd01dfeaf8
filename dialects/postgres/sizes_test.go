package postgres

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

func TestSizes(t *testing.T) {
	d := openTest(t)
	s := sessionTest(t, d)
	runScript(t, s, `
CREATE TABLE never (id int);
CREATE TABLE empty (id int);
CREATE TABLE users (id int PRIMARY KEY, note text);
INSERT INTO users SELECT g, repeat('x', 100) FROM generate_series(1, 3000) g;
CREATE TABLE wide (id int, note text);
ALTER TABLE wide ALTER note SET STORAGE EXTERNAL;
INSERT INTO wide SELECT g, repeat('x', 100000) FROM generate_series(1, 10) g;
CREATE TABLE logs (at int, note text) PARTITION BY RANGE (at);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (0) TO (10);
CREATE TABLE logs_2 PARTITION OF logs FOR VALUES FROM (10) TO (100) PARTITION BY RANGE (at);
CREATE TABLE logs_2a PARTITION OF logs_2 FOR VALUES FROM (10) TO (20);
CREATE TABLE logs_2b PARTITION OF logs_2 FOR VALUES FROM (20) TO (30);
INSERT INTO logs SELECT 5, 'x' FROM generate_series(1, 700);
INSERT INTO logs SELECT 15, 'x' FROM generate_series(1, 300);
CREATE TABLE none (at int) PARTITION BY LIST (at);
CREATE SCHEMA "Other";
CREATE TABLE "Other"."T" () INHERITS (public.empty);
INSERT INTO "Other"."T" SELECT g FROM generate_series(1, 50) g;
CREATE MATERIALIZED VIEW counts AS SELECT id FROM users;
CREATE VIEW every AS SELECT id FROM users`)
	for _, table := range []string{"users", "wide", "empty", `"Other"."T"`, "logs_1", "logs_2a", "counts"} {
		runScript(t, s, "VACUUM ANALYZE "+table)
	}
	// None of the tables is asked for anything that their lock would hold up.
	other := sessionTest(t, d)
	tx := begin(t, other, dialects.TxOptions{})
	runScript(t, tx, `LOCK TABLE users, logs IN ACCESS EXCLUSIVE MODE`)

	sizes := sizesOf(t, d, s)
	for name, rows := range map[string]int64{
		"public.never": dialects.Unknown, "public.empty": 50, "public.users": 3000, "public.wide": 10, "public.counts": 3000,
		"public.logs": 1000, "public.logs_1": 700, "public.logs_2": 300, "public.logs_2a": 300, "public.logs_2b": dialects.Unknown,
		"public.none": 0, "Other.T": 50,
	} {
		if got, is := sizes[name]; !is || got.Rows != rows {
			t.Errorf("%s (%v) has %d rows, want %d", name, is, got.Rows, rows)
		}
		delete(sizes, name)
	}
	if len(sizes) > 0 {
		t.Errorf("surplus: %v", sizes)
	}
	sizes = sizesOf(t, d, s)
	between := func(name string, got, least, most int64) {
		t.Helper()
		if got < least || got > most {
			t.Errorf("%s: %d bytes, want %d to %d", name, got, least, most)
		}
	}
	between("users", sizes["public.users"].Bytes, 300_000, 600_000)
	between("users' index", sizes["public.users"].IndexBytes, 50_000, 150_000)
	between("what is stored out of line", sizes["public.wide"].Bytes, 1_000_000, 1_500_000)
	between("a partitioned table", sizes["public.logs"].Bytes, 2*8192, 20*8192)
	between("no partition", sizes["public.none"].Bytes, 0, 0)
	between("nothing known", sizes["public.never"].Bytes, dialects.Unknown, dialects.Unknown)

	// What came since it was analyzed is in the statistics, which may count twice what came just before.
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	runScript(t, s, `INSERT INTO "Other"."T" SELECT g FROM generate_series(1, 950) g`)
	await(t, "the rows that were added are counted", func() bool { return sizesOf(t, d, s)["Other.T"].Rows >= 1000 })
}

// sizesOf are the sizes by table.
func sizesOf(t testing.TB, d *Database, q dialects.Queryer) map[string]dialects.Size {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	list, err := d.Sizes(ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[string]dialects.Size{}
	for _, one := range list {
		sizes[one.Table.String()] = one.Size
	}
	return sizes
}

// Without privileges on a table its size is there all the same, on the oldest and newest release.
func TestSizesNeedNoPrivilege(t *testing.T) {
	for _, major := range []int{14, 18} {
		t.Run(strconv.Itoa(major), func(t *testing.T) {
			if testing.Short() {
				t.Skip("it starts servers of its own")
			}
			d := openTest(t, scratch.Version(major))
			s := sessionTest(t, d)
			runScript(t, s, `CREATE TABLE users (id int); INSERT INTO users SELECT generate_series(1, 100); ANALYZE users;
				CREATE ROLE segue_sizes; SET ROLE segue_sizes`)
			if got := sizesOf(t, d, s)["public.users"].Rows; got != 100 {
				t.Errorf("%d rows, want 100", got)
			}
			runScript(t, s, `RESET ROLE; DROP ROLE segue_sizes`)
		})
	}
}
