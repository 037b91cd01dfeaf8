package lint_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/migrate/source"
)

// TestLayoutsParse reads every directory of package source's testdata by the dialect that it is written
// for: both parts of every migration are without a syntax error, and say something.
func TestLayoutsParse(t *testing.T) {
	const testdata = "../migrate/source/testdata"
	dirs, err := filepath.Glob(filepath.Join(testdata, "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no directories: %v", err)
	}
	for _, dir := range dirs {
		name := filepath.Base(dir)
		var dialect dialects.Dialect = postgres.Dialect{}
		if strings.HasSuffix(name, "_mysql") {
			dialect = mysql.Dialect{}
		}
		t.Run(name, func(t *testing.T) {
			set, err := source.Read(os.DirFS(dir), source.Auto)
			if err != nil {
				t.Fatal(err)
			}
			statements := 0
			for _, m := range set.Migrations {
				for _, p := range []source.Part{m.Up, m.Down} {
					if !p.For(string(dialect.Kind())) {
						continue
					}
					for _, s := range dialect.Parse(p.Text) {
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
}
