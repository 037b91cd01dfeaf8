package source_test

import (
	"strings"
	"testing"

	"github.com/segue-db/segue/migrate/source"
)

// visible is what of a text is not blank, line by line.
func visible(text string) string {
	var all []string
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, l)
		}
	}
	return strings.Join(all, " / ")
}

func refused(p source.Part) string {
	var all []string
	for _, r := range p.Refusals {
		all = append(all, r.Error())
	}
	return strings.Join(all, "\n")
}

// TestSections reads one file of each layout; parts are shown by what is visible of them, and refusals by
// what they must say.
func TestSections(t *testing.T) {
	for _, test := range []struct {
		name   string
		layout source.Layout
		files  []string
		up     string
		down   string
		says   []string
	}{
		{"goose", source.Goose, []string{"1_a.sql=-- head\n-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\r\n"},
			"-- head / SELECT 1;", "SELECT 2;", nil},
		{"goose, a statement without a semicolon", source.Goose, []string{"1_a.sql=-- +goose Up\n-- +goose StatementBegin\nSELECT 1\n-- +goose StatementEnd\nSELECT 2;"},
			"SELECT 1 / ; / SELECT 2;", "", nil},
		{"goose, dashes in the words", source.Goose, []string{"1_a.sql=--  +goose--  up  --\nSELECT 1;\n"}, "SELECT 1;", "", nil},
		{"goose, behind blanks", source.Goose, []string{"1_a.sql= -- +goose Up\nSELECT 1;\n"}, "SELECT 1;", "", []string{"1_a.sql:1: -- +goose Up stands behind blanks"}},
		{"goose, a word it does not know", source.Goose, []string{"1_a.sql=-- +goose Up\n-- +goose Upward\nSELECT 1;"},
			"SELECT 1;", "", []string{`1_a.sql:2: -- +goose Upward is no annotation`, "mend the line"}},
		{"goose, SQL above Up", source.Goose, []string{"1_a.sql=SELECT 0;\n-- +goose Up\nSELECT 1;"},
			"SELECT 0; / SELECT 1;", "", []string{"1_a.sql:1: a statement stands above -- +goose Up"}},
		{"goose, no Up", source.Goose, []string{"1_a.sql=-- nothing\n"}, "-- nothing", "", []string{"it has no -- +goose Up"}},
		{"goose, no end", source.Goose, []string{"1_a.sql=-- +goose Up\n-- +goose StatementBegin\nSELECT 1"},
			"SELECT 1", "", []string{"1_a.sql:2: its -- +goose StatementBegin has no end"}},
		{"goose, the environment", source.Goose, []string{"1_a.sql=-- +goose Up\n-- +goose ENVSUB ON\nGRANT SELECT ON t TO ${ROLE:-app};\n-- +goose ENVSUB OFF\nSELECT '$x';"},
			"GRANT SELECT ON t TO __ROLE__app_; / SELECT '$x';", "", []string{"1_a.sql:3: ${ROLE:-app} stands for a value"}},
		{"goose, in Go", source.Goose, []string{"1_a.go=package a\n", "2_b_test.go=package a"}, "", "", []string{"1_a.go:1: it is written in Go", "adopt --through 1"}},
		{"golang-migrate, down alone", source.GolangMigrate, []string{"1_a.down.sql=SELECT 2;"}, "", "SELECT 2;", []string{"it has no up part"}},
		{"dbmate", source.Dbmate, []string{"1.sql=-- head\n--migrate:up\nSELECT 1;\n-- migrate:down transaction:false\nSELECT 2;"},
			"-- head / SELECT 1;", "SELECT 2;", nil},
		{"dbmate, several", source.Dbmate, []string{"1.sql=-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n-- migrate:up\nSELECT 3;\n-- migrate:down\nSELECT 4;"},
			"SELECT 1; / SELECT 3;", "SELECT 2; / SELECT 4;", []string{"several -- migrate:up"}},
		{"dbmate, no down", source.Dbmate, []string{"1.sql=-- migrate:up\nSELECT 1;"}, "SELECT 1;", "", []string{"no -- migrate:down"}},
		{"flyway, placeholders", source.Flyway, []string{"V1__a.sql=CREATE TABLE ${schema}.t (a int DEFAULT ${n});"},
			"CREATE TABLE __schema_.t (a int DEFAULT __n_);", "", []string{"V1__a.sql:1: ${schema} stands for a value"}},
		{"flyway, no placeholders", source.Flyway, []string{"V1__a.sql=SELECT '${a}';", "V1__a.sql.conf=placeholderReplacement = false"}, "SELECT '${a}';", "", nil},
		{"flyway, COPY", source.Flyway, []string{"V1__a.sql=COPY t FROM STDIN;\n1\tit's\n\\.\nSELECT 1;"}, "SELECT 1;", "", []string{"COPY FROM STDIN takes its rows from the file"}},
		{"flyway, a mixture", source.Flyway, []string{"V1__a.sql=SELECT ';'; VACUUM t;"}, "SELECT ';'; VACUUM t;", "", []string{"1 of its 2 statements"}},
		{"atlas, a delimiter", source.Atlas, []string{"1_a.sql=-- atlas:delimiter //\n\nSELECT '//'//\nSELECT 2//"},
			"-- atlas:delimiter // / SELECT '//'; / SELECT 2;", "", nil},
		{"atlas, blank lines", source.Atlas, []string{"1_a.sql=-- atlas:delimiter \\n\\n\\n\n\nSELECT 1 \n\n\nSELECT 2"},
			"-- atlas:delimiter \\n\\n\\n / SELECT 1; / SELECT 2", "", nil},
		{"atlas, blank lines right behind", source.Atlas, []string{"1_a.sql=-- atlas:delimiter \\n\\n\\n\n\nSELECT f(1, ' ')\n\n\nSELECT 2"},
			"-- atlas:delimiter \\n\\n\\n / SELECT f(1, / ' '); / SELECT 2", "", nil},
		{"atlas, an archive", source.Atlas, []string{"1_a.sql=-- atlas:txtar\n\n-- checks/a.sql --\nSELECT 0;\n-- migration.sql --\nSELECT 1;\n-- down.sql --\nSELECT 2;\n"},
			"-- atlas:txtar / SELECT 1;", "SELECT 2;", []string{"its checks/a.sql is checked by Atlas"}},
		{"atlas, an import", source.Atlas, []string{"1_a.sql=-- atlas:import ./shared.sql\n\nSELECT 1;"}, "-- atlas:import ./shared.sql / SELECT 1;", "", []string{"imports ./shared.sql"}},
		{"atlas, changed", source.Atlas, []string{"atlas.sum=h1:x\n1_a.sql h1:y\n", "1_a.sql=SELECT 1;"}, "SELECT 1;", "", []string{"atlas migrate hash"}},
		{"drizzle", source.Drizzle, []string{"meta/_journal.json={\"entries\":[{\"tag\":\"a\"}]}", "a.sql=SELECT 1--> statement-breakpoint\nSELECT 2;"}, "SELECT 1; / SELECT 2;", "", nil},
		{"sqitch, psql", source.Sqitch, []string{sqitchPlanOf, "deploy/a.sql=\\set x 'it''s'\nSELECT :x, :'x', :\"x\", now()::date, ':y', a[1:2];\n\\if :x\nSELECT 2 \\gexec\nSELECT E'\\':z';\n\\endif"},
			`SELECT _x,  'x',  "x", now()::date, ':y', a[1:2]; / SELECT 2 ; / SELECT E'\':z';`, "",
			[]string{`deploy/a.sql:2: :x is a variable of psql`, `:'x' is a variable`, `deploy/a.sql:3: \if is a command of psql`, `\gexec`}},
		{"sqitch, COPY", source.Sqitch, []string{sqitchPlanOf, "deploy/a.sql=BEGIN;\ncopy t from stdin;\n1\t'\\N\n\\.\nCOMMIT;", "revert/a.sql=SELECT 2;"},
			"BEGIN; / COMMIT;", "SELECT 2;", []string{"deploy/a.sql:2: COPY FROM STDIN"}},
		{"tern", source.Tern, []string{"1_a.sql=SELECT 1;\n{{ template \"x.sql\" . }}\nSELECT {{.a}};\n---- create above / drop below ----\nSELECT {{ .b }};"},
			"SELECT 1; / SELECT ___a__;", "SELECT ____b___;", []string{`1_a.sql:2: {{ template "x.sql" . }} is a template`, "{{.a}}"}},
		{"tern, a gap", source.Tern, []string{"3_a.sql=SELECT 1;"}, "SELECT 1;", "", []string{"1 is missing before it"}},
		{"liquibase", source.Liquibase, []string{"a.sql=--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n--rollback SELECT 2;\n--rollback SELECT 3;\n"},
			"SELECT 1;", "SELECT 2; / SELECT 3;", nil},
		{"liquibase, GO and a block", source.Liquibase, []string{"a.sql=--liquibase formatted sql\n--changeset a:1\nSELECT 1\nGO\nSELECT 2;\n/* liquibase rollback\nSELECT 3;\n*/\nSELECT 4;\n"},
			"SELECT 1 / ; / SELECT 2; / SELECT 4;", "SELECT 3;", nil},
		{"liquibase, ignored lines", source.Liquibase, []string{"a.sql=--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n--ignoreLines:1\n\\set x\n--ignoreLines:start\nGO\n--ignoreLines:end\nSELECT 2;\n"},
			"SELECT 1; / SELECT 2;", "", nil},
		{"liquibase, what Liquibase alone does", source.Liquibase, []string{"a.sql=--liquibase formatted sql\n--changeset a:1 runOnChange:true failOnError:false runWith:psql\n--preconditions onFail:MARK_RAN\nSELECT 1;\n--rollback changesetId:0 changesetAuthor:a"},
			"SELECT 1;", "", []string{"runOnChange", "failOnError:false", "runWith:psql", "a.sql:3: it has preconditions"}},
		{"liquibase, in XML", source.Liquibase, []string{"changelog.xml=<databaseChangeLog>\n<changeSet id=\"1\" author=\"a\"/></databaseChangeLog>"},
			"", "", []string{"changelog.xml:2: it has changesets that are not SQL"}},
		{"rails, in Ruby", source.Rails, []string{"1_a.rb=class A\nend"}, "", "", []string{"1_a.rb:1: it is written in Ruby"}},
		{"django, in Python", source.Django, []string{"0001_a.py=class A"}, "", "", []string{"written in Python"}},
		{"diesel", source.Diesel, []string{"1_a/up.sql=SELECT 1;", "1_a/down.sql=SELECT 2;"}, "SELECT 1;", "SELECT 2;", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			set, err := source.Read(directory(test.files...), test.layout)
			if err != nil {
				t.Fatal(err)
			}
			if len(set.Migrations) != 1 {
				t.Fatalf("%d migrations", len(set.Migrations))
			}
			m := set.Migrations[0]
			if got := visible(m.Up.Text); got != test.up {
				t.Errorf("up is\n%s, want\n%s", got, test.up)
			}
			if got := visible(m.Down.Text); got != test.down {
				t.Errorf("down is\n%s, want\n%s", got, test.down)
			}
			for _, says := range test.says {
				if !strings.Contains(refused(m.Up), says) {
					t.Errorf("refusals are\n%s, want %q", refused(m.Up), says)
				}
			}
			if test.says == nil && refused(m.Up) != "" {
				t.Errorf("refused: %s", refused(m.Up))
			}
		})
	}
}

