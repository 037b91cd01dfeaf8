package integration_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/migrate/source"
)

// fixScene is a database in use.
const fixScene = `CREATE TABLE teams (id int PRIMARY KEY, name text);
CREATE TABLE users (id int NOT NULL, email text, "Nick" text, team int, born date);
CREATE UNIQUE INDEX users_id ON users (id);
CREATE UNIQUE INDEX users_mail ON users (email);
CREATE INDEX users_team ON users (team);
CREATE INDEX users_nick ON users ("Nick");
CREATE TABLE posts (id int, at date, CHECK (id > 0)) PARTITION BY RANGE (at);
CREATE TABLE posts_2024 PARTITION OF posts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE pairs (a int, b int) PARTITION BY LIST (a);
CREATE TABLE pairs_1 PARTITION OF pairs FOR VALUES IN (1, NULL);
CREATE TABLE hashed (a int, b int) PARTITION BY HASH (a, b);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE ranges (a int, b int) PARTITION BY RANGE (a, b);
CREATE TABLE ranges_1 PARTITION OF ranges FOR VALUES FROM (1, 1) TO (9, 9);
CREATE MATERIALIZED VIEW totals AS SELECT team, count(*) FROM users GROUP BY team;
CREATE UNIQUE INDEX totals_team ON totals (team);
INSERT INTO teams VALUES (1, 'a');
INSERT INTO users VALUES (1, 'a@x', 'a', 1, '2001-02-03'), (2, 'b@x', NULL, NULL, '2001-02-04');
`

// fixable are changes of that database, by the rule of which a finding is fixed.
var fixable = []struct{ name, rule, sql string }{
	{"index", "index-not-concurrent", `CREATE INDEX ON users (lower("Nick"), born DESC) WHERE team > 0;`},
	{"index if not exists", "index-not-concurrent", `CREATE UNIQUE INDEX IF NOT EXISTS u ON users (born) INCLUDE (team);`},
	{"drop index", "drop-index-not-concurrent", `DROP INDEX users_team;`},
	{"drop indexes", "drop-index-not-concurrent", `DROP INDEX IF EXISTS users_team, public.users_nick;`},
	{"reindex", "index-not-concurrent", `REINDEX INDEX users_mail;`},
	{"reindex table", "index-not-concurrent", `REINDEX TABLE users;`},
	{"refresh", "table-rewrite", `REFRESH MATERIALIZED VIEW totals;`},
	{"detach", "detach-partition-not-concurrent", `ALTER TABLE posts DETACH PARTITION posts_2024;`},
	{"detach by list", "detach-partition-not-concurrent", `ALTER TABLE pairs DETACH PARTITION public.pairs_1;`},
	{"detach by hash", "detach-partition-not-concurrent", `ALTER TABLE hashed DETACH PARTITION hashed_0;`},
	{"detach by several", "detach-partition-not-concurrent", `ALTER TABLE ranges DETACH PARTITION ranges_1;`},
	{"foreign key", "foreign-key-not-valid", `ALTER TABLE users ADD FOREIGN KEY (team) REFERENCES teams ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;`},
	{"check", "check-not-valid", `ALTER TABLE users ADD CONSTRAINT "Born" CHECK (born > '2000-01-01' AND team IS DISTINCT FROM 9) NO INHERIT;`},
	{"check without a name", "check-not-valid", `ALTER TABLE users ADD CHECK (length("Nick") < 9);`},
	{"unique", "index-not-concurrent", `ALTER TABLE users ADD UNIQUE (email, "Nick") INCLUDE (born) WITH (fillfactor = 70) DEFERRABLE;`},
	{"primary key", "index-not-concurrent", `ALTER TABLE users ADD PRIMARY KEY (id);`},
	{"primary key that may be null", "index-not-concurrent", `ALTER TABLE users ADD CONSTRAINT the_key PRIMARY KEY (email, born);`},
	{"primary key using an index", "set-not-null", `ALTER TABLE users ADD CONSTRAINT the_key PRIMARY KEY USING INDEX users_mail;`},
	{"not null", "set-not-null", `ALTER TABLE users ALTER COLUMN email SET NOT NULL;`},
	{"several not null", "set-not-null", `ALTER TABLE users ALTER email SET NOT NULL, ALTER born SET NOT NULL, ALTER team SET DEFAULT 1;`},
	{"column with a foreign key", "foreign-key-not-valid", `ALTER TABLE users ADD COLUMN boss int DEFAULT 1 REFERENCES teams (id) ON UPDATE CASCADE NOT NULL;`},
	{"column with a check", "check-not-valid", `ALTER TABLE users ADD COLUMN age int CONSTRAINT grown CHECK (age > 17) DEFAULT 18, ADD note text;`},
	{"unique column", "index-not-concurrent", `ALTER TABLE users ADD COLUMN handle text UNIQUE DEFERRABLE INITIALLY DEFERRED, ADD note text;`},
	{"key of a new column", "index-not-concurrent", `ALTER TABLE users ADD COLUMN code int, ADD CONSTRAINT coded UNIQUE (code, id), ALTER team SET DEFAULT 3;`},
	{"all at once", "check-not-valid", `ALTER TABLE users ADD COLUMN boss int REFERENCES teams, ADD CHECK (id > 0), ALTER email SET NOT NULL, ADD UNIQUE (born);`},
}

