package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/rules"
	"github.com/segue-db/segue/migrate/source"
)

type lintOptions struct {
	paths   []string
	failOn  string
	outputs []string
	down    bool
	stats   string
	since   string
	fix     bool
	diff    bool
}

func lintCommand(a *app) *cobra.Command {
	var o lintOptions
	c := &cobra.Command{
		Use:   "lint [PATH...|-]",
		Short: "Check migrations, without a database",
		Long: `Checks migrations and says what is unsafe, why, and what to do instead. It never connects.
PATHs choose the files or directories that are reported; the whole migrations directory is always
replayed, so that what earlier files made is known. - is SQL from the standard input, behind the
directory's migrations where there is a segue.yaml or --dir. Exit code 1: there are findings at or above
--fail-on.

--fix writes anew what it can make safe so that the schema ends the same: in place, or, where a statement
must not share a transaction, in migrations that it adds behind. Never what --since finds on the other
branch or what lint.after leaves out. The findings and the exit code are of what is left. --diff prints the
same as a unified diff, for git apply, and writes nothing; its exit code is 1 while there is anything to fix,
else 0, whatever else is found: --fail-on is not for it.

--format is text, json, sarif, github, gitlab, junit, rdjson (for reviewdog) or markdown (for a comment
on a change). github also appends the whole list to the file that GITHUB_STEP_SUMMARY names. The formats
for CI name files from the repository's root.`,
		RunE: func(c *cobra.Command, args []string) error {
			o.paths = args
			return a.lint(c.Context(), o)
		},
	}
	c.Flags().Var((*notEmpty)(&o.failOn), "fail-on", "least `SEVERITY` that ends with exit code 1: info, warning, error or off (default error)")
	c.Flags().BoolVar(&o.down, "down", false, "check what undoes migrations too: down sections, revert scripts, rollbacks")
	c.Flags().Var((*notEmpty)(&o.since), "since", "report what the branch adds or edits since it left the `REVISION`, such as origin/main, and\nwhat it does to migrations that are there; git tells")
	c.Flags().BoolVar(&o.fix, "fix", false, "rewrite in place what can be made safe, and report what is left")
	c.Flags().BoolVar(&o.diff, "diff", false, "print what --fix would change, and write nothing")
	c.Flags().Var((*notEmpty)(&o.stats), "stats", "grade what goes over a whole table by the sizes in a `FILE` that segue stats wrote")
	c.Flags().StringArrayVar(&o.outputs, "output", nil, "also write the findings to a file, `FORMAT=FILE`; may be given several times. FILE - is the standard\noutput, instead of --format")
	return c
}