const sqitchPlanOf = "sqitch.plan=%project=p\n\na 2024-02-05T08:00:00Z A <a@example.com>\n"

func TestChangesetsAreMigrationsOfTheirOwn(t *testing.T) {
	const head = "--liquibase formatted sql\n"
	read := func(text string) []source.Migration {
		set, err := source.Read(directory("a.sql="+head+text), source.Liquibase)
		if err != nil {
			t.Fatal(err)
		}
		return set.Migrations
	}
	one := read("--changeset a:1\nSELECT 1;\n")
	two := read("--changeset a:1\nSELECT 1;\n\n--changeset \"b c\":\"2 3\" context:x\nSELECT 2;\n")
	if len(two) != 2 || two[1].Version != "b c:2 3" || visible(two[0].Up.Text) != "SELECT 1;" || visible(two[1].Up.Text) != "SELECT 2;" {
		t.Fatalf("got %+v", two)
	}
	if one[0].Checksum != two[0].Checksum || two[0].Checksum == two[1].Checksum {
		t.Error("a changeset's checksum is not its own")
	}
}

func TestPartsForSomeDatabases(t *testing.T) {
	for _, test := range []struct {
		databases []string
		kinds     string
	}{
		{nil, "postgres mysql mariadb"},
		{[]string{"postgresql"}, "postgres"},
		{[]string{"mysql", "mariadb"}, "mysql mariadb"},
		{[]string{"!postgresql"}, "mysql mariadb"},
		{[]string{"none"}, ""},
	} {
		var got []string
		for _, kind := range []string{"postgres", "mysql", "mariadb"} {
			if (source.Part{Databases: test.databases}).For(kind) {
				got = append(got, kind)
			}
		}
		if strings.Join(got, " ") != test.kinds {
			t.Errorf("%v is for %v", test.databases, got)
		}
	}
}

func TestListsThatAreWrong(t *testing.T) {
	for _, test := range []struct {
		layout source.Layout
		files  []string
		says   string
	}{
		{source.Drizzle, []string{"meta/_journal.json={"}, "_journal.json: unexpected end"},
		{source.Drizzle, []string{"meta/_journal.json={\"entries\":[{\"tag\":\"0000_a\"}]}"}, "lists 0000_a.sql, which is not there"},
		{source.Sqitch, []string{"sqitch.plan=%project=p\n\na b c\n"}, "sqitch.plan:3: the line is neither"},
		{source.Sqitch, []string{sqitchPlanOf + "-a 2024-02-05T08:00:00Z A <a@example.com>\n"}, "sqitch.plan:4: the plan reverts a"},
		{source.Sqitch, []string{sqitchPlanOf}, "sqitch.plan:3: change a has no deploy/a.sql"},
	} {
		_, err := source.Read(directory(test.files...), test.layout)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%v: got %v, want %q", test.files, err, test.says)
		}
	}
}
