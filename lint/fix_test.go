package lint_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/linttest"
	"github.com/segue-db/segue/migrate/source"
)

const fixTables = "CREATE TABLE teams (id int PRIMARY KEY);\nCREATE TABLE users (id int NOT NULL, email text, team int);\n"

// applied lints a directory, applies what fixes there are, and does so again: the second time nothing may change.
func applied(t *testing.T, c lint.Config, layout source.Layout, files fstest.MapFS) (*lint.Result, *lint.Fixed, fstest.MapFS) {
	t.Helper()
	run := func() (*lint.Result, *lint.Fixed) {
		set, err := source.Read(files, layout)
		if err != nil {
			t.Fatal(err)
		}
		result, err := lint.Run(t.Context(), c, set.Migrations)
		if err != nil {
			t.Fatal(err)
		}
		fixed, err := lint.Apply(t.Context(), c, files, set, result, linttest.Now)
		if err != nil {
			t.Fatal(err)
		}
		return result, fixed
	}
	result, fixed := run()
	for _, change := range fixed.Changes {
		files[change.Path] = &fstest.MapFile{Data: []byte(change.After)}
	}
	if _, again := run(); len(again.Changes) > 0 {
		t.Errorf("fixed twice, %s is\n%s", again.Changes[0].Path, again.Changes[0].After)
	}
	return result, fixed, files
}

