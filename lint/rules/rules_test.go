package rules_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/example"
	"github.com/segue-db/segue/lint/linttest"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/phases"
)

func suite() linttest.Suite {
	return linttest.Suite{
		Rules: rules.Suite(), Dialects: []dialects.Dialect{postgres.Dialect{}}, Planner: rules.Plan,
		Data: os.DirFS("testdata"),
	}
}

func TestRules(t *testing.T) { suite().Test(t) }

// TestLintAndThePlannerAgree compiles every migration of every example as if segue ran it: what
// lint calls an error the planner refuses, and the other way round.
func TestLintAndThePlannerAgree(t *testing.T) {
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
			e.Runner, e.Severities = lint.SegueRuns, nil
			result := s.Lint(t, e)
			d := postgres.Dialect{}
			catalog := d.NewCatalog(e.Server)
			for _, f := range e.Files {
				script, problems := dialects.ReadScript(d, f.SQL)
				_, err := phases.Compile(d, catalog, phases.Migration{Version: f.Path, Path: f.Path, Script: script}, phases.Protected)
				for _, statement := range script.Up {
					d.Replay(catalog, statement.Statement)
				}
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
}

// TestEveryHazardHasARule reads the hazards' IDs where the dialect declares them.
func TestEveryHazardHasARule(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../dialects/postgres/effects.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	hazards := 0
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
			hazards++
			if _, err := lint.FindRule(rules.Suite(), id); err != nil {
				t.Error(err)
			}
		}
	}
	if hazards < 10 {
		t.Errorf("found %d hazards: is the group of constants still there?", hazards)
	}
}
