package cli

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
	"github.com/segue-db/segue/lint/rules"
)

// lintWriter writes findings in one format.
type lintWriter func(io.Writer, *lint.Result, report.About) error

// lintFormat finds a format; flag names where it was asked for, and look is that of text.
func lintFormat(flag, name string, look report.Look) (lintWriter, error) {
	var names []string
	for _, f := range []struct {
		name  string
		write lintWriter
	}{
		{"text", func(w io.Writer, r *lint.Result, _ report.About) error { return report.Text(w, r, look) }},
		{"json", func(w io.Writer, r *lint.Result, _ report.About) error { return report.JSON(w, r) }},
		{"sarif", func(w io.Writer, r *lint.Result, about report.About) error {
			about.Rules = rules.Illustrated()
			return report.SARIF(w, r, about)
		}},
		{githubFormat, report.GitHub},
		{"gitlab", report.GitLab},
		{"junit", report.JUnit},
		{"rdjson", report.RDJSON},
		{"markdown", report.Markdown},
	} {
		if f.name == name {
			return f.write, nil
		}
		names = append(names, f.name)
	}
	return nil, oneOf(flag, name, names...)
}

// githubFormat is the one that goes with a job's summary.
const githubFormat = "github"

// lintOutput is one --output.
type lintOutput struct {
	name, file string
	format     lintWriter
}

func lintOutputs(flags []string) ([]lintOutput, error) {
	var outputs []lintOutput
	for _, flag := range flags {
		name, file, is := strings.Cut(flag, "=")
		if !is || file == "" {
			return nil, usage("", "--output %q: it must be FORMAT=FILE, such as json=findings.json", flag)
		}
		format, err := lintFormat("--output", name, report.Plain)
		if err != nil {
			return nil, err
		}
		file = filepath.Clean(file)
		if slices.ContainsFunc(outputs, func(o lintOutput) bool { return o.file == file }) {
			return nil, usage("give each format a file of its own", "--output %q: another --output is written to %s", flag, file)
		}
		outputs = append(outputs, lintOutput{name, file, format})
	}
	return outputs, nil
}

func (o lintOutput) write(r *lint.Result, about report.About) error {
	return writeFindings(o.file, os.O_CREATE|os.O_TRUNC, o.format, r, about)
}

// stepSummary appends the whole list to the summary of a job on GitHub, which annotations cannot hold.
func (a *app) stepSummary(outputs []lintOutput, r *lint.Result, about report.About) error {
	asked := a.flags.format == githubFormat || slices.ContainsFunc(outputs, func(o lintOutput) bool { return o.name == githubFormat })
	file := a.getenv("GITHUB_STEP_SUMMARY")
	if !asked || file == "" {
		return nil
	}
	return writeFindings(file, os.O_CREATE|os.O_APPEND, report.StepSummary, r, about)
}

func writeFindings(file string, mode int, write lintWriter, r *lint.Result, about report.About) error {
	f, err := os.OpenFile(file, os.O_WRONLY|mode, 0o666)
	if err != nil {
		return err
	}
	err = write(f, r, about)
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// aboutLint is what reports for other programs say beside the findings.
func aboutLint() (report.About, error) {
	dir, err := os.Getwd()
	if err != nil {
		return report.About{}, err
	}
	return report.About{Version: version(), Root: filepath.ToSlash(repository(dir)), Dir: filepath.ToSlash(dir)}, nil
}

// repository is the nearest folder from dir upward that holds .git, a folder or, of a worktree, a file;
// dir where there is none.
func repository(dir string) string {
	for up := dir; ; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, ".git")); err == nil {
			return up
		}
		if up == filepath.Dir(up) {
			return dir
		}
	}
}