// TestFixedTexts: the text that a fix leaves is the author's but for what is fixed: no comment is lost, and marks, line
// ends and attributes are as they have to be.
func TestFixedTexts(t *testing.T) {
	const changesets = "--liquibase formatted sql\n--changeset a:1\n" + fixTables + "\n"
	for name, test := range map[string]struct {
		layout               source.Layout
		server, scene, where string
		before, after        string // of the file; after a line of ==== what it adds
	}{
		"comments behind the last token": {layout: source.Plain,
			before: "CREATE INDEX i ON users (team) -- end",
			after:  "CREATE INDEX CONCURRENTLY i ON users (team) -- end"},
		"comment before the semicolon": {layout: source.GolangMigrate,
			before: "CREATE TABLE z (id int);\n/* lead */ CREATE INDEX i ON users (team) -- why; really\n; -- more\nCREATE TABLE y (id int)\n",
			after:  "CREATE TABLE z (id int);\nCREATE TABLE y (id int)\n====\n/* lead */\n-- why; really\n-- more\nCREATE INDEX CONCURRENTLY i ON users (team);\n"},
		"comments of subcommands": {layout: source.GolangMigrate,
			before: "ALTER TABLE users -- tab\n  ADD a int, -- one\n  -- the key\n  ADD CONSTRAINT u UNIQUE (a /* first */, team), -- two\n  -- last\n  ADD b int;\n",
			after: "ALTER TABLE users -- tab\n  ADD a int, -- one\n  -- last\n  ADD b int;\n====\n-- the key\n-- two\n" +
				"CREATE UNIQUE INDEX CONCURRENTLY u ON users (a /* first */, team);\n====\nALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX u;\n"},
		"comments that no part takes": {layout: source.Plain,
			scene:  "CREATE INDEX i ON users (team);\nCREATE INDEX j ON users (email);\n",
			before: "DROP INDEX i, -- old\n  j;\n",
			after:  "-- old\nDROP INDEX CONCURRENTLY i;\nDROP INDEX CONCURRENTLY j;\n"},
		"comment at COMMIT": {layout: source.Plain,
			before: "BEGIN -- begun\n;\nCREATE INDEX i ON users (team);\nCOMMIT; -- done\n",
			after:  " -- begun\n\nCREATE INDEX CONCURRENTLY i ON users (team);\n -- done\n"},
		"goose's marks": {layout: source.Goose, scene: "-- +goose Up\n",
			before: "-- +goose Up\nCREATE TABLE z (id int);\n-- why\n-- +goose StatementBegin\nCREATE INDEX i ON users (team); -- here\n-- +goose StatementEnd\n-- +goose Down\nDROP TABLE z;\n",
			after:  "-- +goose Up\nCREATE TABLE z (id int);\n-- +goose Down\nDROP TABLE z;\n====\n-- +goose NO TRANSACTION\n-- +goose Up\n-- why\n-- here\nCREATE INDEX CONCURRENTLY i ON users (team);\n-- +goose Down\n"},
		"goose, a block comment before": {layout: source.Goose, scene: "-- +goose Up\n",
			before: "-- +goose Up\n/* why */ CREATE INDEX i ON users (team);\n",
			after:  "-- +goose NO TRANSACTION\n-- +goose Up\n/* why */ CREATE INDEX CONCURRENTLY i ON users (team);\n"},
		"timeouts": {layout: source.GolangMigrate,
			before: "SET lock_timeout = '1s';\nCREATE TABLE z (id int);\nALTER TABLE users ADD FOREIGN KEY (team) REFERENCES teams (id);\n",
			after: "SET lock_timeout = '1s';\nCREATE TABLE z (id int);\nALTER TABLE users ADD CONSTRAINT users_team_fkey FOREIGN KEY (team) REFERENCES teams (id) NOT VALID;\n" +
				"====\nSET lock_timeout = '1s';\nALTER TABLE users VALIDATE CONSTRAINT users_team_fkey;\n"},
		"two that need each other's table": {layout: source.GolangMigrate,
			before: "ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (team) REFERENCES teams (id);\nALTER TABLE teams ADD a int;\nALTER TABLE users ALTER email SET NOT NULL;\n",
			after: "ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (team) REFERENCES teams (id) NOT VALID;\nALTER TABLE teams ADD a int;\n" +
				"ALTER TABLE users ADD CONSTRAINT users_email_not_null_check CHECK (email IS NOT NULL) NOT VALID;\n" +
				"====\nALTER TABLE users VALIDATE CONSTRAINT f;\nALTER TABLE users VALIDATE CONSTRAINT users_email_not_null_check;\n" +
				"ALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT users_email_not_null_check;\n"},
		"a timeout for what is moved": {layout: source.GolangMigrate,
			before: "CREATE TABLE z (id int);\nSET lock_timeout = '1s';\nCREATE INDEX i ON users (team);\n",
			after:  "CREATE TABLE z (id int);\n====\nCREATE INDEX CONCURRENTLY i ON users (team);\n"},
		"Windows' line ends": {layout: source.Goose, scene: "-- +goose Up\n",
			before: "\uFEFF-- +goose Up\r\nCREATE TABLE z (id int);\r\n-- größe\r\nCREATE INDEX \"日本\"\r\n  ON users (team);\r\n",
			after:  "\uFEFF-- +goose Up\r\nCREATE TABLE z (id int);\r\n====\n-- +goose NO TRANSACTION\r\n-- +goose Up\r\n-- größe\r\nCREATE INDEX CONCURRENTLY \"日本\"\r\n  ON users (team);\r\n-- +goose Down\r\n"},
		"quoted names": {layout: source.Plain, scene: "CREATE SCHEMA \"My S\";\nCREATE TABLE \"My S\".\"T t\" (\"a b\" int, c text);\n",
			before: "CREATE INDEX IF NOT EXISTS \"i i\" ON \"My S\".\"T t\" (\"a b\");\nALTER TABLE \"My S\".\"T t\" ADD CHECK (c <> $$;--$$), ADD d text",
			after: "CREATE INDEX CONCURRENTLY IF NOT EXISTS \"i i\" ON \"My S\".\"T t\" (\"a b\");\n" +
				"ALTER TABLE \"My S\".\"T t\" ADD CONSTRAINT \"T t_c_check\" CHECK (c <> $$;--$$) NOT VALID, ADD d text;\nALTER TABLE \"My S\".\"T t\" VALIDATE CONSTRAINT \"T t_c_check\""},
		"MySQL's comments": {layout: source.Plain, server: "mysql:8.4",
			before: "ALTER TABLE users -- tab\n  ADD INDEX k (team) # two\n;\n",
			after:  "ALTER TABLE users -- tab\n  ADD INDEX k (team), ALGORITHM=INPLACE, LOCK=NONE # two\n;\n"},
		"a changeset's attributes": {layout: source.Liquibase, where: "a.sql",
			before: changesets + "--changeset \"ann lee\":2 context:\"prod or test\" labels:x dbms:postgresql runInTransaction:true endDelimiter:; runOnChange:false\n" +
				"CREATE TABLE z (id int);\nCREATE INDEX i ON users (team);\n--rollback DROP TABLE z;\n",
			after: changesets + "--changeset \"ann lee\":2 context:\"prod or test\" labels:x dbms:postgresql runInTransaction:true endDelimiter:; runOnChange:false\n" +
				"CREATE TABLE z (id int);\n--rollback DROP TABLE z;\n\n--changeset \"ann lee\":create_i context:\"prod or test\" labels:x dbms:postgresql runInTransaction:false\n" +
				"CREATE INDEX CONCURRENTLY i ON users (team);\n--rollback not required\n"},
		"a changeset in a transaction": {layout: source.Liquibase, where: "a.sql",
			before: changesets + "--changeset a:2 runInTransaction:true context:x\r\nCREATE INDEX i ON users (team);\r\n",
			after:  changesets + "--changeset a:2 runInTransaction:false context:x\r\nCREATE INDEX CONCURRENTLY i ON users (team);\r\n"},
		"two changesets": {layout: source.Liquibase, where: "a.sql",
			before: changesets + "--changeset a:2\nCREATE TABLE z (id int);\nCREATE INDEX ON users (team);\n--changeset a:3\nCREATE TABLE y (id int);\nCREATE INDEX ON users (email);\n",
			after: changesets + "--changeset a:2\nCREATE TABLE z (id int);\n--changeset a:create_users_index runInTransaction:false\nCREATE INDEX CONCURRENTLY ON users (team);\n--rollback not required\n\n" +
				"--changeset a:3\nCREATE TABLE y (id int);\n\n--changeset a:create_users_index_2 runInTransaction:false\nCREATE INDEX CONCURRENTLY ON users (email);\n--rollback not required\n"},
	} {
		t.Run(name, func(t *testing.T) {
			c := config()
			if test.server != "" {
				c = onServer(t, test.server)
			}
			scene, where := "1_a.sql", "2_b.sql"
			if test.layout == source.GolangMigrate {
				scene, where = "1_a.up.sql", "2_b.up.sql"
			}
			files := fstest.MapFS{scene: {Data: []byte(test.scene)}}
			if test.where == "" {
				files[scene].Data = append(files[scene].Data, fixTables...)
			} else {
				files, where = fstest.MapFS{}, test.where
			}
			if strings.Contains(test.scene, "CREATE INDEX") {
				files[scene].Data = []byte(fixTables + test.scene)
			}
			files[where] = &fstest.MapFile{Data: []byte(test.before)}
			_, fixed, _ := applied(t, c, test.layout, files)
			var got []string
			for _, change := range fixed.Changes {
				got = append(got, change.After)
			}
			if got := strings.Join(got, "====\n"); got != test.after {
				t.Errorf("got\n%q\nwant\n%q", got, test.after)
			}
		})
	}
}

