package cli

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/migrate/source"
)

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// namedLike says by an example how the directory's runner wants a migration to be named.
func namedLike(set *source.Set) string {
	draft, err := set.Draft("name", time.Now())
	if err != nil {
		return fmt.Sprintf("the directory is %s's, which keeps a list of its migrations", set.Layout)
	}
	return fmt.Sprintf("the directory is %s's, where the next one would be named like %s", set.Layout, draft.Files[0].Path)
}

// aside are those paths that name what belongs to the directory and is no migration.
func (s *settings) aside(set *source.Set, paths []string) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
		within, err := inside(s.path, path)
		if err != nil || isDirectory(path) || !set.Aside(within) {
			return true
		}
		return slices.ContainsFunc(set.Migrations, func(m source.Migration) bool { return m.Path == within || m.Down.Path == within })
	})
}

// emptiness says why nothing was looked at, where that may be a mistake.
func (s *settings) emptiness(a *app, set *source.Set, config lint.Config, result *lint.Result) {
	switch {
	case len(set.Migrations) == 0:
		a.say("%s holds no migrations that segue knows: nothing was checked", s.path)
	case result.Files == 0 && config.After != "":
		a.say("lint.after in %s leaves out every migration up to %s, and there is none behind it: nothing was checked", s.file, config.After)
	}
}

// betterServer is the server that migrations are likely for which cannot be read as those of the default one.
func betterServer(set *source.Set) string {
	if v, _ := serverOfSQL(set.Migrations); v.Kind != dialects.Postgres {
		return v.String()
	}
	return "mysql:8.4, say"
}
