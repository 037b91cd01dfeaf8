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
	"github.com/segue-db/segue/migrate/source"
)

// lintWriter writes findings in one format.
type lintWriter func(io.Writer, *lint.Result, report.About) error

// lintFormat finds a format; flag names where it was asked for, and look is that of text.
func lintFormat(flag, name string, look report.Look) (lintWriter, error) {
	if name == string(tableFormat) {
		name = "text" // as the other commands call it
	}
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
		if i := slices.IndexFunc(outputs, func(o lintOutput) bool { return sameFile(o.file, file) }); i >= 0 {
			return nil, usage("give each format a file of its own", "--output %q: another --output is written to %s", flag, outputs[i].named())
		}
		outputs = append(outputs, lintOutput{name, file, format})
	}
	return outputs, nil
}

// standardOutput is the file of an --output that no file is written for.
const standardOutput = "-"

func (o lintOutput) named() string {
	if o.file == standardOutput {
		return "the standard output"
	}
	return o.file
}

func (o lintOutput) write(r *lint.Result, about report.About) error {
	return writeFindings(o.file, os.O_CREATE|os.O_TRUNC, o.format, r, about)
}

// lintWriters are what writes to the standard output and the files that are written besides. --output FORMAT=- is
// --format FORMAT.
func (a *app) lintWriters(flags []string) (lintWriter, []lintOutput, error) {
	outputs, err := lintOutputs(flags)
	if err != nil {
		return nil, nil, err
	}
	if i := slices.IndexFunc(outputs, func(o lintOutput) bool { return o.file == standardOutput }); i >= 0 {
		if a.flags.format != "" {
			return nil, nil, usage("give one of them a file: --output "+a.flags.format+"=FILE", "--output %s=-: --format is written to the standard output too", outputs[i].name)
		}
		a.flags.format = outputs[i].name
		outputs = slices.Delete(outputs, i, i+1)
	}
	look := report.Plain
	if a.colored() {
		look = report.Colored
	}
	write, err := lintFormat("--format", or(a.flags.format, "text"), look)
	return write, outputs, err
}

// checkOutputs finds an --output that would be written over a migration.
func (s *settings) checkOutputs(set *source.Set, outputs []lintOutput) error {
	for _, out := range outputs {
		within, err := inside(resolved(s.path), resolved(out.file))
		if err != nil {
			continue
		}
		if slices.ContainsFunc(set.Migrations, func(m source.Migration) bool { return within == m.Path || within == m.Down.Path }) {
			return usage("name a file of its own", "--output %s=%s: that is a migration", out.name, out.file)
		}
	}
	return nil
}

// sameFile reports whether two names are of one file, which need not be there.
func sameFile(a, b string) bool {
	if a == standardOutput || b == standardOutput {
		return a == b
	}
	one, err := os.Stat(a)
	other, problem := os.Stat(b)
	if err == nil && problem == nil {
		return os.SameFile(one, other)
	}
	return resolved(a) == resolved(b)
}

// resolved is where a file would be made: its name without links, as far as there are any.
func resolved(file string) string {
	for range 40 { // links may go round in circles
		to, err := os.Readlink(file)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(file), to)
		}
		file = to
	}
	if full, err := filepath.Abs(file); err == nil {
		file = full
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(file)); err == nil {
		return filepath.Join(dir, filepath.Base(file))
	}
	return file
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
