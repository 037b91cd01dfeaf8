package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
	"github.com/segue-db/segue/migrate/source"
)

// some counts things, as in "1 finding" and "2 findings".
func some(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// fixing says what becomes of the fixes that findings have.
type fixing string

const (
	shownFixes   fixing = "" // with their findings
	writtenFixes fixing = "--fix"
	diffedFixes  fixing = "--diff"
)

// checkFixing finds options that --fix and --diff do not go with.
func (a *app) checkFixing(o lintOptions) error {
	switch {
	case o.fix && o.diff:
		return usage("give one of them", "--fix writes the files, and --diff writes none")
	case (o.fix || o.diff) && o.stdin():
		return usage("put it into a file of the migrations directory", "a fix is for files, and - is the standard input")
	case o.diff && a.flags.format != "":
		return usage("write the findings to a file: --output "+a.flags.format+"=FILE", "--diff prints a diff, and no --format")
	}
	return nil
}

func (o lintOptions) fixing() fixing {
	switch {
	case o.fix:
		return writtenFixes
	case o.diff:
		return diffedFixes
	}
	return shownFixes
}

// fix works out what a result's fixes come to, and writes them where that is asked for.
func (a *app) fix(ctx context.Context, s *settings, o lintOptions, config lint.Config, set *source.Set, result *lint.Result) (*lint.Fixed, error) {
	files, err := s.files(mustExist)
	if err != nil {
		return nil, err
	}
	fixed, err := lint.Apply(ctx, config, files, set, result, a.now())
	if err != nil {
		return nil, &usageError{problem: err}
	}
	if o.fixing() == writtenFixes {
		if err := s.writeChanges(fixed.Changes); err != nil {
			return nil, err
		}
		for _, c := range fixed.Changes {
			a.say("wrote %s", filepath.Join(s.path, filepath.FromSlash(c.Path)))
		}
		if n := len(fixed.Findings); n > 0 {
			a.say("%s fixed: look at the change before it is committed.", some(n, "finding"))
		}
	}
	for _, note := range fixed.Notes {
		a.say("%s.", note)
	}
	return fixed, nil
}

// writeChanges writes files that are new before it changes others: what is moved is never nowhere.
func (s *settings) writeChanges(changes []lint.Change) error {
	for _, c := range changes {
		path := filepath.Join(s.path, filepath.FromSlash(c.Path))
		if c.New != lint.IsNew {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return usage("", "making the migration's directory: %w", err)
		}
		if err := writeNew(path, c.After); err != nil {
			return usage("", "writing migration %s: %w", path, err)
		}
	}
	for _, c := range changes {
		if c.New == lint.IsNew {
			continue
		}
		path := filepath.Join(s.path, filepath.FromSlash(c.Path))
		if err := overwrite(path, c.Before, c.After); err != nil {
			return usage("", "writing migration %s: %w", path, err)
		}
	}
	return nil
}

// overwrite puts a text in the place of a file's, as a whole or not at all. A file that is not as it was read is left
// alone.
func overwrite(path, before, after string) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	now, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if string(now) != before {
		return errors.New("it has been changed meanwhile")
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	beside, err := os.CreateTemp(filepath.Dir(path), ".segue-*")
	if err != nil {
		return err
	}
	defer os.Remove(beside.Name())
	_, err = beside.WriteString(after)
	err = errors.Join(err, beside.Chmod(info.Mode()&fs.ModePerm), beside.Close())
	if err != nil {
		return err
	}
	return os.Rename(beside.Name(), path)
}

// answerDiff prints what fixes would change. It is an answer of no while there is anything to change, and only then: a
// pipeline asks whether somebody has run --fix. What cannot be fixed is for segue lint to report.
func (a *app) answerDiff(s *settings, fixed *lint.Fixed, about report.About) error {
	if err := report.Diff(a.out, fixed.Changes, filepath.ToSlash(s.path), about); err != nil {
		return err
	}
	left := some(len(fixed.Result.Findings), "finding")
	if len(fixed.Changes) > 0 {
		a.say("segue lint --fix would fix %s; %s left.", some(len(fixed.Findings), "finding"), left)
		return answered(exitNo)
	}
	a.say("nothing can be fixed; %s left.", left)
	return nil
}

// unfixed says of findings that are left why they have no fix here, each reason once.
func (a *app) unfixed(result *lint.Result) {
	var said []string
	for _, f := range result.Findings {
		if f.Unfixed != "" && !slices.Contains(said, f.File+f.Rule+f.Unfixed) {
			said = append(said, f.File+f.Rule+f.Unfixed)
			a.say("%s:%d: not fixed (%s): %s", f.File, f.Line, f.Rule, f.Unfixed)
		}
	}
}
