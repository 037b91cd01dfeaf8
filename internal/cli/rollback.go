package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/migrate"
)

type rollbackOptions struct {
	version string
	dryRun  bool
	wait    time.Duration
	force   forceFlags
}

func rollbackCommand(a *app) *cobra.Command {
	var o rollbackOptions
	c := &cobra.Command{
		Use:   "rollback VERSION",
		Short: "Undo a phased migration before contract, or run a plain one's down section",
		Long: `Undoes a phased migration: what expand added is taken away again. In dual-write an app version may
be using it, so a gate is asked. Of a plain migration the down section is run. What was rolled back
is taken up again by name only: segue up VERSION.`,
		Args: arguments(1, 1, "a VERSION; segue status lists them"),
		RunE: func(c *cobra.Command, args []string) error {
			o.version = args[0]
			return a.rollback(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.dryRun, "dry-run", false, "show the steps and the gate, and change nothing")
	addWait(c, &o.wait, "a gate that is unknown, or a lock")
	o.force.add(c)
	return c
}

func (a *app) rollback(ctx context.Context, o rollbackOptions) error {
	force, err := o.force.force()
	if err != nil {
		return err
	}
	l, err := a.open(ctx, request{access: writes, absence: mustExist, wait: o.wait})
	if err != nil {
		return err
	}
	defer l.close()
	if o.dryRun {
		preview, err := l.PreviewRollback(ctx, o.version)
		if err != nil {
			return err
		}
		return a.printRollback(preview)
	}
	if err := l.Rollback(ctx, migrate.RollbackRequest{Version: o.version, Force: force}); err != nil {
		return err
	}
	return a.printOne(ctx, l, o.version)
}

// printRollback shows the steps as they would be undone.
func (a *app) printRollback(p migrate.Preview) error {
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Undo != "" {
			s.SQL, s.Why, s.Undo = s.Undo, "undoes: "+s.Why, ""
		}
	}
	return a.printPreview(p)
}
