package phases

import (
	"slices"
	"time"

	"github.com/segue-db/segue/phases/compat"
)

// registry gives a reason for each version that counts, and for each app that should have one.
// What a foreign registry holds proves nothing either way.
func (g *gate) registry() {
	if g.Foreign != "" {
		g.add(Reason{ID: "registry", Kind: FromRegistry, State: Unknown, Message: g.Foreign +
			"; the registered app versions may be another database's: accept them with segue adopt"})
		return
	}
	counting := 0
	for _, v := range g.Versions {
		if v.State.Counts() {
			counting++
			g.version(v, "")
			continue
		}
		until := v.RetiredAt.Add(g.RollbackWindow)
		if v.State == compat.Retired && !v.RetiredAt.IsZero() && g.Now.Before(until) {
			g.version(v, "; it was retired at "+clock(v.RetiredAt)+", and may be rolled back to until "+clock(until))
		}
	}
	if counting == 0 {
		g.add(Reason{ID: "registry", Kind: FromRegistry, State: Unknown, Message: "no app version is registered that counts, " +
			"and nobody registered does not mean nobody runs: run segue deploy start APP VERSION for each that does"})
	}
	for _, e := range g.Expected {
		if !g.counts(e.App, e.Group) {
			name := spell(e.App, e.Group)
			g.add(Reason{ID: "expected:" + name, Kind: FromExpected, State: Unknown, App: e.App, Group: shownGroup(e.Group),
				Message: name + " is expected (apps in segue.yaml), and no version of it counts: run segue deploy start " +
					e.App + " VERSION for what runs"})
		}
	}
	for _, app := range g.onceRegistered() {
		if !g.counts(app, "") && !slices.Contains(g.Expected, ExpectedApp{App: app}) {
			g.add(Reason{ID: "expected:" + app, Kind: FromExpected, State: Unknown, App: app,
				Message: app + " was registered once, and no version of it counts: run segue deploy start " + app +
					" VERSION for what runs, or segue deploy retire " + app + " if the app is gone for good"})
		}
	}
}

// version gives the reason of a registered version. One that is retired is listed only if it holds.
func (g *gate) version(v RegisteredVersion, retired string) {
	state, message := g.needs(v.Version)
	if retired != "" && state == Open {
		return
	}
	g.add(Reason{ID: "app:" + spell(v.App, v.Group) + "@" + v.Version.Version, Kind: FromApp, State: state,
		App: v.App, Group: shownGroup(v.Group), AppVersion: v.Version.Version, Message: message + retired})
}

// rollouts: while the first rollout of an app in a group is not finished, instances of an older
// version may run that nobody registered.
func (g *gate) rollouts() {
	if g.Foreign != "" {
		return
	}
	var asked []string
	for _, v := range g.Versions {
		name := spell(v.App, v.Group)
		if v.State != compat.Starting || slices.Contains(asked, name) || g.finished(v.App, v.Group) {
			continue
		}
		asked = append(asked, name)
		command := "segue deploy finish " + v.App + " " + v.Version.Version
		if group := shownGroup(v.Group); group != "" {
			command += " --group " + group
		}
		g.add(Reason{ID: "rollout:" + name, Kind: FromRollout, State: Unknown, App: v.App, Group: shownGroup(v.Group),
			AppVersion: v.Version.Version, Message: "is still rolling out, and what it replaces was never registered: run " +
				command + " when no other instance is left"})
	}
}

// finished reports whether some version that counts for an app in a group has been rolled out.
func (g *gate) finished(app, group string) bool {
	return slices.ContainsFunc(g.Versions, func(v RegisteredVersion) bool {
		return spell(v.App, v.Group) == spell(app, group) && (v.State == compat.Serving ||
			v.State == compat.Starting && v.Before == compat.Serving)
	})
}

// counts reports whether an app has a version that counts, in a group or in any.
func (g *gate) counts(app, group string) bool {
	return slices.ContainsFunc(g.Versions, func(v RegisteredVersion) bool {
		return v.App == app && v.State.Counts() && (group == "" || spell(app, v.Group) == spell(app, group))
	})
}

// onceRegistered are the apps that had a version at any time and were not retired as a whole.
func (g *gate) onceRegistered() []string {
	var apps []string
	for _, v := range g.Versions {
		if v.State != compat.Gone && !slices.Contains(apps, v.App) {
			apps = append(apps, v.App)
		}
	}
	slices.Sort(apps)
	return apps
}

func clock(t time.Time) string { return t.UTC().Format(time.RFC3339) }
