package cli

import (
	"io"
	"os"
	"slices"

	"github.com/segue-db/segue/migrate/source"
)

// stdin reports whether the standard input is linted.
func (o lintOptions) stdin() bool { return slices.Contains(o.paths, "-") }

func (o lintOptions) checkPaths() error {
	if o.stdin() {
		if len(o.paths) > 1 || o.since != "" {
			return usage("", "- is the standard input, and goes neither with other paths nor with --since")
		}
		return nil
	}
	for _, path := range o.paths {
		if _, err := os.Stat(path); err != nil {
			return usage("a PATH is a migration, a directory of them, or - for the standard input", "looking for what to lint: %w", err)
		}
	}
	return nil
}

// lintSet is the migrations that are replayed. The standard input stands behind those of the directory that
// somebody names, and elsewhere by itself.
func (a *app) lintSet(s *settings, o lintOptions) (*source.Set, error) {
	if !o.stdin() {
		if s.file == "" && a.flags.dir == "" && len(o.paths) > 0 {
			s.path = directoryOf(o.paths[0]) // nothing says which directory, so the path does
		}
		return s.set(mustExist)
	}
	text, err := io.ReadAll(a.in)
	if err != nil {
		return nil, usage("", "reading the standard input: %w", err)
	}
	set := &source.Set{Layout: source.Plain}
	if s.file != "" || a.flags.dir != "" {
		if set, err = s.set(mayLack); err != nil {
			return nil, err
		}
	}
	if set, err = set.WithText(string(text)); err != nil {
		return nil, &usageError{problem: err}
	}
	return set, nil
}
