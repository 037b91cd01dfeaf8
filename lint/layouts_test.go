package lint_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/migrate/source"
)

// eachLayout runs a test on every directory of package source's testdata, with the dialect that it is
// written for.
func eachLayout(t *testing.T, test func(t *testing.T, d dialects.Dialect, v dialects.Version, set *source.Set)) {
	dirs, err := filepath.Glob("../migrate/source/testdata/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no directories: %v", err)
	}
	for _, dir := range dirs {
		name := filepath.Base(dir)
		if name == "fuzz" {
			continue
		}
		var d dialects.Dialect = postgres.Dialect{}
		v := dialects.Version{Kind: dialects.Postgres, Major: 16}
		if strings.HasSuffix(name, "_mysql") {
			v = dialects.Version{Kind: dialects.MySQL, Major: 8, Minor: 4}
			d = mysql.Dialect{Server: v}
		}
		t.Run(name, func(t *testing.T) {
			set, err := source.Read(os.DirFS(dir), source.Auto)
			if err != nil {
				t.Fatal(err)
			}
			test(t, d, v, set)
		})
	}
}

// TestLayoutsParse holds that both parts of every migration are read without a syntax error, and say
// something.
func TestLayoutsParse(t *testing.T) {
	eachLayout(t, func(t *testing.T, d dialects.Dialect, _ dialects.Version, set *source.Set) {
		statements := 0
		for _, m := range set.Migrations {
			for _, p := range []source.Part{m.Up, m.Down} {
				if !p.For(string(d.Kind())) {
					continue
				}
				for _, s := range d.Parse(p.Text) {
					statements++
					if s.Syntax != nil {
						t.Errorf("%s:%v\n%s", p.Path, s.Syntax, s.Text)
					}
				}
			}
		}
		if statements < len(set.Migrations) {
			t.Errorf("%d migrations are %d statements", len(set.Migrations), statements)
		}
	})
}

// TestLayoutsLint holds that what lint finds in other runners' directories is no fault of its reading, and
// stands where the author's file has it.
func TestLayoutsLint(t *testing.T) {
	eachLayout(t, func(t *testing.T, d dialects.Dialect, v dialects.Version, set *source.Set) {
		for _, down := range []lint.Down{lint.DownNot, lint.DownToo} {
			result, err := lint.Run(t.Context(), lint.Config{
				Dialect: d, Server: v, Rules: rules.Suite(), Planner: rules.Plan, Runner: lint.OthersRun, Down: down,
			}, set.Migrations)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range result.Findings {
				sql := result.Sources[f.File]
				if slices.Contains([]string{"syntax-error", "directive", "transaction", "cannot-run-in-transaction"}, f.Rule) {
					t.Errorf("%s:%d: %s: %s", f.File, f.Line, f.Rule, f.Message)
				}
				if f.End > len(sql) || f.Line != 1+strings.Count(sql[:f.Start], "\n") || !strings.HasPrefix(sql[f.Start:], firstWord(f.Statement)) && f.Statement != "" {
					t.Errorf("%s:%d: %s stands at %d: %q", f.File, f.Line, f.Rule, f.Start, f.Statement)
				}
			}
		}
	})
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}
