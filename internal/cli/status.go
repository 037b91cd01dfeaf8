package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

func statusCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "status [VERSION]",
		Short: "Show where each migration is, why it waits, and the command to run next",
		Args:  arguments(0, 1, ""),
		RunE:  func(c *cobra.Command, args []string) error { return a.status(c.Context(), argument(args, 0)) },
	}
}

// statusDocument is a list of migrations as JSON.
type statusDocument struct {
	Version    int                       `json:"version"`
	Migrations []migrate.MigrationStatus `json:"migrations"`
}

func (a *app) status(ctx context.Context, version string) error {
	l, err := a.open(ctx, request{access: reads, absence: mustExist})
	if err != nil {
		return err
	}
	defer l.close()
	return a.printStatus(ctx, l, version)
}

// printStatus shows where migrations are: all, or one.
func (a *app) printStatus(ctx context.Context, l *live, version string) error {
	list, err := l.Status(ctx, version)
	if err != nil {
		return err
	}
	return a.print(statusDocument{1, filled(list)}, func(t text) {
		if len(list) == 0 {
			t.line("there are no migrations")
			return
		}
		t.migrations(list)
		for _, m := range list {
			t.notes(m)
		}
	})
}

// printOne shows what became of one migration, after a command on it.
func (a *app) printOne(ctx context.Context, l *live, version string) error {
	list, err := l.Status(ctx, version)
	if err != nil {
		return err
	}
	return a.print(statusDocument{1, list}, func(t text) {
		for _, m := range list {
			if m.State == phases.Done {
				t.did(m, "is done")
			}
			t.notes(m)
		}
	})
}
