package source_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/segue-db/segue/migrate/source"
)

// fuzz reads a text as the file of a directory of one layout, with what else belongs there. Reading must
// not panic, and what it returns must be in place.
func fuzz(f *testing.F, layout source.Layout, dirs []string, file string, others ...string) {
	for _, dir := range dirs {
		err := fs.WalkDir(testdata(dir), ".", func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := fs.ReadFile(testdata(dir), path)
			f.Add(string(text))
			return err
		})
		if err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		files := directory(others...)
		files[file] = &fstest.MapFile{Data: []byte(text)}
		set, err := source.Read(files, layout)
		if err != nil {
			return
		}
		for _, m := range set.Migrations {
			if m.Version == "" || m.Path == "" {
				t.Errorf("migration %+v has no version or no path", m)
			}
			for _, p := range []source.Part{m.Up, m.Down} {
				if p.Path != "" {
					inPlace(t, p, strings.TrimPrefix(string(files[p.Path].Data), "\uFEFF"))
				}
			}
		}
		source.Read(files, source.Auto)
	})
}

func FuzzGoose(f *testing.F) {
	fuzz(f, source.Goose, []string{"goose", "goose_mysql"}, "1_a.sql")
}

func FuzzGolangMigrate(f *testing.F) {
	fuzz(f, source.GolangMigrate, []string{"golang-migrate"}, "1_a.up.sql", "1_a.down.sql=SELECT 1")
}

func FuzzDbmate(f *testing.F) { fuzz(f, source.Dbmate, []string{"dbmate"}, "1_a.sql") }

func FuzzFlyway(f *testing.F) {
	fuzz(f, source.Flyway, []string{"flyway", "flyway_mysql"}, "V1__a.sql", "U1__a.sql=SELECT 1", "V1__a.sql.conf=placeholderReplacement=true")
}

func FuzzFlywayConf(f *testing.F) {
	fuzz(f, source.Flyway, []string{"flyway"}, "V1__a.sql.conf", "V1__a.sql=SELECT '${a}'")
}

func FuzzAtlas(f *testing.F) {
	fuzz(f, source.Atlas, []string{"atlas"}, "1_a.sql", "atlas.sum=h1:x\n1_a.sql h1:y\n")
}

func FuzzAtlasSum(f *testing.F) {
	fuzz(f, source.Atlas, []string{"atlas"}, "atlas.sum", "1_a.sql=SELECT 1", "2_b.sql=-- atlas:sum ignore\n\nSELECT 1")
}

func FuzzPrisma(f *testing.F) { fuzz(f, source.Prisma, []string{"prisma"}, "1_a/migration.sql") }

func FuzzDrizzle(f *testing.F) {
	fuzz(f, source.Drizzle, []string{"drizzle", "drizzle_mysql"}, "0_a.sql", `meta/_journal.json={"entries":[{"tag":"0_a"}]}`)
}

func FuzzDrizzleJournal(f *testing.F) {
	fuzz(f, source.Drizzle, []string{"drizzle"}, "meta/_journal.json", "0000_quiet_falcon.sql=SELECT 1")
}

func FuzzSqitch(f *testing.F) {
	fuzz(f, source.Sqitch, []string{"sqitch"}, "deploy/a.sql", "sqitch.plan=%project=p\n\na 2024-02-05T08:00:00Z A <a@example.com>\n")
}

func FuzzSqitchPlan(f *testing.F) {
	fuzz(f, source.Sqitch, []string{"sqitch"}, "sqitch.plan", "deploy/appschema.sql=SELECT 1", "deploy/boats.sql=SELECT 2")
}

func FuzzSqitchConf(f *testing.F) {
	fuzz(f, source.Sqitch, []string{"sqitch"}, "sqitch.conf", "sqitch.plan=%project=p\n")
}

func FuzzTern(f *testing.F) { fuzz(f, source.Tern, []string{"tern"}, "1_a.sql") }

func FuzzLiquibase(f *testing.F) {
	fuzz(f, source.Liquibase, []string{"liquibase", "liquibase_mysql"}, "a.sql")
}

func FuzzLiquibaseChangelog(f *testing.F) {
	fuzz(f, source.Liquibase, []string{"liquibase"}, "changelog.yaml", "a/b.sql=--liquibase formatted sql\n--changeset a:1\nSELECT 1;")
}

func FuzzRails(f *testing.F) {
	fuzz(f, source.Rails, []string{"rails"}, "structure.sql", "migrate/1_a.sql=SELECT 1", "migrate/2_b.rb=class B")
}

func FuzzDjango(f *testing.F) { fuzz(f, source.Django, []string{"django"}, "0001_a.sql") }

func FuzzDiesel(f *testing.F) {
	fuzz(f, source.Diesel, []string{"diesel"}, "2024-01-01-000000_a/up.sql", "2024-01-01-000000_a/metadata.toml=run_in_transaction = false")
}

func FuzzPlain(f *testing.F) {
	fuzz(f, source.Plain, []string{"plain", "sqitch", "rails"}, "a.sql")
}
