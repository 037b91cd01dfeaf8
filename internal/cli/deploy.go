package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/migrate/fleet"
	"github.com/segue-db/segue/phases/compat"
)

func deployCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "deploy",
		Short: "What rollouts report: start, finish, abort, retire, list",
		Long: `Tells segue which app versions run. A rollout is start before its first new instance and finish when
no instance of another version is left; in between both versions count. What a registered version
still needs is not taken away.`,
		Args: noSuchCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(deployStart(a),
		deployChange(a, "finish APP VERSION", "No instance of another version of the group is left", 2, a.deployFinish),
		deployChange(a, "abort APP VERSION", "Take an unfinished start back, when no instance of it is left", 2, a.deployAbort),
		deployChange(a, "retire APP [VERSION]", "No instance of a version is left; without VERSION, the app is gone for good", 1, a.deployRetire),
		deployListCommand(a))
	return c
}

func deployStart(a *app) *cobra.Command {
	var v appVersion
	var wait time.Duration
	c := &cobra.Command{
		Use:   "start APP VERSION",
		Short: "Register a version before its rollout, or refuse it",
		Long: `Registers an app version if it works on the schema as it is: run it before the first new instance is
started, and do not roll out where it refuses. From then on the version counts.`,
		Example: `  segue deploy start web 1.5.0 --ready-for 0002
  segue deploy start web 1.5.0 --manifest segue.app.yaml --wait 10m`,
		Args: appArguments(2),
		RunE: func(c *cobra.Command, args []string) error {
			v.app, v.version = args[0], args[1]
			return a.deployStart(c.Context(), v, wait)
		},
	}
	v.addGroup(c)
	v.addManifest(c)
	addWait(c, &wait, "an answer that is not-yet or unknown")
	return c
}

// deployChange makes a command that names a version and nothing more.
func deployChange(a *app, use, short string, least int, run func(context.Context, *live, migrate.Deploy) error) *cobra.Command {
	var v appVersion
	c := &cobra.Command{
		Use: use, Short: short,
		Args: appArguments(least),
		RunE: func(c *cobra.Command, args []string) error {
			l, err := a.open(c.Context(), request{access: writes, absence: mayLack})
			if err != nil {
				return err
			}
			defer l.close()
			return run(c.Context(), l, migrate.Deploy{App: args[0], Version: argument(args, 1), Group: v.group})
		},
	}
	v.addGroup(c)
	if least == 1 {
		c.Flags().Lookup("group").DefValue, v.group = "", "" // all groups, where the whole app goes
	}
	return c
}

func (a *app) deployStart(ctx context.Context, v appVersion, wait time.Duration) error {
	l, err := a.open(ctx, request{access: writes, absence: mayLack, wait: wait})
	if err != nil {
		return err
	}
	defer l.close()
	d, err := a.deploy(v, l.settings.project)
	if err != nil {
		return err
	}
	readiness, err := l.DeployStart(ctx, d)
	if err != nil && !isA[*migrate.IncompatibleError](err) {
		return err
	}
	if printing := a.printReadiness(d, readiness, "may start: it is registered, and counts from now on"); printing != nil {
		return printing
	}
	if err != nil {
		fmt.Fprintf(a.err, "segue: %s %s was not registered: do not roll it out\n", d.App, d.Version)
		return answerCode(readiness.Answer)
	}
	a.say("when no other version of %s is left in group %s: segue deploy finish %s %s%s", d.App, d.Group, d.App, d.Version, groupFlag(d.Group))
	return nil
}

func groupFlag(group string) string {
	if group == "" || group == compat.DefaultGroup {
		return ""
	}
	return " --group " + group
}

func (a *app) deployFinish(ctx context.Context, l *live, d migrate.Deploy) error {
	retired, err := l.DeployFinish(ctx, d)
	if err != nil {
		return err
	}
	document := deploymentsDocument{1, deployments(retired)}
	return a.print(document, func(t text) {
		t.line("%s  is rolled out: no other version of %s counts in group %s", fleet.ID{App: d.App, Version: d.Version, Group: d.Group}, d.App, d.Group)
		for _, e := range retired {
			t.line("%s  is retired", e.ID())
		}
	})
}

func (a *app) deployAbort(ctx context.Context, l *live, d migrate.Deploy) error {
	if err := l.DeployAbort(ctx, d); err != nil {
		return err
	}
	return a.printApp(ctx, l, d.App)
}

func (a *app) deployRetire(ctx context.Context, l *live, d migrate.Deploy) error {
	if d.Version != "" && d.Group == "" {
		d.Group = compat.DefaultGroup
	}
	if err := l.DeployRetire(ctx, d); err != nil {
		return err
	}
	return a.printApp(ctx, l, d.App)
}
