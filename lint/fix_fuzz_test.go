package lint_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/linttest"
	"github.com/segue-db/segue/migrate/source"
)

const (
	fuzzScene = "CREATE TABLE users (id int NOT NULL, email varchar(40), team int);\nCREATE INDEX by_team ON users (team);\n" +
		"CREATE TABLE posts (id int, at date);\n"
	fuzzTrailer = "\n---- create above / drop below ----\n-- +goose Down\n-- migrate:down\n"
)

// FuzzFix fixes any text, as a file of each layout: nothing panics, edits are of the file, and what is left is as many
// statements that can be read as there were, or more.
func FuzzFix(f *testing.F) {
	layouts := []struct {
		layout       source.Layout
		scene, file  string
		before, head string
	}{
		{source.Segue, "1_a.sql", "2_b.sql", "", ""},
		{source.Goose, "1_a.sql", "2_b.sql", "-- +goose Up\n", "-- +goose Up\n"},
		{source.GolangMigrate, "1_a.up.sql", "2_b.up.sql", "", ""},
		{source.Dbmate, "1_a.sql", "2_b.sql", "-- migrate:up\n", "-- migrate:up\n"},
		{source.Flyway, "V1__a.sql", "V2__b.sql", "", ""},
		{source.Atlas, "1_a.sql", "2_b.sql", "", ""},
		{source.Tern, "1_a.sql", "2_b.sql", "", ""},
		{source.Liquibase, "a.sql", "b.sql", "--liquibase formatted sql\n--changeset a:1\n", "--liquibase formatted sql\n--changeset a:2\n"},
		{source.Sqitch, "deploy/a.sql", "deploy/b.sql", "BEGIN;\n", "BEGIN;\n"},
		{source.Diesel, "2024-01-01-000000_a/up.sql", "2024-01-02-000000_b/up.sql", "", ""},
	}
	for i, seed := range []string{
		"CREATE INDEX ON users (team);", "-- why\nDROP INDEX by_team; CREATE TABLE x (id int);", "ALTER TABLE users ADD COLUMN a int UNIQUE, ADD b int",
		"ALTER TABLE users ADD FOREIGN KEY (team) REFERENCES posts (id) -- c\n;COMMIT;", "ALTER TABLE ONLY \"users\" ADD CHECK (team > 0), ALTER email SET NOT NULL;",
		"SET search_path = x; ALTER TABLE users ADD PRIMARY KEY (id);\r\n", "-- +goose StatementBegin\nCREATE INDEX i ON users (id);\n-- +goose StatementEnd\n",
		"/* ü */ ALTER TABLE users ADD CONSTRAINT U&\"\\0061\" UNIQUE (email, id) DEFERRABLE;", "REINDEX TABLE users; CREATE INDEX CONCURRENTLY c ON users (id);",
		"ALTER TABLE users ADD COLUMN a int CHECK (a > 1) CONSTRAINT z REFERENCES posts NOT DEFERRABLE COLLATE \"C\" NOT NULL;", "\uFEFFDROP INDEX IF EXISTS by_team, x;",
		"ALTER TABLE users DROP INDEX by_team, ADD COLUMN z int AFTER id, ADD KEY (z);", "BEGIN; ALTER TABLE users VALIDATE CONSTRAINT c; END;",
	} {
		f.Add(uint8(i), seed)
	}
	configs := []lint.Config{config(), onServer(f, "mysql:9.7"), onServer(f, "mariadb:10.11")}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		if !utf8.ValidString(text) {
			return // source refuses it
		}
		l, c := layouts[int(which)%len(layouts)], configs[int(which)/len(layouts)%len(configs)]
		files := fstest.MapFS{
			l.scene: {Data: []byte(l.before + fuzzScene + fuzzTrailer)}, l.file: {Data: []byte(l.head + text)},
			"sqitch.plan": {Data: []byte("a 2024-02-05T08:00:00Z A <a@example.com>\nb 2024-02-05T08:00:00Z A <a@example.com>\n")},
		}
		set, err := source.Read(files, l.layout)
		if err != nil {
			return
		}
		result, err := lint.Run(t.Context(), c, set.Migrations)
		if err != nil {
			t.Fatal(err)
		}
		for _, finding := range result.Findings {
			if finding.Fix != nil {
				inRange(t, finding, result.Sources[finding.File])
			}
		}
		fixed, err := lint.Apply(t.Context(), c, files, set, result, linttest.Now)
		if err != nil {
			t.Fatal(err)
		}
		for _, change := range fixed.Changes {
			files[change.Path] = &fstest.MapFile{Data: []byte(change.After)}
		}
		again, err := source.Read(files, l.layout)
		if err != nil {
			t.Fatal(err)
		}
		before, broken := readable(c.Dialect, set)
		after, brokenAfter := readable(c.Dialect, again)
		if len(fixed.Changes) > 0 && (brokenAfter > broken || after < before-2) { // BEGIN and COMMIT may go
			t.Errorf("%d statements that can be read and %d that cannot become %d and %d", before, broken, after, brokenAfter)
		}
	})
}

func inRange(t *testing.T, f lint.Finding, sql string) {
	t.Helper()
	at := 0
	for _, e := range f.Fix.Edits {
		if e.Start < at || e.End < e.Start || e.End > len(sql) || strings.ContainsRune(e.Text, utf8.RuneError) && !strings.ContainsRune(sql, utf8.RuneError) {
			t.Errorf("the fix of %s edits bytes %d to %d of %d, behind %d: %q", f.Rule, e.Start, e.End, len(sql), at, e.Text)
		}
		at = e.End
	}
}

// readable counts the statements of migrations, and those that cannot be read.
func readable(d dialects.Dialect, set *source.Set) (all, broken int) {
	for _, m := range set.Migrations {
		for _, s := range d.Parse(m.Up.Text) {
			all++
			if s.Syntax != nil {
				broken++
			}
		}
	}
	return all, broken
}
