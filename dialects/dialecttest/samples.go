package dialecttest

import (
	"reflect"
	"testing"

	"github.com/segue-db/segue/dialects"
)

// neighbours is the schema that the samples change.
const neighbours = `
CREATE TABLE teams (id int NOT NULL PRIMARY KEY, name varchar(40));
CREATE TABLE users (id int NOT NULL PRIMARY KEY, user_email varchar(60) NOT NULL, age int, nick varchar(20), team_id int,
	CONSTRAINT users_of_age CHECK (age > 0));
CREATE INDEX users_by_age ON users (age);
CREATE TABLE posts (id int NOT NULL PRIMARY KEY, author int, CONSTRAINT posts_author FOREIGN KEY (author) REFERENCES users (id));
CREATE VIEW authors AS SELECT author FROM posts;
`

// sample is a change that every dialect has words for.
type sample struct {
	name   string
	sql    string          // empty where every server says it in its own way
	change dialects.Change // nil where servers differ: a unique key is a constraint, or an index
	// judged says that the change's cost is the same everywhere: it has the hazard, or with none it
	// is safe.
	judged bool
	hazard string
}

// safe is the hazard of a sample that has none.
const safe = ""

var samples = []sample{
	{"create table", `CREATE TABLE notes (id int NOT NULL PRIMARY KEY, body varchar(200) DEFAULT 'none', CONSTRAINT notes_filled CHECK (body <> ''))`,
		dialects.CreateTable{}, true, safe},
	{"drop table", `DROP TABLE teams`, dialects.DropTable{}, true, "drop-table"},
	{"rename table", `ALTER TABLE users RENAME TO members`, dialects.RenameTable{}, true, "rename-table"},
	{"truncate", `TRUNCATE TABLE teams`, dialects.WriteData{}, true, "truncate-table"},
	{"update all", `UPDATE users SET age = 1`, dialects.WriteData{}, true, "unbounded-write"},
	{"update one", `UPDATE users SET age = 1 WHERE id = 1`, dialects.WriteData{}, true, safe},
	{"insert", `INSERT INTO teams VALUES (1, 'x')`, dialects.WriteData{}, true, safe},
	{"add column", "", dialects.AddColumn{}, true, safe},
	{"add column with default", "", dialects.AddColumn{}, true, safe},
	{"add column not null", `ALTER TABLE users ADD COLUMN must int NOT NULL`, dialects.AddColumn{}, true, "not-null-without-default"},
	{"drop column", `ALTER TABLE users DROP COLUMN nick`, dialects.DropColumn{}, true, "drop-column"},
	{"rename column", `ALTER TABLE users RENAME COLUMN nick TO handle`, dialects.RenameColumn{}, true, "rename-column"},
	{"change type", "", dialects.AlterColumnType{}, true, "change-column-type"},
	{"set default", "", dialects.SetDefault{}, true, safe},
	{"drop default", "", dialects.SetDefault{}, true, safe},
	{"set not null", "", dialects.SetNotNull{}, true, "set-not-null"},
	{"create index", `CREATE INDEX users_by_team ON users (team_id)`, dialects.CreateIndex{}, false, ""},
	{"create index online", "", dialects.CreateIndex{}, true, safe},
	{"create unique index", `CREATE UNIQUE INDEX users_nick ON users (nick, id)`, dialects.CreateIndex{}, false, ""},
	{"rename index", "", dialects.RenameIndex{}, false, ""},
	{"drop index", "", dialects.DropIndex{}, false, ""},
	{"add unique", `ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (user_email)`, nil, false, ""},
	{"add check", `ALTER TABLE users ADD CONSTRAINT adult CHECK (age >= 18)`, dialects.AddConstraint{}, false, ""},
	{"drop check", `ALTER TABLE users DROP CONSTRAINT users_of_age`, dialects.DropConstraint{}, false, ""},
	{"add foreign key", `ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team_id) REFERENCES teams (id)`, dialects.AddForeignKey{}, false, ""},
	{"drop foreign key", `ALTER TABLE posts DROP CONSTRAINT posts_author`, dialects.DropConstraint{}, false, ""},
	{"create view", `CREATE VIEW emails AS SELECT id, user_email AS email FROM users`, dialects.CreateObject{}, true, safe},
	{"drop view", `DROP VIEW authors`, dialects.DropObject{}, false, ""},
}

// text is the sample in the server's SQL.
func (s sample) text(t *testing.T, f Fixture) string {
	t.Helper()
	sql, ok := f.Samples[s.name]
	if !ok {
		sql = s.sql
	}
	if sql == "" {
		t.Fatalf("the fixture has no sample %q", s.name)
	}
	return sql
}

// statement parses a text that is one statement.
func statement(t *testing.T, d dialects.Dialect, sql string) dialects.Statement {
	t.Helper()
	statements := d.Parse(sql)
	if len(statements) != 1 || statements[0].Syntax != nil {
		t.Fatalf("%s: is %d statements, syntax %v", sql, len(statements), statements[0].Syntax)
	}
	return statements[0]
}

// replayed is the catalog that texts make, replayed on a copy.
func replayed(t *testing.T, d dialects.Dialect, from *dialects.Catalog, sql string) *dialects.Catalog {
	t.Helper()
	c := from.Clone()
	for _, s := range d.Parse(sql) {
		if s.Syntax != nil {
			t.Fatalf("%s: %v", s.Text, s.Syntax)
		}
		d.Replay(c, s)
	}
	return c
}

// empty is the catalog of a fresh database like the one that was read.
func empty(d dialects.Dialect, read *dialects.Catalog) *dialects.Catalog {
	c := d.NewCatalog(read.Version)
	c.Charset, c.Collation = read.Charset, read.Collation
	return c
}

// A sample is the change that its name says: lint, plans and manifests go by it.
func testSamples(t *testing.T, f Fixture) {
	l := open(t, f)
	base := replayed(t, l.d, empty(l.d, l.inspect(t, l.s)), neighbours)
	for _, s := range samples {
		stmt := statement(t, l.d, s.text(t, f))
		found := s.change == nil
		for _, e := range l.d.Effects(base, stmt, nil) {
			found = found || reflect.TypeOf(e.Change) == reflect.TypeOf(s.change)
		}
		if !found {
			t.Errorf("%s: %s is %T, want %T", s.name, stmt.Text, stmt.Changes[0], s.change)
		}
	}
}