// TestFixesEndInTheSameSchema runs each change as it is and as its fix leaves it, on the oldest release and the newest
// too, and asks the catalog; pg_dump as well where it is here.
func TestFixesEndInTheSameSchema(t *testing.T) {
	long(t)
	for _, major := range []int{14, 15, 18} {
		t.Run(fmt.Sprint("postgres ", major), func(t *testing.T) {
			t.Parallel()
			server := scratch.Postgres(t, scratch.Version(major))
			_, dumps := server.Bin("pg_dump")
			for _, f := range fixable {
				t.Run(f.name, func(t *testing.T) {
					before := files{"0001_scene.sql": fixScene, "0002_change.sql": f.sql}
					after := fixedFiles(t, postgres.Dialect{}, dialects.Version{Kind: dialects.Postgres, Major: major}, before, f.rule)
					sameEnd(t, func(f files) string {
						url := server.Database(t)
						c := connect(t, url)
						for _, name := range slices.Sorted(maps.Keys(f)) {
							script, _ := dialects.ReadScript(postgres.Dialect{}, f[name])
							runScript(t, c, postgres.Dialect{}, source.Part{Path: name}, script.Up)
						}
						end := inCatalog(t, url)
						if dumps {
							end += "\n" + dump(t, server, url)
						}
						return end
					}, before, after)
				})
			}
		})
	}
}

func sameEnd(t *testing.T, end func(files) string, before, after files) {
	t.Helper()
	if want, got := end(before), end(after); got != want {
		t.Errorf("fixed, the schema ends as\n%s\nand not as\n%s\nThe files are\n%s", got, want, listed(after))
	}
}

func listed(f files) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(f)) {
		fmt.Fprintf(&b, "-- %s --\n%s\n", name, f[name])
	}
	return b.String()
}

