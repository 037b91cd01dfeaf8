package postgres

import (
	"reflect"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// TestCloneIsApart replays on a clone what tells other tables and objects of a new name, and holds the
// original against one that was never cloned.
func TestCloneIsApart(t *testing.T) {
	made := func() *dialects.Catalog {
		c := Dialect{}.NewCatalog(dialects.Version{Kind: dialects.Postgres, Major: 18})
		replayAll(t, c, `
CREATE TABLE events (id serial, at date NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_rest PARTITION OF events DEFAULT;
CREATE INDEX events_kind ON events (kind);
CREATE TABLE kinds (name text PRIMARY KEY);
CREATE TABLE old_kinds () INHERITS (kinds);
ALTER TABLE events ADD FOREIGN KEY (kind) REFERENCES kinds;
CREATE TYPE person AS (name text);
CREATE TABLE people OF person;
CREATE VIEW names AS SELECT name FROM kinds;
CREATE PUBLICATION all_kinds FOR TABLE kinds (name) WHERE (name <> '');
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tg BEFORE UPDATE OF name ON kinds FOR EACH ROW EXECUTE FUNCTION f();
CREATE STATISTICS st ON id, kind FROM events;`)
		return c
	}
	original := made()
	replayAll(t, original.Clone(), `
ALTER TABLE events RENAME TO happenings;
ALTER TABLE happenings RENAME at TO happened;
ALTER TABLE happenings RENAME kind TO sort;
ALTER TABLE kinds RENAME name TO kind;
ALTER TABLE kinds RENAME TO sorts;
CREATE SCHEMA app;
ALTER TABLE sorts SET SCHEMA app;
ALTER TYPE person RENAME TO human;
ALTER INDEX events_kind RENAME TO happenings_kind;
ALTER SEQUENCE events_id_seq RENAME TO happenings_id_seq;`)
	untouched := made()
	for name, table := range untouched.Tables {
		if !reflect.DeepEqual(original.Tables[name], table) {
			t.Errorf("%s: %+v, was %+v", name, original.Tables[name], table)
		}
	}
	for key, o := range untouched.Objects {
		if !reflect.DeepEqual(original.Objects[key], o) {
			t.Errorf("%s: %+v, was %+v", key.Name, original.Objects[key], o)
		}
	}
	if len(original.Tables) != len(untouched.Tables) || len(original.Objects) != len(untouched.Objects) {
		t.Errorf("there are %d tables and %d objects, not %d and %d",
			len(original.Tables), len(original.Objects), len(untouched.Tables), len(untouched.Objects))
	}
}

func replayAll(t *testing.T, c *dialects.Catalog, sql string) {
	t.Helper()
	for _, s := range (Dialect{}).Parse(sql) {
		if s.Syntax != nil {
			t.Fatal(s.Syntax)
		}
		Dialect{}.Replay(c, s)
	}
}
