package integration_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/migrate/backfill"
	"github.com/segue-db/segue/phases"
)

// lifecycle is a rename on one kind of table. In its statements {t} is the table and {c} the column,
// by the name that the writer knows.
type lifecycle struct {
	name       string
	table      string
	old, young string // unquoted
	setup      []string
	rows       string
	filling    []string // written by the old name while the new column is being filled
	both       []string // written by the old name, then by the new one, in dual-write
	last       []string // written by the new name
	before     []string // what it takes for the server to rename the column, where it would not
	after      []string // and to put that back, by the new name
	mode       string   // the writers' sql_mode, where it is not the server's
	moments    bool     // the values are of the moment, and not compared with those of the reference
}

const (
	wide    = `Größe "der" Spalte, so breit wie es nur irgend geht: dreiund6` // 63 bytes
	wideToo = `Größe 'der' Spalte, so breit wie es nur irgend geht: $segue$7` // 63 bytes
)

var lifecycles = []lifecycle{
	{name: "composite key", table: "members", old: "nick", young: "handle",
		setup:   []string{"CREATE TABLE {t} (tenant int, id int, {c} text UNIQUE, n int DEFAULT 0, PRIMARY KEY (tenant, id))"},
		rows:    "INSERT INTO {t} (tenant, id, {c}) SELECT i % 7, i, 'n' || i FROM generate_series(1, 3000) i",
		filling: []string{"UPDATE {t} SET {c} = 'f' WHERE id = 1", "INSERT INTO {t} (tenant, id, {c}) VALUES (1, 9001, 'g')", "DELETE FROM {t} WHERE id = 2"},
		both:    []string{"UPDATE {t} SET {c} = {c} || 'b' WHERE id BETWEEN 10 AND 20", "UPDATE {t} SET {c} = NULL WHERE id = 30", "UPDATE {t} SET tenant = tenant + 10 WHERE id = 40"},
		last:    []string{"INSERT INTO {t} (tenant, id, {c}) VALUES (1, 9002, 'h') ON CONFLICT ({c}) DO NOTHING", "INSERT INTO {t} (tenant, id) VALUES (1, 9003)"}},
	{name: "no key", table: "log", old: "line", young: "text",
		setup:   []string{"CREATE TABLE {t} (id int, {c} text, n int DEFAULT 0)"},
		rows:    "INSERT INTO {t} (id, {c}) SELECT i / 2, 'n' || i / 3 FROM generate_series(1, 3000) i",
		filling: []string{"UPDATE {t} SET {c} = 'f' WHERE id = 1", "INSERT INTO {t} (id, {c}) VALUES (9001, 'g')"},
		both:    []string{"UPDATE {t} SET {c} = {c} || 'b' WHERE id BETWEEN 10 AND 20", "UPDATE {t} SET n = n + 1"},
		last:    []string{"INSERT INTO {t} VALUES (9002)", "DELETE FROM {t} WHERE {c} = 'n30'"}},
	{name: "partitioned", table: "parts", old: "note", young: "remark",
		setup: []string{"CREATE TABLE {t} (day date, id int, {c} text NOT NULL DEFAULT 'none' CHECK ({c} <> ''), UNIQUE (day, {c}, id)) PARTITION BY RANGE (day)",
			"CREATE TABLE p20 PARTITION OF {t} FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
			"CREATE TABLE p21 PARTITION OF {t} FOR VALUES FROM ('2021-01-01') TO ('2022-01-01') PARTITION BY LIST (id)",
			"CREATE TABLE p21a PARTITION OF p21 FOR VALUES IN (1, 2, 3)", "CREATE TABLE p21b PARTITION OF p21 DEFAULT"},
		rows:    "INSERT INTO {t} (day, id, {c}) SELECT date '2020-03-01' + (i % 2) * 365, i, 'n' || i FROM generate_series(1, 1000) i",
		filling: []string{"UPDATE {t} SET day = '2021-06-01' WHERE id BETWEEN 100 AND 110", "INSERT INTO p21b (day, id, {c}) VALUES ('2021-07-01', 9001, 'direct')", "UPDATE p20 SET {c} = 'f' WHERE id = 20"},
		both:    []string{"UPDATE {t} SET day = '2020-06-01', {c} = {c} || 'moved' WHERE id BETWEEN 201 AND 210", "UPDATE p21 SET {c} = {c} || 'b' WHERE id = 3"},
		last:    []string{"INSERT INTO p21a (day, id, {c}) VALUES ('2021-08-01', 2, 'direct')", "INSERT INTO {t} (day, id) VALUES ('2020-08-01', 9003)"}},
	{name: "serial column", table: "tickets", old: "no", young: "number",
		setup:   []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} serial)"},
		rows:    "INSERT INTO {t} (id) SELECT i FROM generate_series(1, 500) i",
		filling: []string{"INSERT INTO {t} (id) VALUES (9001)", "UPDATE {t} SET {c} = 10000 WHERE id = 1"},
		both:    []string{"UPDATE {t} SET {c} = {c} + 20000 WHERE id = 2"},
		last:    []string{"INSERT INTO {t} (id) VALUES (9002)", "INSERT INTO {t} (id, {c}) VALUES (9003, DEFAULT)"}},
	{name: "primary key", table: "things", old: "id", young: "thing_id",
		setup:   []string{"CREATE TABLE {t} ({c} bigint PRIMARY KEY, name text)"},
		rows:    "INSERT INTO {t} SELECT i, 'n' || i FROM generate_series(1, 3000) i",
		filling: []string{"INSERT INTO {t} ({c}) VALUES (9001)", "UPDATE {t} SET {c} = {c} + 10000 WHERE {c} = 5", "DELETE FROM {t} WHERE {c} = 6"},
		both:    []string{"UPDATE {t} SET {c} = {c} + 10000 WHERE {c} IN (7, 10007)", "INSERT INTO {t} ({c}, name) VALUES (8, 'u') ON CONFLICT ({c}) DO UPDATE SET name = {t}.name || excluded.name"},
		last:    []string{"INSERT INTO {t} ({c}) VALUES (9002)"}},
	{name: "63 bytes", table: wide, old: wide, young: wideToo,
		setup:   []string{"CREATE TABLE {t} (\"ID\" int PRIMARY KEY, {c} text NOT NULL CHECK ({c} <> ''))", "CREATE INDEX ON {t} (upper({c}))"},
		rows:    "INSERT INTO {t} SELECT i, 'n' || i FROM generate_series(1, 500) i",
		filling: []string{"UPDATE {t} SET {c} = 'f' WHERE \"ID\" = 1"},
		both:    []string{"UPDATE {t} SET {c} = {c} || 'b' WHERE \"ID\" = 2"},
		last:    []string{"INSERT INTO {t} VALUES (9001, 'h')"}},
	{name: "mixed case", table: "Users", old: "userEmail", young: "select",
		setup:   []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(40) COLLATE \"C\", CONSTRAINT \"Uniq\" UNIQUE ({c}))"},
		rows:    "INSERT INTO {t} SELECT i, 'n' || i FROM generate_series(1, 500) i",
		filling: []string{"UPDATE {t} SET {c} = 'f' WHERE id = 1"},
		both:    []string{"UPDATE {t} SET {c} = {c} || 'b' WHERE id = 2"},
		last:    []string{"INSERT INTO {t} (id, {c}) VALUES (9001, 'h')"}},
	{name: "json", table: "docs", old: "body", young: "content",
		setup:   []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} json)"},
		rows:    `INSERT INTO {t} SELECT i, json_build_object('n', i) FROM generate_series(1, 500) i`,
		filling: []string{`UPDATE {t} SET {c} = '{"a": 1}' WHERE id = 1`},
		both:    []string{`UPDATE {t} SET {c} = '{"a":  1}' WHERE id = 1`, `UPDATE {t} SET {c} = json_build_array({c}) WHERE id = 2`},
		last:    []string{"INSERT INTO {t} (id, {c}) VALUES (9001, 'null')"}},
	{name: "foreign key", table: "posts", old: "author", young: "author_id",
		setup: []string{"CREATE TABLE people (id int PRIMARY KEY)", "INSERT INTO people SELECT generate_series(1, 50)",
			"CREATE TABLE {t} (id int PRIMARY KEY, {c} int REFERENCES people ON UPDATE CASCADE ON DELETE SET NULL)", "CREATE INDEX ON {t} ({c})"},
		rows:    "INSERT INTO {t} SELECT i, 1 + i % 50 FROM generate_series(1, 500) i",
		filling: []string{"UPDATE {t} SET {c} = 3 WHERE id = 1", "UPDATE people SET id = 1001 WHERE id = 11", "DELETE FROM people WHERE id = 12"},
		both:    []string{"UPDATE {t} SET {c} = 4 WHERE id = 2", "DELETE FROM people WHERE id = (SELECT max(id) FROM people)"},
		last:    []string{"UPDATE people SET id = 1002 WHERE id = 13", "INSERT INTO {t} (id, {c}) VALUES (9001, 5)"}},
	{name: "not null with default", table: "accounts", old: "plan", young: "tier",
		setup:   []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} text NOT NULL DEFAULT 'free')"},
		rows:    "INSERT INTO {t} SELECT i, 'p' || i FROM generate_series(1, 500) i",
		filling: []string{"INSERT INTO {t} VALUES (9001)", "UPDATE {t} SET {c} = DEFAULT WHERE id = 1"},
		both:    []string{"UPDATE {t} SET {c} = {c} || 'b' WHERE id = 2", "UPDATE {t} SET {c} = DEFAULT WHERE id = 3"},
		last:    []string{"INSERT INTO {t} (id) VALUES (9002)", "INSERT INTO {t} (id, {c}) VALUES (9003, 'x')"}},
	{name: "nullable with default now()", table: "visits", old: "at", young: "seen_at", moments: true,
		setup:   []string{"CREATE TABLE {t} (id int PRIMARY KEY, {c} timestamptz DEFAULT now())"},
		rows:    "INSERT INTO {t} (id) SELECT generate_series(1, 500)",
		filling: []string{"INSERT INTO {t} (id) VALUES (9001)", "UPDATE {t} SET {c} = '2020-01-01' WHERE id = 1"},
		both:    []string{"UPDATE {t} SET {c} = {c} - interval '1 hour' WHERE id = 2"},
		last:    []string{"INSERT INTO {t} (id) VALUES (9002)", "INSERT INTO {t} (id, {c}) VALUES (9003, NULL)"}},
}