// fixedFiles are a directory's files as its fixes leave them, which no finding of the rule is left in. A rule of no name
// asks for a fix of any.
func fixedFiles(t *testing.T, d dialects.Dialect, v dialects.Version, before files, rule string) files {
	t.Helper()
	set, err := source.Read(before.fs(), source.Auto)
	if err != nil {
		t.Fatal(err)
	}
	config := lint.Config{Dialect: d, Server: v, Rules: rules.Suite(), Planner: rules.Plan, Runner: lint.OthersRun}
	result, err := lint.Run(t.Context(), config, set.Migrations)
	if err != nil {
		t.Fatal(err)
	}
	fixed, err := lint.Apply(t.Context(), config, before.fs(), set, result, time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fixed.Result.Findings {
		if f.Rule == rule || f.Unfixed != "" {
			t.Errorf("%s is left, at %s:%d: %s", f.Rule, f.File, f.Line, f.Unfixed)
		}
	}
	if !slices.ContainsFunc(fixed.Findings, func(f lint.Finding) bool { return f.Rule == rule || rule == "" }) {
		t.Fatalf("no finding of %s is fixed", rule)
	}
	after := maps.Clone(before)
	for _, c := range fixed.Changes {
		after[c.Path] = c.After
	}
	return after
}

// fixLayouts write a scene and a change as each runner has them.
var fixLayouts = map[source.Layout]func(scene, change string) files{
	source.Goose: func(scene, change string) files {
		return files{"1_scene.sql": "-- +goose Up\n" + scene, "2_change.sql": "-- +goose Up\n" + change + "-- +goose Down\nSELECT 1;\n"}
	},
	source.GolangMigrate: func(scene, change string) files {
		return files{"1_scene.up.sql": scene, "2_change.up.sql": change}
	},
	source.Dbmate: func(scene, change string) files {
		return files{"1_scene.sql": "-- migrate:up\n" + scene + "-- migrate:down\n", "2_change.sql": "-- migrate:up\n" + change + "-- migrate:down\n"}
	},
	source.Flyway: func(scene, change string) files {
		return files{"V1__scene.sql": scene, "V2__change.sql": change}
	},
	source.Atlas: func(scene, change string) files {
		return files{"1_scene.sql": "-- atlas:nolint\n\n" + scene, "2_change.sql": change}
	},
	source.Prisma: func(scene, change string) files {
		return files{"migration_lock.toml": "", "20240101000000_scene/migration.sql": scene, "20240102000000_change/migration.sql": change}
	},
	source.Tern: func(scene, change string) files {
		return files{"tern.conf": "", "1_scene.sql": scene, "2_change.sql": change + "---- create above / drop below ----\nSELECT 1;\n"}
	},
	source.Liquibase: func(scene, change string) files {
		return files{"a.sql": "--liquibase formatted sql\n--changeset a:scene\n" + scene + "--changeset a:change\n" + change + "--rollback SELECT 1;\n\n--changeset a:more\nSELECT 2;\n"}
	},
	source.Sqitch: func(scene, change string) files {
		return files{"sqitch.plan": strings.NewReplacer("\ntrace", "\nscene", "\nrun", "\nchange").Replace(sqitchPlan),
			"deploy/scene.sql": "BEGIN;\n" + scene + "COMMIT;", "deploy/change.sql": "-- Deploy change\n\nBEGIN;\n" + change + "COMMIT;\n"}
	},
	source.Django: func(scene, change string) files {
		const box = "BEGIN;\n--\n-- Raw SQL operation\n--\n"
		return files{"0001_scene.sql": box + scene + "COMMIT;", "0002_change.sql": box + change + "COMMIT;"}
	},
	source.Diesel: func(scene, change string) files {
		return files{"2024-01-01-000000_scene/up.sql": scene, "2024-01-02-000000_change/up.sql": change}
	},
}

// TestFixesRunInEveryLayout has segue run fixed directories by the rules of the runners that they are of: what must not
// share a transaction does not, and the schema ends the same.
func TestFixesRunInEveryLayout(t *testing.T) {
	long(t)
	server := scratch.Postgres(t)
	for layout, write := range fixLayouts {
		for name, change := range map[string]string{
			"alone":    "-- Look-ups.\nCREATE INDEX users_born ON users (born);\n",
			"two":      "CREATE INDEX users_born ON users (born);\nCREATE INDEX users_both ON users (born, team);\n",
			"beside":   "CREATE TABLE more (id int);\n-- Look-ups.\nCREATE INDEX users_born ON users (born);\nCREATE TABLE most (id int);\n",
			"key":      "ALTER TABLE users ADD COLUMN note text;\nALTER TABLE users ADD UNIQUE (email, born);\n",
			"validate": "ALTER TABLE users ADD FOREIGN KEY (team) REFERENCES teams (id);\nALTER TABLE users ADD CHECK (born > '2000-01-01');\n",
			"not null": "ALTER TABLE users ALTER COLUMN email SET NOT NULL;\nDROP INDEX users_nick;\n",
			"all": "ALTER TABLE users ADD COLUMN boss int REFERENCES teams, ADD CHECK (id > 0), ALTER email SET NOT NULL, ADD UNIQUE (born), " +
				"ADD PRIMARY KEY (id);\n",
		} {
			t.Run(fmt.Sprint(layout, " ", name), func(t *testing.T) {
				t.Parallel()
				before := write(fixScene, change)
				after := fixedFiles(t, postgres.Dialect{}, dialects.Version{Kind: dialects.Postgres, Major: 15}, before, "")
				sameEnd(t, func(f files) string {
					url := server.Database(t)
					if _, err := runner(t, url, f, migrate.Options{Logger: silent}).Up(t.Context()); err != nil {
						t.Fatalf("%v\n%s", err, listed(f))
					}
					return dump(t, server, url)
				}, before, after)
			})
		}
	}
}

// fixableFamily are changes of a table of MySQL's and MariaDB's, by the rule of which a finding is fixed.
var fixableFamily = []struct{ name, rule, sql string }{
	{"instant", "bare-alter", "ALTER TABLE users ADD COLUMN note varchar(9) DEFAULT 'x' COMMENT 'a, b';"},
	{"in place", "index-not-online", "ALTER TABLE users ADD INDEX by_born (born), ADD UNIQUE KEY (email);"},
	{"create index", "index-not-online", "CREATE INDEX by_born ON users (born) COMMENT 'x';"},
	{"drop index", "bare-alter", "ALTER TABLE users DROP INDEX by_team;"},
	{"in company", "mixed-alter", "ALTER TABLE users ADD COLUMN a int, ADD INDEX by_born (born), ADD COLUMN b int NOT NULL DEFAULT 3;"},
	{"unique column", "add-column-rewrite", "ALTER TABLE users ADD COLUMN code int UNIQUE COMMENT 'unique';"},
}

const fixSceneFamily = "CREATE TABLE users (id int PRIMARY KEY, email varchar(40), team int, born date, KEY by_team (team));\n" +
	"INSERT INTO users VALUES (1, 'a@x', 1, '2001-02-03');\n"

// TestFixesEndInTheSameSchemaOnTheFamily runs fixed directories on MySQL and MariaDB, as numbered files and as goose's.
func TestFixesEndInTheSameSchemaOnTheFamily(t *testing.T) {
	onFamily(t, func(t *testing.T, on rig) {
		long(t)
		server := on.shared(t)
		v := dialects.Version{Kind: on.kind, Major: server.Major(), Minor: server.Minor()}
		for _, f := range fixableFamily {
			for layout, before := range map[string]files{
				"numbered": {"0001_scene.sql": fixSceneFamily, "0002_change.sql": f.sql + "\n"},
				"goose":    fixLayouts[source.Goose](fixSceneFamily, f.sql+"\n"),
			} {
				t.Run(f.name+" "+layout, func(t *testing.T) {
					after := fixedFiles(t, mysql.Dialect{Server: v}, v, before, f.rule)
					sameEnd(t, func(f files) string {
						url := server.Database(t)
						if _, err := runner(t, url, f, migrate.Options{Logger: silent}).Up(t.Context()); err != nil {
							t.Fatalf("%v\n%s", err, listed(f))
						}
						return on.dump(t, server, url)
					}, before, after)
				})
			}
		}
	})
}
