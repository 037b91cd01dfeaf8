package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/mysql"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/example"
	"github.com/segue-db/segue/lint/linttest"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/phases"
)

func suite() linttest.Suite {
	return linttest.Suite{
		Rules: rules.Illustrated(), Dialect: dialectOf, Planner: rules.Plan, Data: os.DirFS("testdata"),
	}
}

func dialectOf(v dialects.Version) dialects.Dialect {
	if v.Kind == dialects.Postgres {
		return postgres.Dialect{}
	}
	return mysql.Dialect{Server: v}
}

// eachExample runs a test for every example of every rule.
func eachExample(t *testing.T, test func(*testing.T, linttest.Suite, *example.Example)) {
	s := suite()
	files, err := fs.Glob(s.Data, "*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(name, ".txtar"), func(t *testing.T) {
			data, err := fs.ReadFile(s.Data, name)
			if err != nil {
				t.Fatal(err)
			}
			e, err := example.Read(data)
			if err != nil {
				t.Fatal(err)
			}
			test(t, s, e)
		})
	}
}

func TestRules(t *testing.T) { suite().Test(t) }

// TestLintAndThePlannerAgree compiles every migration of every example as if segue ran it: what
// lint calls an error the planner refuses, and the other way round. In other runners' directories lint
// speaks of what they would do.
func TestLintAndThePlannerAgree(t *testing.T) {
	eachExample(t, func(t *testing.T, s linttest.Suite, e *example.Example) {
		if e.Layout != "segue" {
			return
		}
		e.Runner, e.Severities = lint.SegueRuns, nil
		e.Branch = example.Branch{} // git's history is nothing to a planner
		result := s.Lint(t, e)
		d := s.Dialect(e.Server)
		catalog := d.NewCatalog(e.Server)
		for _, f := range e.Files {
			script, problems := dialects.ReadScript(d, f.SQL)
			_, err := phases.Compile(d, catalog, phases.Migration{Version: f.Path, Path: f.Path, Script: script}, phases.Protected)
			schema, session := catalog.DefaultSchema, catalog.Session
			for _, statement := range script.Up {
				d.Replay(catalog, statement.Statement)
			}
			catalog.DefaultSchema, catalog.Session = schema, session
			if len(problems) > 0 {
				continue // the runner stops at these before it plans
			}
			refused := slices.ContainsFunc(result.Findings, func(x lint.Finding) bool {
				return x.File == f.Path && x.Severity == lint.Error && !strings.Contains(x.Message, "no such rule")
			})
			if refused != (err != nil) {
				t.Errorf("%s: lint finds an error: %v; the planner says: %v", f.Path, refused, err)
			}
		}
	})
}

// TestServersSpeakTheirOwnWords holds that nobody reads the words of a server that they do not have.
func TestServersSpeakTheirOwnWords(t *testing.T) {
	others := map[dialects.Kind]*regexp.Regexp{dialects.Postgres: regexp.MustCompile(`ALGORITHM|LOCK=|INPLACE|gh-ost|MySQL|MariaDB`)}
	others[dialects.MySQL] = regexp.MustCompile(`ACCESS |CONCURRENTLY|NOT VALID|VALIDATE|COPY FROM|pg_|Postgres|psql|public\.`)
	others[dialects.MariaDB] = others[dialects.MySQL]
	for _, r := range rules.Illustrated() {
		for kind, foreign := range others {
			d := r.Doc(kind)
			if d == nil || len(d.Servers) == 0 {
				continue
			}
			if found := foreign.FindString(r.Explain(kind)); found != "" {
				t.Errorf("%s on %s: %q", r.ID, kind, found)
			}
		}
	}
	eachExample(t, func(t *testing.T, s linttest.Suite, e *example.Example) {
		for _, f := range s.Lint(t, e).Findings {
			text := strings.Join([]string{f.Message, f.Why, f.Instead}, "\n")
			if found := others[e.Server.Kind].FindString(text); found != "" {
				t.Errorf("%s: %q in\n%s", f.Rule, found, text)
			}
		}
	})
}

// TestEveryHazardHasARule reads the hazards' IDs where the dialects declare them. Each has a rule, with
// words for a server.
func TestEveryHazardHasARule(t *testing.T) {
	for file, kinds := range map[string][]dialects.Kind{
		"../../dialects/open_transaction.go": {dialects.Postgres},
		"../../dialects/postgres/effects.go": {dialects.Postgres},
		"../../dialects/mysql/effects.go":    {dialects.MySQL, dialects.MariaDB},
	} {
		hazards := declaredHazards(t, file)
		for _, id := range hazards {
			r, err := lint.FindRule(rules.Suite(), id)
			if err != nil {
				t.Error(err)
				continue
			}
			if !slices.ContainsFunc(kinds, func(k dialects.Kind) bool { return r.Doc(k) != nil }) {
				t.Errorf("%s has no words for %v", id, kinds)
			}
		}
		if len(hazards) < 2 {
			t.Errorf("found %d hazards in %s: is the group of constants still there?", len(hazards), file)
		}
	}
}

func declaredHazards(t *testing.T, name string) (ids []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, declaration := range file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST || !strings.Contains(group.Doc.Text(), "hazards") {
			continue
		}
		for _, spec := range group.Specs {
			id, err := strconv.Unquote(spec.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
	}
	return ids
}
