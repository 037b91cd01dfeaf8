package lint_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/migrate/source"
)

var update = flag.Bool("update", false, "write the findings of the projects anew")

// projects are those of testdata/projects, one for each layout, as teams write them.
var projects = []struct {
	layout source.Layout
	server string
	unread []string // files that are in another language on purpose
}{
	{source.Atlas, "mysql:8.4", nil},
	{source.Dbmate, "postgres:15", nil},
	{source.Diesel, "postgres:16", nil},
	{source.Django, "postgres:15", []string{"0008_fill_teacher.py"}},
	{source.Drizzle, "postgres:16", nil},
	{source.Flyway, "postgres:17", []string{"V1.2__seed_articles.sql", "V1.10__grants.sql"}},
	{source.GolangMigrate, "mysql:8.4", nil},
	{source.Goose, "postgres:16", []string{"00007_rehash_vat_ids.go"}},
	{source.Liquibase, "mariadb:10.11", nil},
	{source.Plain, "mysql:8.4", nil},
	{source.Prisma, "mysql:8.4", nil},
	{source.Rails, "postgres:16", []string{"migrate/20240603100000_backfill_sold_at.rb"}},
	{source.Segue, "postgres:16", nil},
	{source.Sqitch, "postgres:14", nil},
	{source.Tern, "postgres:16", []string{"001_create_vehicles.sql", "002_create_positions.sql"}},
}

// TestProjects lints a whole project of each layout. The layout is recognised, and every statement read, those
// that undo a migration too. What is found stands beside the project in a file that is there to be read:
// go test ./lint -run Projects -update writes them.
func TestProjects(t *testing.T) {
	for _, p := range projects {
		t.Run(string(p.layout), func(t *testing.T) {
			set, err := source.Read(os.DirFS(filepath.Join("testdata/projects", string(p.layout))), source.Auto)
			if err != nil {
				t.Fatal(err)
			}
			if set.Layout != p.layout {
				t.Errorf("the layout is recognised as %s", set.Layout)
			}
			server, err := dialects.ParseVersion(p.server)
			if err != nil {
				t.Fatal(err)
			}
			config := lint.Config{
				Dialect: dialectOf(server), Server: server, Rules: rules.Suite(), Planner: rules.Plan, Runner: lint.OthersRun,
			}
			if p.layout == source.Segue {
				config.Runner = lint.SegueRuns
			}
			result := lintProject(t, config, set)
			config.Down = lint.DownToo
			for _, f := range lintProject(t, config, set).Findings {
				if f.Rule == "not-read" && slices.Contains(p.unread, f.File) {
					continue
				}
				if slices.Contains([]string{"syntax-error", "opaque-statement", "directive", "not-read"}, f.Rule) {
					t.Errorf("%s:%d: %s: %s", f.File, f.Line, f.Rule, f.Message)
				}
			}
			var found bytes.Buffer
			fmt.Fprintf(&found, "# segue lint --server %s\n\n", p.server)
			if err := report.Text(&found, result, report.Plain); err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata/projects", string(p.layout)+".txt"), found.Bytes())
		})
	}
}

func lintProject(t *testing.T, c lint.Config, set *source.Set) *lint.Result {
	t.Helper()
	result, err := lint.Run(t.Context(), c, set.Migrations)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func dialectOf(v dialects.Version) dialects.Dialect {
	if v.Kind == dialects.Postgres {
		return postgres.Dialect{}
	}
	return mysql.Dialect{Server: v}
}

// golden holds what was found against a file, or writes it.
func golden(t *testing.T, file string, found []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, found, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(found, want) {
		t.Errorf("%s differs; go test ./lint -run Projects -update writes it anew. Found:\n%s", file, found)
	}
}