// sql fills in the names.
func (l lifecycle) sql(on rig, statement, column string) string {
	return strings.NewReplacer("{t}", on.quote(l.table), "{c}", on.quote(column)).Replace(statement)
}

func (l lifecycle) write(t *testing.T, on rig, conn *client, column string, statements ...string) {
	t.Helper()
	for _, s := range statements {
		run(t, conn, l.sql(on, s, column))
	}
}

func (l lifecycle) rename(on rig) string {
	return on.sql("ALTER TABLE {t} RENAME COLUMN {a} TO {b};", l.table, l.old, l.young)
}

// content is every row of a Postgres table, whatever the order of columns and rows.
func content(t *testing.T, conn *client, table string) string {
	t.Helper()
	return text(t, conn, "SELECT string_agg(to_jsonb(r)::text, E'\n' ORDER BY to_jsonb(r)::text) FROM "+doubleQuoted(table)+" r")
}

// TestLifecycles carries the rename through on every kind of table, with writes by both names. It ends
// where a plain rename does: the schema but for the order of columns, and every row.
func TestLifecycles(t *testing.T) {
	onEach(t, func(t *testing.T, on rig) {
		long(t)
		for _, l := range on.lifecycles {
			t.Run(l.name, func(t *testing.T) {
				t.Parallel()
				l.carry(t, on)
			})
		}
	})
}

