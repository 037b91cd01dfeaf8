package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func newCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "new NAME",
		Short: "Write the next migration file, and print its path",
		Example: `  segue new "rename user email"
  segue new add_orders`,
		Args: arguments(1, 1, "a NAME, such as rename_user_email"),
		RunE: func(_ *cobra.Command, args []string) error { return a.newMigration(args[0]) },
	}
}

func (a *app) newMigration(name string) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.path, 0o777); err != nil {
		return usage("", "making the migrations directory: %w", err)
	}
	set, err := s.set(mustExist)
	if err != nil {
		return err
	}
	draft, err := set.Draft(name, a.now())
	if err != nil {
		return &usageError{problem: err}
	}
	for _, file := range draft.Files {
		path := filepath.Join(s.path, filepath.FromSlash(file.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return usage("", "making the migration's directory: %w", err)
		}
		if err := writeNew(path, file.Text); err != nil {
			return usage("", "writing migration %s: %w", path, err)
		}
		fmt.Fprintln(a.out, path)
	}
	a.say("write your SQL into it, then: segue lint, segue plan, segue up")
	if draft.Note != "" {
		a.say("%s.", draft.Note)
	}
	return nil
}
