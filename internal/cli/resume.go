package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate"
)

func resumeCommand(a *app) *cobra.Command {
	var take string
	c := &cobra.Command{
		Use:   "resume VERSION",
		Short: "Go on with a backfill that was paused, or repair rows that differ",
		Args:  arguments(1, 1, "a VERSION; segue status lists them"),
		RunE:  func(c *cobra.Command, args []string) error { return a.resume(c.Context(), args[0], take) },
	}
	c.Flags().StringVar(&take, "take", "", "first make differing rows identical, by the value of this `SIDE`: old or new")
	return c
}

func (a *app) resume(ctx context.Context, version, take string) error {
	if take != "" {
		if err := oneOf("--take", take, string(dialects.Old), string(dialects.New)); err != nil {
			return err
		}
	}
	l, err := a.open(ctx, request{access: writes, absence: mustExist})
	if err != nil {
		return err
	}
	defer l.close()
	if err := l.Resume(ctx, migrate.ResumeRequest{Version: version, Take: dialects.Side(take)}); err != nil {
		return err
	}
	l.progress.end()
	return a.printOne(ctx, l, version)
}
