package postgres

import (
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
)

func TestInspectObjects(t *testing.T) {
	c := inspected(t, `
CREATE SCHEMA app; CREATE SCHEMA segue; CREATE TABLE segue.hidden (a int);
CREATE EXTENSION hstore; CREATE TEMPORARY TABLE scratch (a int);
CREATE TYPE mood AS ENUM ('b', 'a'); ALTER TYPE mood ADD VALUE 'c' BEFORE 'a';
CREATE TYPE pair AS (x int, "Y" varchar(3));
CREATE DOMAIN given AS int CHECK (VALUE IS NOT NULL);
CREATE DOMAIN positive AS int DEFAULT 5 CHECK (VALUE > 0);
CREATE DOMAIN strict AS given;
CREATE TABLE t (id serial, user_email text, n int GENERATED ALWAYS AS IDENTITY);
CREATE SEQUENCE free;
CREATE VIEW v AS SELECT user_email FROM t; CREATE VIEW w AS SELECT user_email AS e FROM v;
CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM t;
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(user_email) FROM t';
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 2';`)
	for name := range c.Tables {
		if name.Schema != "public" || name.Name != "t" {
			t.Errorf("table %s", name)
		}
	}
	if len(c.Schemas) != 2 || !c.Schemas["app"] || !c.Schemas["public"] {
		t.Errorf("schemas %v", c.Schemas)
	}
	if o := objectTest(t, c, dialects.EnumType, "mood"); !slices.Equal(o.Values, []string{"b", "c", "a"}) {
		t.Errorf("%+v", o)
	}
	if o := objectTest(t, c, dialects.CompositeType, "pair"); o.Definition != `(x integer, "Y" character varying(3))` {
		t.Errorf("%+v", o)
	}
	for name, want := range map[string]bool{"given": true, "strict": true, "positive": false} {
		if o := objectTest(t, c, dialects.Domain, name); o.NotNull != want {
			t.Errorf("%+v", o)
		}
	}
	if o := objectTest(t, c, dialects.Domain, "positive"); o.Definition != "integer DEFAULT 5 CHECK ((VALUE > 0))" {
		t.Errorf("%+v", o)
	}
	if c.ReplicaRole != dialects.ReplicaRoleMay {
		t.Errorf("a superuser's replica role: %q", c.ReplicaRole)
	}
	table := dialects.Name{Schema: "public", Name: "t"}
	if o := objectTest(t, c, dialects.Sequence, "t_id_seq"); o.OwnedBy == nil || *o.OwnedBy != (dialects.ColumnRef{Table: table, Column: "id"}) {
		t.Errorf("%+v", o)
	}
	if o := objectTest(t, c, dialects.Sequence, "free"); o.OwnedBy != nil {
		t.Errorf("%+v", o)
	}
	if o := objectTest(t, c, dialects.View, "v"); !slices.Equal(o.Reads, []dialects.Name{table}) ||
		!slices.Equal(o.Columns, []dialects.ColumnRef{{Table: table, Column: "user_email"}}) || !strings.Contains(o.Definition, "FROM public.t") {
		t.Errorf("%+v", o)
	}
	if o := objectTest(t, c, dialects.View, "w"); len(o.Columns) != 1 || o.Columns[0].Table.Name != "v" {
		t.Errorf("%+v", o)
	}
	if o := objectTest(t, c, dialects.MaterializedView, "m"); !slices.Equal(o.Reads, []dialects.Name{table}) || len(o.Columns) != 0 {
		t.Errorf("%+v", o)
	}
	if o := objectTest(t, c, dialects.Function, "f"); o.Definition != "SELECT count(user_email) FROM t\nSELECT 2" {
		t.Errorf("%+v", o)
	}
	if n := len(c.Objects); n != 13 {
		for key := range c.Objects {
			t.Log(key)
		}
		t.Errorf("%d objects", n)
	}
}

func TestInspectReplication(t *testing.T) {
	d := openTest(t)
	s := sessionTest(t, d)
	runScript(t, s, `CREATE TABLE t (id int PRIMARY KEY, user_email text);
CREATE TABLE parts (gap int, a int) PARTITION BY HASH (a); ALTER TABLE parts DROP gap;
CREATE TABLE leaf PARTITION OF parts FOR VALUES WITH (MODULUS 1, REMAINDER 0); CREATE UNLOGGED TABLE un (a int);
CREATE PUBLICATION everything FOR ALL TABLES; CREATE PUBLICATION whole FOR TABLE parts`)
	listed := serverTest(t, d, s).Version.AtLeast(15, 0)
	if listed {
		runScript(t, s, `CREATE PUBLICATION part_of FOR TABLE t (id) WHERE (id > 3); CREATE PUBLICATION tables_in FOR TABLES IN SCHEMA public`)
	}
	// A subscription without a publisher, which never connects.
	name := "segue_" + d.config.Database
	runScript(t, s, `CREATE SUBSCRIPTION `+name+` CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false)`)
	defer runScript(t, s, `DROP SUBSCRIPTION `+name)
	runScript(t, s, `INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate) SELECT oid, 't'::regclass, 'r' FROM pg_subscription WHERE subname = '`+name+`'`)

	c := inspectTest(t, d, s)
	names := func(table string) string {
		var names []string
		for _, p := range tableTest(t, c, table).Publications {
			names = append(names, p.Name)
		}
		return strings.Join(names, " ")
	}
	want := map[string]string{"t": "everything", "parts": "everything whole", "leaf": "everything whole", "un": ""}
	if listed {
		want = map[string]string{"t": "everything part_of tables_in", "parts": "everything tables_in whole", "leaf": "everything tables_in tables_in whole", "un": "tables_in"}
	}
	for table, want := range want {
		if got := names(table); got != want {
			t.Errorf("%s: publications %q, want %q", table, got, want)
		}
	}
	table := tableTest(t, c, "t")
	if listed {
		if p := table.Publications[1]; !slices.Equal(p.Columns, []string{"id"}) || p.RowFilter != "(id > 3)" {
			t.Errorf("%+v", p)
		}
	}
	if !slices.Equal(table.Subscriptions, []string{name}) {
		t.Errorf("subscriptions %q", table.Subscriptions)
	}
}

// Contract reads the catalog inside its own transaction, and goes on in it.
func TestInspectInsideTransaction(t *testing.T) {
	d := openTest(t)
	s := sessionTest(t, d)
	runScript(t, s, `CREATE SCHEMA app; SET search_path = app, public`)
	tx := begin(t, s, dialects.TxOptions{})
	runScript(t, tx, `CREATE DOMAIN given AS int CHECK (VALUE IS NOT NULL); CREATE TABLE fresh (a given)`)
	c := inspectTest(t, d, tx)
	if c.DefaultSchema != "app" || tableTest(t, c, "fresh").Columns[0].Type != "app.given" {
		t.Errorf("default schema %q", c.DefaultSchema)
	}
	if got := value(t, tx, `SELECT current_setting('search_path')`); got != "app, public" {
		t.Errorf("search_path is %q afterwards", got)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	inspectTest(t, d, s)
	if got := value(t, s, `SELECT current_setting('search_path') || current_setting('transaction_read_only')`); got != "app, publicoff" {
		t.Errorf("after a transaction of its own: %q", got)
	}
}
