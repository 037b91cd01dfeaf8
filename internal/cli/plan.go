package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

func planCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "plan [VERSION]",
		Short: "Show what is going to be done: phases, steps, SQL, locks, gates",
		Long: `Shows the plans of what is pending or in flight, on the live schema. Without a database it plans on
the schema that the migrations before end in: of VERSION, or of the newest one. Nothing is changed.
--verbose adds what undoes each step.`,
		Args: arguments(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error { return a.plan(c.Context(), argument(args, 0)) },
	}
}

// planDocument is a list of plans as JSON.
type planDocument struct {
	Version int            `json:"version"`
	Catalog catalogKind    `json:"catalog"`
	Plans   []*phases.Plan `json:"plans"`
}

// catalogKind says where the schema comes from that a plan is made on.
type catalogKind string

const (
	liveCatalog     catalogKind = "live"
	replayedCatalog catalogKind = "replayed"
)

func (a *app) plan(ctx context.Context, version string) error {
	if a.databaseURL() == "" {
		return a.planOffline(version)
	}
	l, err := a.open(ctx, request{access: reads, absence: mustExist})
	if err != nil {
		return err
	}
	defer l.close()
	plans, err := l.Plans(ctx, version)
	if err != nil {
		return err
	}
	return a.printPlans(plans, liveCatalog, l.server.Version.String())
}

func (a *app) planOffline(version string) error {
	if _, err := a.format(); err != nil {
		return err
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	set, err := s.set(mustExist)
	if err != nil {
		return err
	}
	var plans []*phases.Plan
	if len(set.Migrations) > 0 || version != "" {
		if plans, err = migrate.OfflinePlans(set, s.dialect(), s.server, version); err != nil {
			return err
		}
	}
	return a.printPlans(plans, replayedCatalog, s.server.String())
}

func (a *app) printPlans(plans []*phases.Plan, kind catalogKind, server string) error {
	if plans == nil {
		plans = []*phases.Plan{}
	}
	return a.print(planDocument{1, kind, plans}, func(t text) {
		if len(plans) == 0 {
			t.line("nothing is pending or in flight")
		}
		for _, p := range plans {
			t.gap()
			t.plan(p)
		}
		if kind == replayedCatalog && len(plans) > 0 {
			t.gap()
			t.line("%s", a.paint(faint, "planned for "+server+" on the schema that the migrations before end in; with a database, on what is really there"))
		}
	})
}