func (l lifecycle) carry(t *testing.T, on rig) {
	server := on.shared(t)
	plain, url := server.Database(t), server.Database(t)
	reference := connectWith(t, plain, l.mode)
	l.write(t, on, reference, l.old, l.setup...)
	l.write(t, on, reference, l.old, l.rows)
	l.write(t, on, reference, l.old, l.filling...)
	l.write(t, on, reference, l.old, l.both...)
	l.write(t, on, reference, l.old, l.before...)
	run(t, reference, l.rename(on))
	l.write(t, on, reference, l.young, l.after...)
	l.write(t, on, reference, l.young, l.both...)
	l.write(t, on, reference, l.young, l.last...)

	f := files{"0001_setup.sql": l.sql(on, strings.Join(l.setup, ";\n"), l.old)}
	if _, err := runner(t, url, f, migrate.Options{}).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn := connectWith(t, url, l.mode)
	l.write(t, on, conn, l.old, l.rows)
	f["0002_rename.sql"] = l.rename(on)
	r := runner(t, url, f, migrate.Options{Logger: silent})
	if result, err := r.Up(t.Context()); err != nil || len(result.Expanded) != 1 {
		t.Fatalf("expanded %v, %v", result.Expanded, err)
	}
	l.write(t, on, conn, l.old, l.filling...)
	if err := r.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := on.differing(t, conn, l.table, l.old, l.young); n != 0 {
		t.Errorf("%d rows differ after the backfill", n)
	}
	l.write(t, on, conn, l.old, l.both...)
	l.write(t, on, conn, l.young, l.both...)
	l.write(t, on, conn, l.young, l.last...)
	if n := on.differing(t, conn, l.table, l.old, l.young); n != 0 {
		t.Errorf("%d rows differ in dual-write", n)
	}
	if err := r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002", Force: nobody("dual-write")}); err != nil {
		t.Fatal(err)
	}
	if got, want := on.alike(on.dump(t, server, url)), on.alike(on.dump(t, server, plain)); got != want {
		t.Errorf("the schema differs from a plain rename's.\ngot:\n%s\nwant:\n%s", got, want)
	}
	if got, want := on.content(t, conn, l.table), on.content(t, reference, l.table); got != want && !l.moments {
		t.Errorf("rows differ from a plain rename's.\ngot:\n%s\nwant:\n%s", got, want)
	}
	// What is left has to be writable by the new name as before.
	run(t, conn, l.sql(on, "UPDATE {t} SET {c} = {c}", l.young))
}

