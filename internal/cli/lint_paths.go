package cli

import (
	"fmt"
	"os"
	"slices"
	"time"

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
