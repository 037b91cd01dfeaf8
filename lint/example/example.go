// Package example reads the examples of rules: txtar archives that are testdata and documentation
// at once.
//
// The archive's comment has one setting a line: "server: postgres:10", "runner: segue", "layout: goose",
// "severity: RULE off", "after: 0002", "rows: TABLE N" for how many rows it had,
// and for a branch that is compared with another one "branch: origin/main", "kept: FILE FILE" for the files that are the
// same there, and "beside: FILE FILE" for what else the branch changes; lines that start with # are remarks. Its files are the migrations of a directory. Those in start/ are
// of the other branch where this one left it, and those in tip/ are new there since.
// A line of theirs may end in
//
//	-- want RULE "REGEXP"
//
// for a finding of that rule there, several times over for several findings. The pattern is matched
// against the finding's severity, message, why, instead and plan, one to a line. "-- allowed RULE "REGEXP"" is the same for what a directive silenced,
// matched against its reason.
//
// Files below fixed/ are those that a fix changes or adds, as it leaves them, where an example has them.
package example

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/migrate/source"
)

// Example is one archive.
type Example struct {
	Server     dialects.Version
	Runner     lint.Runner
	Layout     string // of its directory, as package source calls it
	Severities map[string]lint.Severity
	After      string
	Rows       map[dialects.Name]dialects.Size
	Branch     Branch
	Late       source.Handling
	Files      []File
	Fixed      []File // files as segue lint --fix is to leave them; none where nothing is said of that

	kept []string
}

// Branch is what an example's migrations are compared with; Into is empty where there is nothing.
type Branch struct {
	Into       string
	Start, Tip []File
	Beside     []string
}

// File is one migration, its expectations taken out.
type File struct {
	Path   string
	SQL    string
	Expect []Expectation
}

// Outcome is what becomes of a finding.
type Outcome string

// The outcomes.
const (
	Want    Outcome = "want"
	Allowed Outcome = "allowed"
)

// Expectation is one finding that is to be there, on a line.
type Expectation struct {
	Outcome Outcome
	Line    int
	Rule    string
	Pattern *regexp.Regexp
}

// Read reads an archive.
func Read(data []byte) (*Example, error) {
	archive := txtar.Parse(data)
	e := &Example{
		Server: dialects.Version{Kind: dialects.Postgres, Major: 16}, Runner: lint.OthersRun, Layout: "segue",
		Severities: map[string]lint.Severity{}, Rows: map[dialects.Name]dialects.Size{},
	}
	for _, line := range strings.Split(string(archive.Comment), "\n") {
		if err := e.set(line); err != nil {
			return nil, fmt.Errorf("reading the setting %q: %w", line, err)
		}
	}
	for _, f := range archive.Files {
		if path, ok := strings.CutPrefix(f.Name, "fixed/"); ok {
			e.Fixed = append(e.Fixed, File{Path: path, SQL: string(f.Data)})
			continue
		}
		file, err := readFile(f.Name, string(f.Data))
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", f.Name, err)
		}
		e.add(file)
	}
	if len(e.Files) == 0 {
		return nil, fmt.Errorf("reading an example: it has no migration")
	}
	return e, nil
}

// add puts a file where its folder says. The tip has what the start has, unless that is new there.
func (e *Example) add(f File) {
	where, within, _ := strings.Cut(f.Path, "/")
	kept := slices.Contains(e.kept, f.Path)
	switch {
	case e.Branch.Into != "" && where == "start":
		f.Path = within
		e.Branch.Start, e.Branch.Tip = append(e.Branch.Start, f), append(e.Branch.Tip, f)
	case e.Branch.Into != "" && where == "tip":
		f.Path = within
		e.Branch.Tip = append(e.Branch.Tip, f)
	default:
		e.Files = append(e.Files, f)
		if kept {
			e.Branch.Start, e.Branch.Tip = append(e.Branch.Start, f), append(e.Branch.Tip, f)
		}
	}
}

// Deleted are the files that the branch has no more.
func (e *Example) Deleted() []File {
	return slices.DeleteFunc(slices.Clone(e.Branch.Start), func(f File) bool {
		return slices.ContainsFunc(e.Files, func(now File) bool { return now.Path == f.Path })
	})
}

func (e *Example) set(line string) (err error) {
	line = strings.TrimSpace(line)
	key, value, found := strings.Cut(line, ": ")
	switch {
	case line == "" || strings.HasPrefix(line, "#"):
		return nil
	case !found:
		return fmt.Errorf("it must be KEY: VALUE")
	}
	switch key {
	case "server":
		e.Server, err = dialects.ParseVersion(value)
	case "runner":
		e.Runner = lint.Runner(value)
	case "layout":
		e.Layout = value
	case "after":
		e.After = value
	case "branch":
		e.Branch.Into = value
	case "kept":
		e.kept = strings.Fields(value)
	case "beside":
		e.Branch.Beside = strings.Fields(value)
	case "late":
		e.Late = source.Handling(value)
	case "rows":
		table, rows, _ := strings.Cut(value, " ")
		schema, name, qualified := strings.Cut(table, ".")
		if !qualified {
			schema, name = "", table
		}
		size := dialects.Size{Bytes: dialects.Unknown, IndexBytes: dialects.Unknown}
		size.Rows, err = strconv.ParseInt(rows, 10, 64)
		e.Rows[dialects.Name{Schema: schema, Name: name}] = size
	case "severity":
		rule, severity, _ := strings.Cut(value, " ")
		e.Severities[rule], err = lint.ParseSeverity(severity)
	default:
		err = fmt.Errorf("there is no such setting")
	}
	return err
}

// mark is where a line's expectations begin; each is one of them.
var (
	mark = regexp.MustCompile(`(?:[ \t]*-- (?:want|allowed) [a-z-]+ "(?:[^"\\]|\\.)*")+[ \t]*$`)
	each = regexp.MustCompile(`-- (want|allowed) ([a-z-]+) ("(?:[^"\\]|\\.)*")`)
)

func readFile(path, text string) (File, error) {
	f := File{Path: path}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		at := mark.FindStringIndex(line)
		if at == nil {
			if strings.Contains(line, "-- want ") || strings.Contains(line, "-- allowed ") {
				return File{}, fmt.Errorf("line %d: an expectation must be -- want RULE \"REGEXP\"", i+1)
			}
			continue
		}
		for _, m := range each.FindAllStringSubmatch(line[at[0]:], -1) {
			quoted, err := strconv.Unquote(m[3])
			if err != nil {
				return File{}, fmt.Errorf("line %d: reading %s: %w", i+1, m[3], err)
			}
			pattern, err := regexp.Compile("(?s)" + quoted)
			if err != nil {
				return File{}, fmt.Errorf("line %d: %w", i+1, err)
			}
			f.Expect = append(f.Expect, Expectation{Outcome: Outcome(m[1]), Line: i + 1, Rule: m[2], Pattern: pattern})
		}
		lines[i] = line[:at[0]]
	}
	f.SQL = strings.Join(lines, "\n")
	return f, nil
}
