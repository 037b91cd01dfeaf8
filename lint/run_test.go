package lint_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/migrate/source"
)

// directory makes migrations of texts, versions counting from 1.
func directory(texts ...string) []source.Migration {
	var migrations []source.Migration
	for i, text := range texts {
		version := fmt.Sprintf("%04d", i+1)
		migrations = append(migrations, source.Migration{
			Version: version, Path: version + "_x.sql", SQL: text, Up: source.Part{Path: version + "_x.sql", SQL: text, Text: text},
		})
	}
	return migrations
}

func config() lint.Config {
	return lint.Config{
		Dialect: postgres.Dialect{}, Server: dialects.Version{Kind: dialects.Postgres, Major: 16},
		Rules: rules.Suite(), Planner: rules.Plan, Dir: "migrations",
	}
}

func run(t *testing.T, c lint.Config, texts ...string) *lint.Result {
	t.Helper()
	result, err := lint.Run(t.Context(), c, directory(texts...))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// found lists findings as "FILE:LINE:COLUMN SEVERITY RULE".
func found(r *lint.Result) string {
	var list []string
	for _, f := range r.Findings {
		list = append(list, place(f)+" "+string(f.Severity)+" "+f.Rule)
	}
	return strings.Join(list, "\n")
}

func place(f lint.Finding) string {
	return fmt.Sprintf("%s:%d:%d-%d:%d", f.File, f.Line, f.Column, f.EndLine, f.EndColumn)
}

const (
	makeUsers  = "CREATE TABLE users (id int PRIMARY KEY, a int, b int);\n"
	dropA      = "ALTER TABLE users DROP COLUMN a;\n"
	renameB    = "ALTER TABLE users RENAME COLUMN b TO c;\n"
	everything = "migrations/0002_x.sql:1:1-1:32 error drop-column\nmigrations/0003_x.sql:1:1-1:39 error rename-column"
)

func TestRunReportsOnWhatIsChosenAndReplaysTheRest(t *testing.T) {
	c := config()
	if got := found(run(t, c, makeUsers, dropA, renameB)); got != everything {
		t.Errorf("got\n%s\nwant\n%s", got, everything)
	}
	_, second, _ := strings.Cut(everything, "\n")
	c.After = "2"
	if r := run(t, c, makeUsers, dropA, renameB); found(r) != second || r.Files != 1 {
		t.Errorf("after 2: %d files, got\n%s\nwant\n%s", r.Files, found(r), second)
	}
	c.After = ""
	c.Reports = func(m source.Migration) bool { return m.Version == "0003" }
	if r := run(t, c, makeUsers, dropA, renameB); found(r) != second || r.Files != 1 {
		t.Errorf("0003 chosen: %d files, got\n%s\nwant\n%s", r.Files, found(r), second)
	}
}

func TestFindingsAreBytesOfTheirFile(t *testing.T) {
	text := "\r\n-- größe\r\n/* ü */ ALTER TABLE users DROP COLUMN a;"
	r := run(t, config(), makeUsers, text)
	if len(r.Findings) != 1 {
		t.Fatalf("got %v", r.Findings)
	}
	f := r.Findings[0]
	if got := text[f.Start:f.End]; got != f.Statement || f.Line != 3 || f.Column != 9 || f.Table != "public.users" {
		t.Errorf("%q at %s of table %s", got, place(f), f.Table)
	}
}

func TestConfiguredSeverities(t *testing.T) {
	c := config()
	c.Severities = map[string]lint.Severity{"drop-column": lint.Off, "rename-column": lint.Info}
	if got := found(run(t, c, makeUsers, dropA, renameB)); got != "migrations/0003_x.sql:1:1-1:39 info rename-column" {
		t.Errorf("got %s", got)
	}
	c.Runner = lint.SegueRuns
	c.Severities = map[string]lint.Severity{"drop-column": lint.Off, "rename-column": lint.Error}
	if got := found(run(t, c, makeUsers, dropA, renameB)); got != "migrations/0003_x.sql:1:1-1:39 error rename-column" {
		t.Errorf("the configured severity does not go before the plan's: got %s", got)
	}
}

func TestConfiguredAllow(t *testing.T) {
	c := config()
	c.Allow = []lint.Allow{
		{Rule: "drop-column", Migration: "2", Reason: "nobody reads it"},
		{Rule: "drop-table", Migration: "0003", Reason: "old"},
	}
	r := run(t, c, makeUsers, dropA, makeUsers)
	if len(r.Suppressed) != 1 || r.Suppressed[0].Reason != "nobody reads it" || r.Suppressed[0].Line != 1 {
		t.Errorf("suppressed: %v", r.Suppressed)
	}
	if got := found(r); got != "migrations/0003_x.sql:1:1-1:1 warning unused-allow" {
		t.Errorf("got %s", got)
	}
}

func TestConfigurationThatNamesNothing(t *testing.T) {
	for _, test := range []struct {
		name string
		set  func(*lint.Config)
		want []string
	}{
		{"rule", func(c *lint.Config) { c.Severities = map[string]lint.Severity{"rename-colum": lint.Off} },
			[]string{"lint.rules", "rename-colum", "did you mean rename-column?"}},
		{"nothing near", func(c *lint.Config) { c.Severities = map[string]lint.Severity{"xyz": lint.Off} },
			[]string{"xyz", "segue rules"}},
		{"allowed rule", func(c *lint.Config) { c.Allow = []lint.Allow{{Rule: "droptable", Migration: "1", Reason: "x"}} },
			[]string{"lint.allow", "did you mean drop-table?"}},
		{"allowed migration", func(c *lint.Config) { c.Allow = []lint.Allow{{Rule: "drop-table", Migration: "77", Reason: "x"}} },
			[]string{"lint.allow", "77"}},
		{"reason", func(c *lint.Config) { c.Allow = []lint.Allow{{Rule: "drop-table", Migration: "1"}} },
			[]string{"lint.allow", "reason"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := config()
			test.set(&c)
			_, err := lint.Run(t.Context(), c, directory(makeUsers))
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q lacks %q", err, want)
				}
			}
		})
	}
}

