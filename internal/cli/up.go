package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

type upOptions struct {
	version string
	until   string
	expect  string
	direct  bool
	dryRun  bool
	wait    time.Duration
}

func upCommand(a *app) *cobra.Command {
	var o upOptions
	c := &cobra.Command{
		Use:   "up [VERSION]",
		Short: "Apply all that may go ahead, or one migration",
		Long: `Applies plain migrations, and brings phased ones through expand and backfill into dual-write, where
every app version works. From there on segue advance takes over. Run again, it goes on from where
it is; a migration that another runner carries is left to that one. On an empty database everything
is run as written.`,
		Example: `  segue up                  everything that may go ahead
  segue up --until expand   in a pipeline: quick, the backfill is left to another segue up
  segue up 0007             one migration, also one that was rolled back or paused`,
		Args: arguments(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			o.version = argument(args, 0)
			return a.up(c.Context(), o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.until, "until", string(phases.DualWrite), "last `PHASE` to enter: expand or dual-write")
	f.StringVar(&o.expect, "expect", "", "run only the plan that has this `DIGEST`, as segue plan showed it")
	f.BoolVar(&o.direct, "direct", false, "run every migration as written, with nobody to protect")
	f.BoolVar(&o.dryRun, "dry-run", false, "show the plans and change nothing")
	addWait(c, &o.wait, "a lock")
	return c
}

// addWait adds --wait; what names what is waited for.
func addWait(c *cobra.Command, wait *time.Duration, what string) {
	c.Flags().DurationVar(wait, "wait", 0, "wait for `DURATION` at most for "+what)
}

// upDocument is what up did, as JSON. Migrations are those not done, as status has them.
type upDocument struct {
	Version    int                       `json:"version"`
	Applied    []string                  `json:"applied"`
	Expanded   []string                  `json:"expanded"`
	Backfilled []string                  `json:"backfilled"`
	Skipped    []migrate.Skipped         `json:"skipped"`
	Migrations []migrate.MigrationStatus `json:"migrations"`
}

func (a *app) up(ctx context.Context, o upOptions) error {
	if o.until == string(phases.Contract) || o.until == string(phases.Switch) {
		return usage("segue advance VERSION enters it", "up does not enter %s, which takes something away", o.until)
	}
	if err := oneOf("--until", o.until, string(phases.Expand), string(phases.DualWrite)); err != nil {
		return err
	}
	l, err := a.open(ctx, request{access: writes, absence: mustExist, wait: o.wait, direct: o.direct})
	if err != nil {
		return err
	}
	defer l.close()
	if o.dryRun {
		return a.upDryRun(ctx, l, o)
	}
	result, err := l.UpOnly(ctx, migrate.UpRequest{Version: o.version, Expect: o.expect})
	var before []migrate.MigrationStatus
	if err == nil && o.until != string(phases.Expand) {
		if before, err = l.Status(ctx, ""); err == nil {
			err = l.WorkOn(ctx, o.version)
		}
	}
	l.progress.end()
	// What was done is worth telling beside an error too. Then the status may be out of reach.
	if err != nil && len(result.Applied)+len(result.Expanded)+len(result.Skipped) == 0 {
		return err
	}
	after, problem := l.Status(context.WithoutCancel(ctx), "")
	if problem == nil {
		problem = a.printUp(result, backfilled(before, after), after)
	}
	if err != nil {
		return err
	}
	return problem
}

func (a *app) upDryRun(ctx context.Context, l *live, o upOptions) error {
	plans, err := l.Plans(ctx, o.version)
	if err != nil {
		return err
	}
	list, err := l.Status(ctx, o.version)
	if err != nil {
		return err
	}
	due := map[string]bool{}
	for _, m := range list {
		due[m.Migration] = m.State == phases.Pending || m.Phase == phases.Expand || m.Phase == phases.Backfill || o.version != ""
	}
	plans = slices.DeleteFunc(plans, func(p *phases.Plan) bool { return !due[p.Migration] })
	return a.printPlans(plans, liveCatalog, l.server.Version.String())
}

// backfilled are the migrations that were before dual-write and are in it now.
func backfilled(before, after []migrate.MigrationStatus) []string {
	versions := []string{}
	for _, m := range before {
		if m.Phase == phases.Backfill && slices.ContainsFunc(after, func(now migrate.MigrationStatus) bool {
			return now.Migration == m.Migration && now.Phase == phases.DualWrite
		}) {
			versions = append(versions, m.Migration)
		}
	}
	return versions
}

func (a *app) printUp(result migrate.Result, backfilled []string, list []migrate.MigrationStatus) error {
	open := slices.DeleteFunc(slices.Clone(list), func(m migrate.MigrationStatus) bool {
		return m.State == phases.Done || m.State == phases.RolledBack
	})
	document := upDocument{1, filled(result.Applied), filled(result.Expanded), backfilled, filled(result.Skipped), filled(open)}
	return a.print(document, func(t text) {
		for _, m := range list {
			var done []string
			if slices.Contains(result.Applied, m.Migration) {
				done = append(done, "applied")
			}
			if slices.Contains(result.Expanded, m.Migration) {
				done = append(done, "expanded")
			}
			if slices.Contains(backfilled, m.Migration) {
				done = append(done, "backfilled")
			}
			if len(done) > 0 {
				t.did(m, strings.Join(done, " and "))
			}
		}
		if result.Mode == phases.AsWritten && len(result.Applied) > 0 {
			t.line("every statement ran as written: nothing is phased where there is nobody to protect")
		}
		for _, s := range result.Skipped {
			t.line("%s  left alone: %s", s.Migration, s.Reason)
		}
		if t.w.Len() == 0 {
			t.line("nothing new to apply")
		}
		for _, m := range open {
			t.notes(m)
		}
	})
}

// filled is a list that JSON shows as [] where it is empty.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
