package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func pauseCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "pause VERSION",
		Short: "Hold a backfill in flight, from any machine",
		Args:  arguments(1, 1, "a VERSION; segue status lists them"),
		RunE:  func(c *cobra.Command, args []string) error { return a.pause(c.Context(), args[0]) },
	}
}

func (a *app) pause(ctx context.Context, version string) error {
	l, err := a.open(ctx, request{access: writes, absence: mayLack})
	if err != nil {
		return err
	}
	defer l.close()
	if err := l.Pause(ctx, version); err != nil {
		return err
	}
	return a.printOne(ctx, l, version)
}
