package lint_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/migrate/source"
)

// FuzzLayouts takes any text through all of lint as a file of another runner's.
func FuzzLayouts(f *testing.F) {
	layouts := []struct {
		layout source.Layout
		file   string
		beside fstest.MapFS
	}{
		{source.Goose, "1_a.sql", nil},
		{source.Dbmate, "1_a.sql", nil},
		{source.Flyway, "V1__a.sql", nil},
		{source.Atlas, "1_a.sql", nil},
		{source.Drizzle, "0_a.sql", fstest.MapFS{"meta/_journal.json": {Data: []byte(`{"entries":[{"tag":"0_a"}]}`)}}},
		{source.Sqitch, "deploy/a.sql", fstest.MapFS{"sqitch.plan": {Data: []byte("a 2024-02-05T08:00:00Z A <a@example.com>\n")}}},
		{source.Tern, "1_a.sql", nil},
		{source.Liquibase, "a.sql", nil},
		{source.Rails, "structure.sql", nil},
		{source.Django, "0001_a.sql", nil},
	}
	files, err := filepath.Glob("../migrate/source/testdata/*/*.sql")
	if err != nil {
		f.Fatal(err)
	}
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), string(text))
	}
	c := config()
	c.Rules, c.Planner, c.Runner, c.Down = rules.Suite(), rules.Plan, lint.OthersRun, lint.DownToo
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		l := layouts[int(which)%len(layouts)]
		files := fstest.MapFS{l.file: {Data: []byte(text)}}
		for name, beside := range l.beside {
			files[name] = beside
		}
		set, err := source.Read(files, l.layout)
		if err != nil {
			return
		}
		result, err := lint.Run(c, set.Migrations)
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
