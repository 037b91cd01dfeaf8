package demo

import (
	"embed"
	"errors"
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
	configuration = "segue.yaml"
	createUsers   = "migrations/0001_create_users.sql"
	rename        = "migrations/0002_rename_user_email.sql"
)

// checkout is the directory in which the commands run. Files of the folder go before those of the
// project that have the same name.
type checkout struct {
	dir    *os.Root
	folder string
}

// add writes files of the project.
func (c checkout) add(names ...string) error {
	for _, name := range names {
		text, err := fs.ReadFile(project, path.Join("project", c.folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			text, err = fs.ReadFile(project, path.Join("project", name))
		}
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

// say adds a line to a file.
func (c checkout) say(name, line string) error {
	text, err := c.dir.ReadFile(name)
	if err == nil {
		err = c.dir.WriteFile(name, append(text, line...), 0o644)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}
