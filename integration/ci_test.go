package integration_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// project is a clone of a repository whose branch feature drops a column that main has, and a folder with a
// segue to put into the PATH.
type project struct{ clone, bin string }

// gitEnv has git commit as nobody in particular, and go by nobody's configuration.
var gitEnv = []string{
	"GIT_AUTHOR_NAME=ada", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_COMMITTER_NAME=ada", "GIT_COMMITTER_EMAIL=ada@example.org",
	"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull,
}

func newProject(t *testing.T) project {
	t.Helper()
	for _, program := range []string{"git", "bash"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	dir := t.TempDir()
	p := project{clone: filepath.Join(dir, "clone"), bin: filepath.Join(dir, "bin")}
	program, err := os.Executable() // which is segue where it is called so: see TestMain
	if err == nil {
		err = os.Mkdir(p.bin, 0o777)
	}
	if err == nil {
		err = os.Symlink(program, filepath.Join(p.bin, "segue"))
	}
	if err != nil {
		t.Fatal(err)
	}
	upstream := filepath.Join(dir, "upstream")
	write := func(file, text string) {
		t.Helper()
		path := filepath.Join(upstream, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("segue.yaml", "dir: db/migrations\nserver: postgres:16\n")
	write("db/migrations/0001_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY, age int);\nALTER TABLE teams DROP COLUMN age;\n")
	p.git(t, upstream, "init", "-q", "-b", "main")
	p.git(t, upstream, "add", ".")
	p.git(t, upstream, "commit", "-q", "-m", "users")
	p.git(t, upstream, "checkout", "-q", "-b", "clean")
	write("db/migrations/0002_name.sql", "ALTER TABLE users ADD COLUMN name text;\n")
	p.git(t, upstream, "add", ".")
	p.git(t, upstream, "commit", "-q", "-m", "name")
	p.git(t, upstream, "checkout", "-q", "-b", "feature")
	write("db/migrations/0003_drop.sql", "ALTER TABLE users DROP COLUMN age;\n")
	p.git(t, upstream, "add", ".")
	p.git(t, upstream, "commit", "-q", "-m", "drop")
	p.git(t, dir, "clone", "-q", "file://"+upstream, p.clone)
	p.git(t, p.clone, "checkout", "-q", "feature")
	return p
}

func (p project) git(t *testing.T, dir string, args ...string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("git", append([]string{"-C", dir}, args...)...)
	c.Env = append(os.Environ(), gitEnv...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// shell runs a script as a CI system would, in the clone, and returns its exit code and all that it prints.
func (p project) shell(t *testing.T, script string, env ...string) (int, string) {
	t.Helper()
	c := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
	c.Dir = p.clone
	c.Env = append(append(os.Environ(), gitEnv...), "PATH="+p.bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	c.Env = append(c.Env, env...)
	out, err := c.CombinedOutput()
	if c.ProcessState == nil {
		t.Fatalf("running a script: %v", err)
	}
	return c.ProcessState.ExitCode(), string(out)
}

func readYAML(t *testing.T, file string, to any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err == nil {
		err = yaml.Unmarshal(data, to)
	}
	if err != nil {
		t.Fatalf("reading %s: %v", file, err)
	}
}

// action is what the test reads of action.yml.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct {
			Name, ID, Shell, Run, Uses string
			Env, With                  map[string]string
		}
	}
}

var expression = regexp.MustCompile(`\$\{\{ *([a-z_.-]+) *\}\}`)

// runAction runs the shell steps of the action, with its outputs between them, and returns the last step's exit
// code, what the steps print, and the values that the expressions have by then.
func runAction(t *testing.T, p project, inputs map[string]string, base string) (code int, printed string, values map[string]string) {
	t.Helper()
	var a action
	readYAML(t, "../examples/ci/github/action.yml", &a)
	values = map[string]string{"github.base_ref": base}
	for name, input := range a.Inputs {
		values["inputs."+name] = input.Default
	}
	for name, value := range inputs {
		if _, is := a.Inputs[name]; !is {
			t.Fatalf("the action has no input %s", name)
		}
		values["inputs."+name] = value
	}
	resolve := func(text string) string {
		return expression.ReplaceAllStringFunc(text, func(e string) string {
			name := expression.FindStringSubmatch(e)[1]
			value, known := values[name]
			if !known && !strings.HasPrefix(name, "steps.") {
				t.Fatalf("%s means nothing", e)
			}
			return value
		})
	}
	temp := t.TempDir()
	values["summary"] = filepath.Join(temp, "summary")
	for _, step := range a.Runs.Steps {
		if step.Uses != "" {
			values["uploaded"] = resolve(step.With["sarif_file"])
			continue
		}
		if step.Shell != "bash" {
			t.Fatalf("step %s has shell %q", step.Name, step.Shell)
		}
		output := filepath.Join(temp, "output")
		env := []string{"GITHUB_ACTIONS=true", "RUNNER_TEMP=" + temp, "GITHUB_OUTPUT=" + output, "GITHUB_STEP_SUMMARY=" + values["summary"]}
		for name, value := range step.Env {
			env = append(env, name+"="+resolve(value))
		}
		var out string
		code, out = p.shell(t, step.Run, env...)
		printed += out
		data, _ := os.ReadFile(output) // of a step that has none there is none
		for line := range strings.Lines(string(data)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			values["steps."+step.ID+".outputs."+name] = value
		}
	}
	return code, printed, values
}

func contains(t *testing.T, what, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %q:\n%s", what, want, text)
		}
	}
}

func fileText(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestGitHubAction(t *testing.T) {
	p := newProject(t)
	code, printed, values := runAction(t, p, nil, "main")
	if code != 1 {
		t.Errorf("exit code %d, want 1: %s", code, printed)
	}
	contains(t, "the log", printed, "::error file=db/migrations/0003_drop.sql,line=1,", "2 migrations: 1 error")
	if strings.Contains(printed, "0001_users.sql") {
		t.Errorf("what main has is reported:\n%s", printed)
	}
	contains(t, "the summary", fileText(t, values["summary"]), "### segue lint", "drop-column")
	contains(t, "the upload", fileText(t, values["uploaded"]), `"ruleId": "drop-column"`, `"uri": "db/migrations/0003_drop.sql"`)
	contains(t, "JSON", fileText(t, values["steps.lint.outputs.json"]), `"rule": "drop-column"`)
	contains(t, "Markdown", fileText(t, values["steps.lint.outputs.markdown"]), "<!-- segue lint -->")

	if code, printed, _ := runAction(t, p, map[string]string{"fail-on": "off", "server": "postgres:14", "directory": "db/migrations"}, "main"); code != 0 {
		t.Errorf("fail-on: off: exit code %d: %s", code, printed)
	}
	if code, printed, _ := runAction(t, p, nil, ""); code != 1 || !strings.Contains(printed, "0001_users.sql") {
		t.Errorf("without a branch to go to everything is reported: exit code %d: %s", code, printed)
	}
	p.git(t, p.clone, "checkout", "-q", "clean")
	if code, printed, _ := runAction(t, p, nil, "main"); code != 0 || !strings.Contains(printed, "1 migration: no findings") {
		t.Errorf("exit code %d: %s", code, printed)
	}

	// A checkout that is too shallow fails, and says how to check out.
	shallow := project{clone: filepath.Join(t.TempDir(), "shallow"), bin: p.bin}
	p.git(t, p.bin, "clone", "-q", "--depth", "1", "--branch", "feature", "file://"+filepath.Join(filepath.Dir(p.clone), "upstream"), shallow.clone)
	code, printed, values = runAction(t, shallow, nil, "main")
	if code != 2 || values["uploaded"] != "" {
		t.Errorf("exit code %d, uploaded %q", code, values["uploaded"])
	}
	contains(t, "the log", printed, "--since origin/main: the repository has no such commit", "fetch-depth: 0")
}

func TestGitLabJob(t *testing.T) {
	p := newProject(t)
	var jobs map[string]struct {
		Variables    map[string]string
		BeforeScript []string `yaml:"before_script"`
		Script       []string
		Artifacts    struct{ Reports map[string]string }
	}
	readYAML(t, "../examples/ci/gitlab/segue-lint.gitlab-ci.yml", &jobs)
	job := jobs["segue-lint"]
	env := []string{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main"}
	for name, value := range job.Variables {
		env = append(env, name+"="+value)
	}
	p.git(t, p.clone, "update-ref", "-d", "refs/remotes/origin/main") // a runner fetches the branch alone
	code, printed := p.shell(t, strings.Join(append(job.BeforeScript, job.Script...), "\n"), env...)
	if code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	contains(t, "the log", printed, "db/migrations/0003_drop.sql:1:1: error: public.users.age is dropped")
	var quality []struct {
		CheckName string `json:"check_name"`
		Location  struct{ Path string }
	}
	if err := json.Unmarshal([]byte(fileText(t, filepath.Join(p.clone, job.Artifacts.Reports["codequality"]))), &quality); err != nil {
		t.Fatal(err)
	}
	if len(quality) != 1 || quality[0].CheckName != "drop-column" || quality[0].Location.Path != "db/migrations/0003_drop.sql" {
		t.Errorf("code quality: %+v", quality)
	}
	contains(t, "JUnit", fileText(t, filepath.Join(p.clone, job.Artifacts.Reports["junit"])), `tests="2" failures="1"`, "drop-column")
}

// pre-commit itself is not run: the hook's entry is, with the names of the files that it would choose.
func TestPreCommitHook(t *testing.T) {
	p := newProject(t)
	var hooks []struct {
		ID, Entry, Language string
		RequireSerial       bool `yaml:"require_serial"`
	}
	readYAML(t, "../.pre-commit-hooks.yaml", &hooks)
	var config struct {
		Repos []struct{ Hooks []struct{ ID, Files string } }
	}
	readYAML(t, "../examples/ci/pre-commit/.pre-commit-config.yaml", &config)
	hook, chosen := hooks[0], config.Repos[0].Hooks[0]
	if hook.ID != chosen.ID || hook.Language != "golang" || !hook.RequireSerial {
		t.Errorf("%+v, and the example has %+v", hook, chosen)
	}
	files := regexp.MustCompile(chosen.Files)
	run := func(staged ...string) (int, string) {
		t.Helper()
		command := hook.Entry
		for _, file := range staged {
			if files.MatchString(file) {
				command += " " + file
			}
		}
		// As git runs a hook.
		return p.shell(t, command, "PRE_COMMIT=1", "GIT_DIR=.git", "GIT_INDEX_FILE=.git/index", "GIT_PREFIX=")
	}
	if code, printed := run("db/migrations/0002_name.sql", "segue.yaml"); code != 0 {
		t.Errorf("exit code %d: %s", code, printed)
	}
	if code, printed := run("db/migrations/0002_name.sql", "db/migrations/0003_drop.sql"); code != 1 || !strings.Contains(printed, "2 migrations: 1 error") {
		t.Errorf("exit code %d: %s", code, printed)
	}
	hook.Entry += " --since origin/main"
	if code, printed := run("db/migrations/0001_users.sql", "db/migrations/0003_drop.sql"); code != 1 || strings.Contains(printed, "0001_users.sql") {
		t.Errorf("exit code %d: %s", code, printed)
	}
}