func TestReaches(t *testing.T) {
	r := &lint.Result{Findings: []lint.Finding{{Severity: lint.Warning}}}
	for limit, want := range map[lint.Severity]bool{lint.Error: false, lint.Warning: true, lint.Info: true, lint.Off: false} {
		if got := r.Reaches(limit); got != want {
			t.Errorf("Reaches(%s) is %v", limit, got)
		}
	}
}

func TestAllowedFileDirectiveReachesEveryStatement(t *testing.T) {
	r := run(t, config(), makeUsers, "-- segue:allow drop-column cleaned up\n\n"+dropA+"ALTER TABLE users DROP COLUMN b;")
	if len(r.Findings) != 0 || len(r.Suppressed) != 2 {
		t.Errorf("found %v, suppressed %v", r.Findings, r.Suppressed)
	}
}

// TestAfterIsOfTheDirectorysOrder: what is older goes by the order of the directory's own runner.
func TestAfterIsOfTheDirectorysOrder(t *testing.T) {
	migration := func(version, text string) source.Migration {
		path := version + ".sql"
		return source.Migration{Layout: source.Sqitch, Version: version, Path: path, SQL: text, Up: source.Part{Path: path, SQL: text, Text: text}}
	}
	set := []source.Migration{migration("zoo", makeUsers), migration("ape", dropA), migration("cat", dropA)}
	c := config()
	c.After = "ape"
	result, err := lint.Run(t.Context(), c, set)
	if err != nil || result.Files != 1 {
		t.Errorf("got %+v, %v", result, err)
	}
	c.After = "dog"
	if _, err := lint.Run(t.Context(), c, set); err == nil || !strings.Contains(err.Error(), "reading lint.after: finding migration dog") {
		t.Errorf("after what is not there: %v", err)
	}
}

// TestDownSections looks at what undoes a migration on the schema that it leaves, where that is asked for.
func TestDownSections(t *testing.T) {
	c := config()
	c.Down = lint.DownToo
	allowed := "-- segue:allow drop-column nobody reads it\n\n" + makeUsers + "-- segue:down\n" + dropA
	result, err := lint.Run(t.Context(), c, directory(allowed))
	if err != nil || result.Files != 1 || len(result.Suppressed) != 1 {
		t.Errorf("got %+v, %v", result, err)
	}
	c.Down = lint.DownNot
	if result, err := lint.Run(t.Context(), c, directory(makeUsers+"-- segue:down\n"+dropA)); err != nil || len(result.Findings) != 0 {
		t.Errorf("not asked for: got %+v, %v", result, err)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := config()
	read := 0
	c.Reports = func(source.Migration) bool {
		if read++; read == 3 {
			cancel()
		}
		return true
	}
	texts := slices.Repeat([]string{makeUsers}, 500)
	if result, err := lint.Run(ctx, c, directory(texts...)); !errors.Is(err, context.Canceled) || result != nil {
		t.Errorf("got %v, %v", result, err)
	}
	if read != 3 {
		t.Errorf("%d of 500 files were linted", read)
	}
}