// TestUnfixed: what is not fixed says why, and is not promised.
func TestUnfixed(t *testing.T) {
	const head = "--liquibase formatted sql\n--changeset a:1\n" + fixTables
	for _, test := range []struct {
		layout      source.Layout
		sql, reason string
	}{
		{source.Liquibase, head + "--changeset a:2\n--preconditions onFail:MARK_RAN\nCREATE TABLE z (id int);\nCREATE INDEX i ON users (team);\n", "by its preconditions"},
		{source.Liquibase, head + "--changeset a:2 runOnChange:true\nCREATE TABLE z (id int);\nCREATE INDEX i ON users (team);\n", "runOnChange:true"},
		{source.Liquibase, head + "--changeset a:2 runWith:psql\nCREATE TABLE z (id int);\nCREATE INDEX i ON users (team);\n", "runWith:psql"},
		{source.Dbmate, "-- migrate:up\nCREATE TABLE z (id int);\nCREATE INDEX i ON users (team);\n-- migrate:down\n", "comes before 3"},
		{source.GolangMigrate, "SET lock_timeout = '1s';\nCREATE INDEX i ON users (team);\n", "line 1 is sent with it"},
	} {
		files := fstest.MapFS{"1_a.up.sql": {Data: []byte(fixTables)}, "2_b.up.sql": {Data: []byte(test.sql)}}
		switch test.layout {
		case source.Dbmate:
			files = fstest.MapFS{"1_a.sql": {Data: []byte("-- migrate:up\n" + fixTables)}, "3_b.sql": {Data: []byte(test.sql)}}
		case source.Liquibase:
			files = fstest.MapFS{"a.sql": {Data: []byte(test.sql)}}
		}
		result, fixed, _ := applied(t, config(), test.layout, files)
		at := slices.IndexFunc(result.Findings, func(f lint.Finding) bool { return f.Rule == "index-not-concurrent" })
		if f := result.Findings[at]; len(fixed.Changes) > 0 || f.Fix != nil || !strings.Contains(f.Unfixed, test.reason) {
			t.Errorf("%s\nis not fixed because %q", test.sql, f.Unfixed)
		}
	}
}

