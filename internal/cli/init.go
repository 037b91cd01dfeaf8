package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
)

func initCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Write a commented segue.yaml here",
		Long: `Writes a commented segue.yaml into the working directory. A migrations directory that is there
already is found and kept; migrations that it holds are replayed by lint and not reported.
Nothing that exists is changed.`,
		Args: arguments(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return a.init(c.Context()) },
	}
}

// usualDirs is where migrations are looked for, in this order.
var usualDirs = []string{
	defaultDir, "db/migrations", "db/migrate", "database/migrations", "sql/migrations", "schema/migrations", "sql", "db",
	"src/main/resources/db/migration", "src/main/resources/db/changelog", "internal/db/migrations", "internal/migrations",
	"supabase/migrations", "prisma/migrations", "drizzle", "sqitch",
}

func (a *app) init(ctx context.Context) error {
	path := or(a.flags.config, configName)
	if _, err := os.Stat(path); err == nil {
		return usage("edit it, or remove it to begin again", "%s is there already", path)
	}
	dir, found := a.findDir()
	newest, last, count := "", "", 0
	var set *source.Set
	if found {
		var err error
		if set, err = source.Read(os.DirFS(dir), source.Auto); err != nil {
			return &usageError{problem: fmt.Errorf("looking at %s: %w", dir, err), hint: "name another directory with --dir"}
		}
		if count = len(set.Migrations); count > 0 {
			newest, last = set.Newest(), set.Migrations[count-1].Version
		}
	}
	server, known, err := a.initialServer(ctx, set)
	if err != nil {
		return err
	}
	relative, err := relativeTo(filepath.Dir(path), dir)
	if err != nil {
		return usage("", "writing %s: %w", path, err)
	}
	if err := writeNew(path, initialConfig(relative, server, newest)); err != nil {
		return usage("", "writing %s: %w", path, err)
	}
	fmt.Fprintf(a.out, "wrote %s\n", path)
	if known != "" {
		a.say("the server is %s, %s; correct it in %s if need be.", server, known, path)
	}
	if set != nil && set.Layout != source.Segue {
		a.say("%s is laid out as %s has it; segue reads it so, and runs it by the same rules.", dir, set.Layout)
	}
	switch {
	case count > 0:
		a.say("%s holds %d migrations, the newest %s: they are taken as they are, and lint reports on newer ones.", dir, count, newest)
		a.say("If they are applied already, record that without running them: segue adopt --through %s", quoted(last))
	case found:
		a.say("%s has no migrations yet; write the first: segue new NAME", dir)
	default:
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return usage("", "making the migrations directory: %w", err)
		}
		fmt.Fprintf(a.out, "made %s/\n", dir)
		a.say("write the first migration: segue new NAME")
	}
	return nil
}

// findDir is the migrations directory: the one named, else a usual one.
func (a *app) findDir() (dir string, found bool) {
	if a.flags.dir != "" {
		return findDir([]string{a.flags.dir})
	}
	return findDir(usualDirs)
}

// findDir is the first directory that holds SQL files, or another runner's migrations; else the first that is there and
// is called like one of migrations, or is the only candidate.
func findDir(candidates []string) (dir string, found bool) {
	empty := ""
	for _, dir := range candidates {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			if !e.IsDir() && strings.EqualFold(filepath.Ext(e.Name()), ".sql") {
				return dir, true
			}
		}
		if set, err := source.Read(os.DirFS(dir), source.Auto); err == nil && set.Layout != source.Segue {
			return withStructure(dir), true
		}
		if empty == "" && (dir == defaultDir || strings.Contains(dir, "migrat") || len(candidates) == 1) {
			empty = dir
		}
	}
	if empty != "" {
		return empty, true
	}
	return candidates[0], false
}

// withStructure is the directory above one of Rails where that has structure.sql, the schema that the
// migrations in Ruby end in.
func withStructure(dir string) string {
	above := filepath.Dir(dir)
	if _, err := os.Stat(filepath.Join(above, "structure.sql")); err == nil && filepath.Base(dir) == "migrate" {
		return above
	}
	return dir
}

// quoted is a version as a shell takes it.
func quoted(version string) string {
	if strings.ContainsAny(version, " '") {
		return "'" + strings.ReplaceAll(version, "'", `'\''`) + "'"
	}
	return version
}

// relativeTo spells a path as seen from a directory, with slashes.
func relativeTo(dir, path string) (string, error) {
	if filepath.IsAbs(path) {
		return filepath.ToSlash(path), nil
	}
	relative, err := filepath.Rel(dir, path)
	return filepath.ToSlash(relative), err
}

// writeNew writes a file that is not there yet.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("it is there already")
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// initialConfig is the file that init writes.
func initialConfig(dir string, server dialects.Version, newest string) string {
	after := `# after: "0180"           # older migrations are replayed, not reported`
	if newest != "" {
		after = fmt.Sprintf("after: %q              # these and older migrations are replayed, not reported", newest)
	}
	return fmt.Sprintf(`# segue's configuration. Every key has a default; ${VAR} and ${VAR:-default} stand for the environment.
# The database is not named here: give --database-url, or set SEGUE_DATABASE_URL or DATABASE_URL.

dir: %s
%-27s # what lint and plan go by where there is no connection

# An app version that was replaced still counts for so long: it may be rolled back to.
rollback_window: 1h

# Apps that must have a registered version before anything that they use is taken away.
# apps: [web, worker]

# project: main             # several projects may share a database
# out_of_order: refuse      # or apply: migrations that sort before an applied one

lint:
  %s
  fail_on: error            # or warning
  # rules: {drop-column: warning}
  # allow: [{rule: drop-column, migration: "0031", reason: "unused since May"}]

# How locks on tables are taken: short attempts, repeated, so that traffic never queues.
# locks: {timeout: 1s, attempts: 30, within: 10m, terminate_blockers_after: 0}

# How rows are copied.
# backfill: {batch_target: 250ms, workers: 1}
`, dir, "server: "+server.String(), after)
}
