package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/demo"
	"github.com/segue-db/segue/internal/scratch"
)

func demoCommand(a *app) *cobra.Command {
	o := demo.Options{Rows: demo.DefaultRows, Watch: demo.DefaultWatch, Out: a.out}
	c := &cobra.Command{
		Use:   "demo",
		Short: "A throwaway server, an old and a new app writing, and a whole rename",
		Long: `Starts a throwaway server, PostgreSQL unless --server names another kind, lets an old and a new
version of an app read and write in it, and renames the column that they use meanwhile, with the
commands of segue that a person would give. It ends with what the apps saw and with a comparison of
every row: exit code 0 if no app saw an error and no row differs, else 1. It touches no other
database, and leaves nothing behind.`,
		Example: `  segue demo
  segue demo --rows 1000000
  segue demo --keep            look around in it afterwards
  segue demo --server mysql
  segue demo --server postgres:17`,
		Args: arguments(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return a.demo(c.Context(), o) },
	}
	f := c.Flags()
	f.IntVar(&o.Rows, "rows", o.Rows, "rows of the table")
	f.BoolVar(&o.Keep, "keep", false, "keep the server until Ctrl-C, and say how to reach it")
	return c
}

func (a *app) demo(ctx context.Context, o demo.Options) (err error) {
	if o.Rows < 1 {
		return usage("", "--rows %d: it must be a whole number from 1 on", o.Rows)
	}
	if err := oneOf("--format", or(a.flags.format, string(tableFormat)), string(tableFormat)); err != nil {
		return err
	}
	if a.flags.server != "" {
		if o.Server, err = dialects.ParseVersion(a.flags.server); err != nil {
			return usage("", "--server: %w", err)
		}
	}
	switch {
	case a.colored():
		o.Style = demo.Coloured
	case isTerminal(a.out):
		o.Style = demo.Lively
	default:
		o.Style = demo.Plain
	}
	o.Run = func(ctx context.Context, url string, args []string, out io.Writer) int {
		args = append([]string{"--database-url", url}, args...)
		if a.flags.noColor {
			args = append([]string{"--no-color"}, args...)
		}
		return Run(ctx, args, a.in, out, a.err.out)
	}
	_, err = demo.Run(ctx, o)
	switch {
	case errors.Is(err, demo.ErrUnclean):
		return answered(exitNo)
	case errors.Is(err, scratch.ErrNoServer):
		return fmt.Errorf("running the demo: %w", err)
	case err != nil && ctx.Err() != nil:
		a.say("segue: interrupted; the server is stopped, and everything is removed")
		return answered(exitNotYet)
	}
	return err
}