// TestBadRow: a row that breaks a CHECK from before it was NOT VALID cannot be written again.
func TestBadRow(t *testing.T) {
	long(t)
	url, f := started(t, 3_000)
	conn := connect(t, url)
	run(t, conn, "UPDATE users SET name = '' WHERE id = 1234")
	run(t, conn, "ALTER TABLE users ADD CONSTRAINT named CHECK (name <> '') NOT VALID")
	r := runner(t, url, f, migrate.Options{})
	if _, err := r.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := r.Work(t.Context())
	var bad *backfill.BadRowError
	if !errors.As(err, &bad) || bad.Key != "id=1234" || !strings.Contains(err.Error(), "named") {
		t.Fatalf("a row that cannot be written: %v", err)
	}
	t.Log(err)
	if s := status(t, r, "0002"); s.State != phases.Failed || !strings.Contains(s.Reason, "id=1234") {
		t.Errorf("it is %s: %s", s.State, s.Reason)
	}
	run(t, conn, "UPDATE users SET name = 'mended' WHERE id = 1234")
	if err := r.Work(t.Context()); err != nil {
		t.Fatalf("after the row was mended: %v", err)
	}
	if s := status(t, r, "0002"); s.State != phases.Waiting || s.Phase != phases.DualWrite {
		t.Errorf("it is %s in %s", s.State, s.Phase)
	}
}