func (a *app) lint(ctx context.Context, o lintOptions) error {
	// Half the collections, for a fifth more memory: of 10,000 files 8 % of the processor time and 22 MiB.
	defer debug.SetGCPercent(debug.SetGCPercent(200))
	write, outputs, err := a.lintWriters(o.outputs)
	if err != nil {
		return err
	}
	if err := errors.Join(o.checkPaths(), a.checkFixing(o)); err != nil {
		return err
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	set, err := a.lintSet(s, o)
	if err != nil {
		return err
	}
	if err := s.checkOutputs(set, outputs); err != nil {
		return err
	}
	stats, err := s.lintStats(o.stats)
	if err != nil {
		return err
	}
	config, err := s.lintConfig(set, o)
	if err != nil {
		return err
	}
	config.Stats = stats
	if o.since != "" {
		config.After = "" // what is old and new here wants to be seen
		if config.Branch, err = a.branch(ctx, s, set, o.since); err != nil {
			return err
		}
	}
	result, err := lint.Run(ctx, config, set.Migrations)
	if ctx.Err() != nil {
		return err
	}
	if err != nil {
		return &usageError{problem: err}
	}
	about, err := aboutLint()
	if err != nil {
		return err
	}
	var fixed *lint.Fixed
	misread := s.guessed && slices.ContainsFunc(result.Findings, unparsed)
	if o.fixing() != shownFixes {
		if misread {
			return usage("name it: --server "+betterServer(set)+", or server: in "+configName,
				"nothing says which server the migrations are for, and %s cannot read all of them: a fix would be written for the wrong one", s.server)
		}
		if fixed, err = a.fix(ctx, s, o, config, set, result); err != nil {
			return err
		}
	}
	if o.fix {
		result = fixed.Result
	}
	for _, out := range outputs {
		if err := out.write(result, about); err != nil {
			return usage("", "writing findings: %w", err)
		}
	}
	if err := a.stepSummary(outputs, result, about); err != nil {
		return usage("", "writing the job's summary: %w", err)
	}
	limit := s.lint.failOn
	if o.failOn != "" {
		limit = lint.Severity(o.failOn)
	}
	if o.diff {
		a.unfixed(fixed.Result)
		return a.answerDiff(s, fixed, about)
	}
	if err := write(a.out, result, about); err != nil {
		return err
	}
	if o.fix {
		a.unfixed(result)
	}
	for _, path := range s.aside(set, o.paths) {
		a.say("%s is no migration: nothing of it is reported", path)
	}
	s.emptiness(a, set, config, result)
	if misread {
		a.say("nothing says which server the migrations are for, so they were read as %s's; name it: --server %s, or server: in %s",
			s.server, betterServer(set), configName)
	}
	if result.Reaches(limit) {
		return answered(exitNo)
	}
	return nil
}

// unparsed reports whether a finding is about a text that is no SQL of the server.
func unparsed(f lint.Finding) bool {
	return f.Rule == rules.SyntaxErrorID || f.Rule == rules.NotOnThisServerID
}

// lintStats reads the file of --stats. The migrations are for the server that it is of, unless somebody
// says which they are for.
func (s *settings) lintStats(file string) (lint.Stats, error) {
	if file == "" {
		return lint.Stats{}, nil
	}
	stats, server, err := statsFile(file)
	switch {
	case err != nil:
	case !s.said:
		s.server, s.guessed = server, false
	case s.server.Kind != server.Kind:
		err = usage("give the sizes of the database that the migrations are for, or another --server",
			"the sizes in %s are those of a %s, and the migrations are for %s", file, server, s.server)
	}
	return stats, err
}

func (s *settings) lintConfig(set *source.Set, o lintOptions) (lint.Config, error) {
	if o.failOn != "" {
		if err := oneOf("--fail-on", o.failOn, string(lint.Error), string(lint.Warning), string(lint.Info), string(lint.Off)); err != nil {
			return lint.Config{}, err
		}
	}
	c := lint.Config{
		Dialect: s.dialect(), Server: s.server, Rules: rules.Suite(), Planner: rules.Plan, Runner: lint.OthersRun,
		Severities: s.lint.rules, After: s.lint.after, Allow: s.lint.allow, Dir: filepath.ToSlash(s.path),
	}
	if s.file != "" && set.Layout == source.Segue {
		c.Runner = lint.SegueRuns
	}
	if s.outOfOrder {
		c.Late = source.Runs
	}
	if o.down {
		c.Down = lint.DownToo
	}
	if o.stdin() {
		c.After = ""
		c.Reports = func(m source.Migration) bool { return m.Path == source.Stdin }
		return c, nil
	}
	chosen, err := s.chosen(set, o.paths)
	if err != nil || chosen == nil {
		return c, err
	}
	c.After = "" // who names a file wants to hear of it, however old
	c.Reports = func(m source.Migration) bool { return chosen[m.Path] }
	return c, nil
}

// chosen are the files that paths name, by path within the directory; nil for all of them. A migration's
// files are the one that is run and the one that undoes it.
func (s *settings) chosen(set *source.Set, paths []string) (map[string]bool, error) {
	chosen, all := map[string]bool{}, len(paths) == 0
	for _, path := range paths {
		within, err := inside(s.path, path)
		if err != nil {
			return nil, usage("lint one directory at a time; --dir names it", "%s is not in the migrations directory %s", path, s.path)
		}
		if within == "." {
			all = true
			continue
		}
		found := false
		for _, m := range set.Migrations {
			for _, file := range []string{m.Path, m.Down.Path} {
				if file == within || strings.HasPrefix(file, within+"/") {
					chosen[file], found = true, true
				}
			}
		}
		if !found && (isDirectory(path) || !set.Aside(within)) {
			return nil, usage(namedLike(set), "%s is no migration", path)
		}
	}
	if all {
		return nil, nil
	}
	return chosen, nil
}

// inside is a path as seen from a directory that it is in, or an error where it is not in it.
func inside(dir, path string) (string, error) {
	from, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	within, err := filepath.Rel(from, to)
	if err == nil && !filepath.IsLocal(within) {
		err = fmt.Errorf("%s is not in %s", path, dir)
	}
	return filepath.ToSlash(within), err
}

// directoryOf is the directory that a path names or is in; where that is a folder of a single migration, or
// of sqitch's scripts, the one above.
func directoryOf(path string) string {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return filepath.Clean(path)
	}
	dir, file := filepath.Split(filepath.Clean(path))
	dir = filepath.Clean(dir)
	for up := dir; filepath.Dir(up) != up; up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(filepath.Dir(up), "sqitch.plan")); err == nil {
			return filepath.Dir(up)
		}
	}
	if slices.Contains([]string{"migration.sql", "up.sql", "down.sql"}, file) {
		return filepath.Dir(dir)
	}
	return dir
}
