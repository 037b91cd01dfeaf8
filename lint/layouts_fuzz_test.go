package lint_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/migrate/source"
)

// FuzzLayouts takes any text through all of lint as a file of another runner's, on each kind of server.
func FuzzLayouts(f *testing.F) {
	layouts := []struct {
		layout source.Layout
		file   string
		beside fstest.MapFS
	}{
		{source.Goose, "1_a.sql", nil},
		{source.GolangMigrate, "1_a.up.sql", fstest.MapFS{"1_a.down.sql": {Data: []byte("DROP TABLE a")}}},
		{source.Dbmate, "1_a.sql", nil},
		{source.Flyway, "V1__a.sql", fstest.MapFS{"V1__a.sql.conf": {Data: []byte("placeholders.a=b")}}},
		{source.Atlas, "1_a.sql", nil},
		{source.Prisma, "1_a/migration.sql", nil},
		{source.Drizzle, "0_a.sql", fstest.MapFS{"meta/_journal.json": {Data: []byte(`{"entries":[{"tag":"0_a"}]}`)}}},
		{source.Sqitch, "deploy/a.sql", fstest.MapFS{"sqitch.plan": {Data: []byte("a 2024-02-05T08:00:00Z A <a@example.com>\n")}}},
		{source.Tern, "1_a.sql", nil},
		{source.Liquibase, "a.sql", nil},
		{source.Rails, "structure.sql", nil},
		{source.Django, "0001_a.sql", nil},
		{source.Diesel, "2024-01-01-000000_a/up.sql", fstest.MapFS{"2024-01-01-000000_a/down.sql": {Data: []byte("DROP TABLE a")}}},
		{source.Plain, "a.sql", nil},
		{source.Segue, "0001_a.sql", nil},
	}
	const testdata = "../migrate/source/testdata"
	files, err := filepath.Glob(testdata + "/*/*.sql")
	nested, _ := filepath.Glob(testdata + "/*/*/*.sql")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, nested...) {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		dir, _, _ := strings.Cut(strings.TrimPrefix(filepath.ToSlash(file), testdata+"/"), "/")
		server := 0
		if strings.HasSuffix(dir, "_mysql") {
			dir, server = strings.TrimSuffix(dir, "_mysql"), 1
		}
		for i, l := range layouts {
			if string(l.layout) == dir {
				f.Add(uint8(server*len(layouts)+i), string(text))
			}
		}
	}
	configs := []lint.Config{config(), onServer(f, "mysql:9.7"), onServer(f, "mariadb:10.11")}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		l, c := layouts[int(which)%len(layouts)], configs[int(which)/len(layouts)%len(configs)]
		c.Runner, c.Down = lint.OthersRun, lint.DownToo
		files := fstest.MapFS{l.file: {Data: []byte(text)}}
		for name, beside := range l.beside {
			files[name] = beside
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
			sql := result.Sources[finding.File]
			if finding.Start < 0 || finding.End < finding.Start || finding.End > len(sql) {
				t.Errorf("%s: bytes %d to %d of %d", finding.Rule, finding.Start, finding.End, len(sql))
			}
		}
	})
}
