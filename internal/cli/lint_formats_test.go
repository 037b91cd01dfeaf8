package cli

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestLintWritesAllFormatsAtOnce reads each format of one run back and compares what it tells of where
// which rule found something.
func TestLintWritesAllFormatsAtOnce(t *testing.T) {
	schema := sarifSchema(t)
	t.Chdir(t.TempDir())
	files := map[string]string{
		".git/HEAD":                     "ref: refs/heads/main\n",
		"db/migrations/0001_create.sql": "CREATE TABLE users (id bigint PRIMARY KEY, a text, b text);\n",
		"db/migrations/0002_drop.sql":   "-- ü\nALTER TABLE users DROP COLUMN a, DROP COLUMN b;\nALTER TABLE users RENAME TO people;\n",
		"db/migrations/0003_wrong.sql":  "CREATE TABEL \"]]> | %0A\" ();\n",
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir("db")
	args := []string{"lint", "--format", "text"}
	for _, f := range []string{"text", "json", "sarif", "github", "gitlab", "junit", "rdjson", "markdown"} {
		args = append(args, "--output", f+"="+f)
	}
	var out, errs strings.Builder
	if code := Run(t.Context(), args, strings.NewReader(""), &out, &errs); code != int(exitNo) {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	if out.String() != string(read(t, "text")) {
		t.Errorf("the text on the standard output is\n%s\nand in the file\n%s", out.String(), read(t, "text"))
	}
	var log any
	if decode(t, "sarif", &log); schema.Validate(log) != nil {
		t.Errorf("SARIF is not valid by its schema: %v", schema.Validate(log))
	}
	if !strings.Contains(string(read(t, "sarif")), "ALTER TABLE users RENAME COLUMN user_email TO email;") {
		t.Error("SARIF has not the example of the rule rename-column")
	}
	want := foundByJSON(t)
	if len(want) != 4 {
		t.Fatalf("lint found %v", want)
	}
	for name, got := range map[string][]string{
		"sarif": foundBySARIF(t), "gitlab": foundByGitLab(t), "rdjson": foundByRDJSON(t), "junit": foundByJUnit(t),
		"github":   foundBy(t, "github", `(?m)^::\w+ file=(\S+),line=(\d+),.*title=([a-z-]+)::`, 3, 1, 2),
		"markdown": foundBy(t, "markdown", `(?m)^\| \w+ \| <code>(\S+):(\d+)</code> \| .* \| \[([a-z-]+)\]`, 3, 1, 2),
		"text":     foundBy(t, "text", `(?m)^migrations/(\S+):(\d+):\d+: \w+: .* \[([a-z-]+)\]$`, 3, 1, 2),
	} {
		if name == "text" { // it names files from the working directory, as JSON does
			for i := range got {
				got[i] = strings.Replace(got[i], " ", " db/migrations/", 1)
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s tells of\n%v\nand JSON of\n%v", name, got, want)
		}
	}
}

// sarifSchema is the schema that OASIS publishes.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("../../lint/report/testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func decode(t *testing.T, file string, to any) {
	t.Helper()
	unmarshal := json.Unmarshal
	if file == "junit" {
		unmarshal = xml.Unmarshal
	}
	if err := unmarshal(read(t, file), to); err != nil {
		t.Fatalf("reading %s: %v", file, err)
	}
}

func found(rule, file string, line int) string { return fmt.Sprintf("%s %s:%d", rule, file, line) }

func foundByJSON(t *testing.T) (list []string) {
	var d struct {
		Findings []struct {
			Rule, File string
			Line       int
		}
	}
	decode(t, "json", &d)
	for _, f := range d.Findings {
		list = append(list, found(f.Rule, "db/"+f.File, f.Line))
	}
	slices.Sort(list)
	return list
}

func foundBySARIF(t *testing.T) (list []string) {
	var d struct {
		Runs []struct {
			Results []struct {
				RuleID    string
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine int }
					}
				}
			}
		}
	}
	decode(t, "sarif", &d)
	for _, r := range d.Runs[0].Results {
		at := r.Locations[0].PhysicalLocation
		list = append(list, found(r.RuleID, at.ArtifactLocation.URI, at.Region.StartLine))
	}
	return list
}

func foundByGitLab(t *testing.T) (list []string) {
	var d []struct {
		CheckName string `json:"check_name"`
		Location  struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	decode(t, "gitlab", &d)
	for _, i := range d {
		list = append(list, found(i.CheckName, i.Location.Path, i.Location.Lines.Begin))
	}
	return list
}

func foundByRDJSON(t *testing.T) (list []string) {
	var d struct {
		Diagnostics []struct {
			Code     struct{ Value string }
			Location struct {
				Path  string
				Range struct{ Start struct{ Line int } }
			}
		}
	}
	decode(t, "rdjson", &d)
	for _, i := range d.Diagnostics {
		list = append(list, found(i.Code.Value, i.Location.Path, i.Location.Range.Start.Line))
	}
	return list
}

func foundByJUnit(t *testing.T) (list []string) {
	var d struct {
		Suites []struct {
			Cases []struct {
				Name    string    `xml:"name,attr"`
				File    string    `xml:"file,attr"`
				Line    int       `xml:"line,attr"`
				Failure *struct{} `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	decode(t, "junit", &d)
	for _, s := range d.Suites {
		for _, c := range s.Cases {
			if c.Failure != nil {
				rule, _, _ := strings.Cut(c.Name, ":")
				list = append(list, found(rule, c.File, c.Line))
			}
		}
	}
	return list
}

// foundBy reads a format that is lines of text: rule, file and line are the groups of its pattern.
func foundBy(t *testing.T, file, pattern string, rule, path, line int) (list []string) {
	t.Helper()
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(read(t, file)), -1) {
		list = append(list, m[rule]+" "+strings.ReplaceAll(m[path], `\_`, "_")+":"+m[line])
	}
	return list
}
