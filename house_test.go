// Package segue_test holds the rules of the house: which room may import which, what comes in from
// outside and where, and how long a file may be.
package segue_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/segue-db/segue"

// maxLines is the ceiling for a Go file, tests included.
const maxLines = 500

// Modules from outside that a room may import.
const (
	pgx            = "github.com/jackc/pgx/v5"
	pgQuery        = "github.com/pganalyze/pg_query_go/v5"
	tidbParser     = "github.com/pingcap/tidb/pkg/parser"
	mysqlDriver    = "github.com/go-sql-driver/mysql"
	yaml           = "github.com/goccy/go-yaml"
	cobra          = "github.com/spf13/cobra"
	pflag          = "github.com/spf13/pflag"
	tablewriter    = "github.com/olekukonko/tablewriter"
	progressbar    = "github.com/schollz/progressbar/v3"
	term           = "golang.org/x/term"
	txtar          = "golang.org/x/tools/txtar"
	jsonschema     = "github.com/santhosh-tekuri/jsonschema/v6"
	testscript     = "github.com/rogpeppe/go-internal/testscript"
	testcontainers = "github.com/testcontainers/testcontainers-go"
	// The parser hands its trees out as protobuf messages, which are walked by reflection.
	protobuf = "google.golang.org/protobuf"
)

// everything below the commands.
var everything = []string{
	"internal/demo", "internal/scratch", "lint", "lint/example", "lint/rules", "lint/rules/pages", "lint/report", "lint/linttest", "phases", "phases/compat",
	"migrate", "migrate/source", "migrate/backfill", "migrate/fleet",
	"dialects", "dialects/postgres", "dialects/mysql", "dialects/dialecttest",
}

// rooms are the folders of the house. A package belongs to the longest of these that it is in. It
// may import the standard library, its own room, and what stands beside its room here: rooms, and
// modules from outside.
var rooms = map[string][]string{
	"cmd":                  {"internal/cli"},
	"internal/cli":         slices.Concat(everything, []string{cobra, pflag, tablewriter, progressbar, term, yaml}),
	"internal/demo":        slices.Concat(everything, []string{pgx, mysqlDriver}),
	"internal/scratch":     {"dialects", pgx, mysqlDriver, testcontainers},
	"lint":                 {"migrate/source", "dialects"},
	"lint/example":         {"lint", "migrate/source", "dialects", txtar},
	"lint/rules":           {"lint", "lint/example", "phases", "dialects"},
	"lint/rules/pages":     {"lint", "lint/example", "lint/rules", "migrate/source", "phases", "dialects", txtar},
	"lint/report":          {"lint", "dialects"},
	"lint/linttest":        {"lint", "lint/example", "migrate/source", "dialects"},
	"phases":               {"phases/compat", "dialects"},
	"phases/compat":        {yaml},
	"migrate":              {"phases", "phases/compat", "migrate/source", "migrate/backfill", "migrate/fleet", "dialects"},
	"migrate/source":       {},
	"migrate/backfill":     {"dialects", "phases/compat"},
	"migrate/fleet":        {"dialects", "phases/compat"},
	"dialects":             {},
	"dialects/postgres":    {"dialects", pgx, pgQuery, protobuf},
	"dialects/mysql":       {"dialects", tidbParser, mysqlDriver},
	"dialects/dialecttest": {"dialects"},
	"integration":          slices.Concat(everything, []string{"internal/cli", pgx, testscript, txtar, yaml}),
	"examples":             {"migrate", "dialects", "dialects/postgres", "phases/compat", pgx},
	"":                     {}, // the module's root: this test
}

// inTests may be imported by the tests of every room besides.
var inTests = slices.Concat([]string{pgx, mysqlDriver, testscript, txtar, jsonschema}, slices.DeleteFunc(slices.Clone(everything),
	func(room string) bool { return room == "internal/demo" }))

// onlyIn names the one file that may import a module, so that another can take its place.
var onlyIn = map[string]string{pgQuery: "dialects/postgres/ast.go", tidbParser: "dialects/mysql/ast.go"}

type pkg struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func TestHouseImportTable(t *testing.T) {
	for _, p := range packages(t) {
		room, ok := roomOf(inModule(p.ImportPath))
		if !ok {
			t.Errorf("%s is in no room of the house: add it to the table", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if !allowed(room, imported, rooms[room]) {
				t.Errorf("%s imports %s, which %q may not", p.ImportPath, imported, room)
			}
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			if !allowed(room, imported, slices.Concat(rooms[room], inTests)) {
				t.Errorf("the tests of %s import %s, which those of %q may not", p.ImportPath, imported, room)
			}
		}
	}
}

func TestHouseModulesBehindOneFile(t *testing.T) {
	eachFile(t, func(file string, source []byte) {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
		if err != nil {
			t.Error(err)
			return
		}
		for _, spec := range parsed.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			for mod, only := range onlyIn {
				if within(imported, mod) && file != only {
					t.Errorf("%s imports %s, which only %s may", file, imported, only)
				}
			}
		}
	})
}

func TestHouseFileLength(t *testing.T) {
	eachFile(t, func(file string, source []byte) {
		if n := bytes.Count(source, []byte("\n")); n > maxLines {
			t.Errorf("%s has %d lines, more than %d: it is more than one thing", file, n, maxLines)
		}
	})
}

// allowed reports whether a package of the room may import a package, given what the room may.
func allowed(room, imported string, may []string) bool {
	if inStandardLibrary(imported) {
		return true
	}
	if within(imported, module) {
		other, ok := roomOf(inModule(imported))
		return ok && (other == room || slices.Contains(may, other))
	}
	return slices.ContainsFunc(may, func(mod string) bool { return within(imported, mod) })
}

// roomOf is the room that a folder of the module belongs to.
func roomOf(dir string) (string, bool) {
	for room := dir; room != "."; room = path.Dir(room) {
		if _, ok := rooms[room]; ok {
			return room, true
		}
	}
	return "", false
}

// inModule is the folder of one of the module's packages, its test variants included.
func inModule(importPath string) string {
	return strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
}

func within(importPath, prefix string) bool {
	return importPath == prefix || strings.HasPrefix(importPath, prefix+"/")
}

func inStandardLibrary(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

// packages are those of the module, as the go command sees them.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("listing packages: %v", err)
	}
	var list []pkg
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p pkg
		if err := decoder.Decode(&p); err != nil {
			t.Fatalf("reading go list: %v", err)
		}
		list = append(list, p)
	}
	if len(list) == 0 {
		t.Fatal("go list names no packages")
	}
	return list
}

// eachFile calls f with every Go file of the module, whatever its build constraints.
func eachFile(t *testing.T, f func(file string, source []byte)) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && file != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(file) != ".go" {
			return nil
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("reading %s: %w", file, err)
		}
		f(filepath.ToSlash(file), source)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
