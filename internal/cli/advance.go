package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

type advanceOptions struct {
	version string
	phase   string
	dryRun  bool
	wait    time.Duration
	force   forceFlags
}

func advanceCommand(a *app) *cobra.Command {
	var o advanceOptions
	c := &cobra.Command{
		Use:   "advance VERSION [PHASE]",
		Short: "Bring a migration into its next phase, or the named one",
		Long: `Brings a migration into the named phase, or the next. To be there already is no error. Contract takes
the old form away and cannot be undone: it is entered through an open gate only, when every row was
proved identical.`,
		Args: arguments(1, 2, "a VERSION; segue status lists them"),
		RunE: func(c *cobra.Command, args []string) error {
			o.version, o.phase = args[0], argument(args, 1)
			return a.advance(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.dryRun, "dry-run", false, "show the steps and the gate, and change nothing")
	addWait(c, &o.wait, "a gate that is unknown, or a lock")
	o.force.add(c)
	return c
}

// forceFlags open a gate that is not open. Both are kept in the audit log.
type forceFlags struct {
	reason string
	ignore []string
	flags  *pflag.FlagSet
}

func (f *forceFlags) add(c *cobra.Command) {
	f.flags = c.Flags()
	c.Flags().StringVar(&f.reason, "force", "", "open what is unknown, for this `REASON`")
	c.Flags().StringArrayVar(&f.ignore, "ignore", nil, "with --force, also open what `APP@VERSION` closes; may be given several times")
}

// force is what the flags ask for; nil where they ask for nothing.
func (f *forceFlags) force() (*phases.Force, error) {
	if f.flags.Changed("force") && strings.TrimSpace(f.reason) == "" {
		return nil, usage("say why: segue events keeps it", "--force was given an empty REASON")
	}
	if f.reason == "" {
		if len(f.ignore) > 0 {
			return nil, usage("say why: --force REASON", "--ignore needs --force")
		}
		return nil, nil
	}
	return &phases.Force{Reason: f.reason, Ignore: f.ignore}, nil
}

func (a *app) advance(ctx context.Context, o advanceOptions) error {
	var phase phases.PhaseName
	if o.phase != "" {
		if err := oneOf("phase", o.phase, string(phases.Expand), string(phases.Backfill), string(phases.DualWrite),
			string(phases.Switch), string(phases.Contract)); err != nil {
			return err
		}
		phase = phases.PhaseName(o.phase)
	}
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
		preview, err := l.PreviewAdvance(ctx, o.version, phase)
		if err != nil {
			return err
		}
		return a.printPreview(preview)
	}
	if err := l.Advance(ctx, migrate.AdvanceRequest{Version: o.version, Phase: phase, Force: force}); err != nil {
		return err
	}
	l.progress.end()
	return a.printOne(ctx, l, o.version)
}

// previewDocument is a preview as JSON.
type previewDocument struct {
	Version int `json:"version"`
	migrate.Preview
}

// printPreview shows what would be done. Its exit code is the gate's.
func (a *app) printPreview(p migrate.Preview) error {
	err := a.print(previewDocument{1, p}, func(t text) {
		if p.Phase == "" {
			t.line("%s  is there already; nothing would be done", p.Migration)
			return
		}
		t.line("%s  %s", a.paint(bold, p.Migration+" "+p.Phase), "nothing is changed by --dry-run")
		t.steps(p.Steps)
		if len(p.Steps) == 0 {
			t.line("  no steps")
		}
		if p.Gate != nil {
			t.line("the gate to %s is %s", p.Gate.Next, p.Gate.State)
			for _, r := range p.Gate.Reasons {
				t.line("  %s  %s", t.gateState(r.State), r)
			}
		}
	})
	if err != nil {
		return err
	}
	return gateCode(p.Gate)
}