// TestNotesDoNotKeepAFix: that something of no consequence is found then is no reason to leave what blocks.
func TestNotesDoNotKeepAFix(t *testing.T) {
	files := fstest.MapFS{"1_a.up.sql": {Data: []byte(fixTables)}, "2_b.up.sql": {Data: []byte(
		"CREATE TABLE z (id int);\nCREATE INDEX i ON users (team);\nALTER TABLE users ADD FOREIGN KEY (team) REFERENCES teams (id);\n")}}
	result, fixed, _ := applied(t, config(), source.GolangMigrate, files)
	before := slices.ContainsFunc(result.Findings, func(f lint.Finding) bool { return f.Rule == "foreign-key-without-index" })
	after := slices.ContainsFunc(fixed.Result.Findings, func(f lint.Finding) bool { return f.Rule == "foreign-key-without-index" })
	if before || !after || len(fixed.Findings) != 2 {
		t.Errorf("%d findings are fixed; that the foreign key has no index was found: %t, and is: %t", len(fixed.Findings), before, after)
	}
}

// TestEachFindingShowsItsOwnFix: a finding's edits are those of its statement, and those that the whole file needs. All
// of them together are what is written.
func TestEachFindingShowsItsOwnFix(t *testing.T) {
	const sql = "-- +goose Up\nCREATE INDEX i ON users (team);\nCREATE INDEX j ON users (email);\n"
	files := fstest.MapFS{"1_a.sql": {Data: []byte("-- +goose Up\n" + fixTables)}, "2_b.sql": {Data: []byte(sql)}}
	result, fixed, _ := applied(t, config(), source.Goose, files)
	var shown []string
	for _, f := range result.Findings {
		text, err := json.Marshal(f.Fix.Edits)
		if err != nil {
			t.Fatal(err)
		}
		shown = append(shown, string(text))
	}
	want := []string{
		`[{"start":0,"end":0,"text":"-- +goose NO TRANSACTION\n"},{"start":26,"end":26,"text":"CONCURRENTLY "}]`,
		`[{"start":0,"end":0,"text":"-- +goose NO TRANSACTION\n"},{"start":58,"end":58,"text":"CONCURRENTLY "}]`,
	}
	if !slices.Equal(shown, want) {
		t.Errorf("got %q\nwant %q", shown, want)
	}
	if after := strings.ReplaceAll("-- +goose NO TRANSACTION\n"+sql, "INDEX", "INDEX CONCURRENTLY"); fixed.Changes[0].After != after {
		t.Errorf("got\n%s\nwant\n%s", fixed.Changes[0].After, after)
	}
}

// TestFixesThatDoNotFitStayBehind: of many fixes those that would bring something new are left out, and all others are
// made.
func TestFixesThatDoNotFitStayBehind(t *testing.T) {
	c := config()
	c.Rules = append(c.Rules, lint.Rule{ID: "not-here", Family: dialects.LockFamily, Severity: lint.Error, Docs: []lint.Doc{{Servers: []dialects.Kind{dialects.Postgres}}}, Check: func(p *lint.Pass) {
		if made, is := p.Statement.Changes[0].(dialects.CreateIndex); is && made.Concurrently && strings.HasPrefix(made.Index.Name.Name, "bad") {
			p.Report(lint.Finding{Message: "not here"})
		}
	}})
	files := fstest.MapFS{"01_a.up.sql": {Data: []byte(fixTables)}}
	for i, name := range []string{"a", "bad1", "b", "c", "d", "e", "bad2", "f"} {
		files[fmt.Sprintf("%02d_x.up.sql", i+2)] = &fstest.MapFile{Data: []byte("CREATE INDEX " + name + " ON users (team);\n")}
	}
	_, fixed, files := applied(t, c, source.GolangMigrate, files)
	if len(fixed.Findings) != 6 {
		t.Errorf("%d findings are fixed", len(fixed.Findings))
	}
	for name, file := range files {
		if concurrent, bad := strings.Contains(string(file.Data), "CONCURRENTLY"), strings.Contains(string(file.Data), "bad"); bad && concurrent {
			t.Errorf("%s is\n%s", name, file.Data)
		}
	}
	unfit := slices.DeleteFunc(slices.Clone(fixed.Result.Findings), func(f lint.Finding) bool { return !f.Misfit() })
	if len(unfit) != 2 || !strings.Contains(unfit[0].Unfixed, "not-here") {
		t.Errorf("these do not fit: %v", unfit)
	}
}
