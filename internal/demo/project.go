package demo

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// project is what a team would have in its repository: the migrations, segue.yaml, and a manifest
// of each app version.
//
//go:embed project
var project embed.FS

const (
	createUsers = "migrations/0001_create_users.sql"
	rename      = "migrations/0002_rename_user_email.sql"
)

// checkout is the directory in which the commands run.
type checkout struct{ dir *os.Root }

// add writes files of the project.
func (c checkout) add(names ...string) error {
	for _, name := range names {
		text, err := fs.ReadFile(project, path.Join("project", name))
		if err != nil {
			return err
		}
		if err := c.dir.MkdirAll(path.Dir(name), 0o755); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
		if err := c.dir.WriteFile(name, text, 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	return nil
}
