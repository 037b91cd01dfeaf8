package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/migrate/source"
)

// branch compares the working tree's migrations with another branch, as --since asks. What is not committed
// yet is the branch's too.
func (a *app) branch(ctx context.Context, s *settings, set *source.Set, revision string) (*lint.Branch, error) {
	r, err := openRepo(ctx, s.path)
	if err != nil {
		return nil, noRepo(s.path, err)
	}
	tip, err := r.commit(ctx, revision)
	if err != nil {
		return nil, noRepo(s.path, err)
	}
	if tip == "" {
		return nil, usage("a checkout in CI often has one branch alone: fetch the other one too, as with git fetch origin NAME; "+
			"or check out all of history (fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab)", "--since %s: the repository has no such commit", revision)
	}
	start, err := r.mergeBase(ctx, "HEAD", tip)
	if err != nil {
		return nil, noRepo(s.path, err)
	}
	if start == "" {
		return nil, a.noMergeBase(ctx, r, revision)
	}
	b := &lint.Branch{Into: revision}
	if b.Start, err = a.setAt(ctx, r, start, set.Layout); err != nil {
		return nil, err
	}
	b.Tip = b.Start
	if tip != start {
		if b.Tip, err = a.setAt(ctx, r, tip, set.Layout); err != nil {
			return nil, err
		}
	}
	b.Beside, err = r.changed(ctx, start)
	return b, err
}

func noRepo(dir string, err error) error {
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return usage("install git, or leave --since out", "--since asks git what the branch adds, and there is no git program: %w", err)
	case isA[*gitError](err):
		return usage("run it in a clone of the repository, or leave --since out", "asking git what the branch adds to %s: %w", dir, err)
	}
	return err
}

func (a *app) noMergeBase(ctx context.Context, r *repo, revision string) error {
	shallow, err := r.shallow(ctx)
	switch {
	case err != nil:
		return noRepo(r.root, err)
	case shallow:
		return usage("fetch the rest: git fetch --unshallow; or check out all of history in CI (fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab)",
			"--since %s: this is a shallow clone, whose history does not reach back to where the branch began", revision)
	}
	return usage("name the branch that this one is to be merged into", "--since %s: it has no commit in common with the one that is checked out", revision)
}

// setAt reads the migrations as a commit has them. Where they cannot be read, which the branch may have
// mended, everything counts as new.
func (a *app) setAt(ctx context.Context, r *repo, commit string, layout source.Layout) (*source.Set, error) {
	dir, err := os.MkdirTemp("", "segue-since-")
	if err != nil {
		return nil, fmt.Errorf("making room for the migrations of commit %.12s: %w", commit, err)
	}
	defer os.RemoveAll(dir)
	files, err := r.checkOut(ctx, commit, dir)
	if err != nil {
		return nil, noRepo(r.root, err)
	}
	set, err := source.Read(files, layout)
	if err != nil {
		a.say("the migrations of commit %.12s cannot be read, so all are reported: %v", commit, err)
		return &source.Set{Layout: layout}, nil
	}
	return set, nil
}
