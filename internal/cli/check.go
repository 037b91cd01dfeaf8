package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases/compat"
)

type checkOptions struct {
	appVersion
	offline bool
	wait    time.Duration
}

func checkCommand(a *app) *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check APP VERSION",
		Short: "Does this app version work here? What is missing, and what does it hold up?",
		Long: `Asks whether an app version works on the schema as it is, and registers nothing. Exit code: 0 yes,
1 no, 4 not yet, 5 unknown. --offline asks about the schema that the migrations end in.`,
		Args: appArguments(2),
		RunE: func(c *cobra.Command, args []string) error {
			o.app, o.version = args[0], args[1]
			return a.check(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.offline, "offline", false, "ask about the schema that the migrations end in, without a database")
	o.addGroup(c)
	o.addManifest(c)
	addWait(c, &o.wait, "an answer that is not-yet or unknown")
	return c
}

func (a *app) check(ctx context.Context, o checkOptions) error {
	d, readiness, err := a.readiness(ctx, o)
	if err != nil {
		return err
	}
	if err := a.printReadiness(d, readiness, "works here"); err != nil {
		return err
	}
	return answerCode(readiness.Answer)
}

func (a *app) readiness(ctx context.Context, o checkOptions) (migrate.Deploy, compat.Readiness, error) {
	if o.offline {
		return a.offlineReadiness(o)
	}
	l, err := a.open(ctx, request{access: reads, absence: mayLack, wait: o.wait})
	if err != nil {
		return migrate.Deploy{}, compat.Readiness{}, err
	}
	defer l.close()
	d, err := a.deploy(o.appVersion, l.settings.project)
	if err != nil {
		return d, compat.Readiness{}, err
	}
	readiness, err := l.CheckVersion(ctx, d)
	return d, readiness, err
}

func (a *app) offlineReadiness(o checkOptions) (d migrate.Deploy, r compat.Readiness, err error) {
	if _, err := a.format(); err != nil {
		return d, r, err
	}
	s, err := a.settings()
	if err != nil {
		return d, r, err
	}
	if d, err = a.deploy(o.appVersion, s.project); err != nil {
		return d, r, err
	}
	set, err := s.set(mustExist)
	if err != nil {
		return d, r, err
	}
	r, err = migrate.CheckOffline(set, s.dialect(), s.server,
		compat.Version{App: d.App, Version: d.Version, Group: d.Group, Manifest: d.Manifest})
	return d, r, err
}

// readinessDocument is a readiness as JSON.
type readinessDocument struct {
	Version    int    `json:"version"`
	App        string `json:"app"`
	AppVersion string `json:"app_version"`
	Group      string `json:"group"`
	compat.Readiness
}

// printReadiness shows an answer; yes is what it says of a version that works.
func (a *app) printReadiness(d migrate.Deploy, r compat.Readiness, yes string) error {
	r.Problems, r.Holds = filled(r.Problems), filled(r.Holds)
	return a.print(readinessDocument{1, d.App, d.Version, or(d.Group, compat.DefaultGroup), r}, func(t text) {
		answer := map[compat.Answer]string{
			compat.Yes:     yes,
			compat.No:      "does not work here",
			compat.NotYet:  "does not work here yet",
			compat.Unknown: "may or may not work here: nobody can tell",
		}[r.Answer]
		name := compat.Version{App: d.App, Version: d.Version, Group: d.Group}
		t.line("%s  %s", a.paint(bold, name.String()), answer)
		for _, p := range r.Problems {
			until := ""
			if p.Until != "" && !strings.Contains(p.Message, p.Until) {
				until = " (until " + p.Until + ")"
			}
			t.line("  - %s%s", p.Message, until)
		}
		for _, h := range r.Holds {
			t.line("  while it counts, %s of %s waits: it %s", h.Phase, h.Migration, h.Message)
		}
	})
}
