package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases/compat"
)

func deployListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "list [APP]",
		Short: "Show every version that was ever registered",
		Args:  arguments(0, 1, ""),
		RunE: func(c *cobra.Command, args []string) error {
			l, err := a.open(c.Context(), request{access: reads, absence: mayLack})
			if err != nil {
				return err
			}
			defer l.close()
			return a.printApp(c.Context(), l, argument(args, 0))
		},
	}
}

// deploymentsDocument is a part of the registry as JSON.
type deploymentsDocument struct {
	Version     int          `json:"version"`
	Deployments []deployment `json:"deployments"`
}

type deployment struct {
	App        string              `json:"app"`
	AppVersion string              `json:"app_version"`
	Group      string              `json:"group"`
	State      compat.VersionState `json:"state"`
	Counts     bool                `json:"counts"`
	Manifest   *compat.Manifest    `json:"manifest"`
	StartedAt  time.Time           `json:"started_at"`
	LastSeenAt time.Time           `json:"last_seen_at"`
	RetiredAt  *time.Time          `json:"retired_at"`
}

func deployments(entries []migrate.Deployment) []deployment {
	list := []deployment{}
	for _, e := range entries {
		list = append(list, deployment{
			e.App, e.Version.Version, e.Group, e.State, e.State.Counts(), e.Manifest, e.StartedAt, e.LastSeenAt, e.RetiredAt,
		})
	}
	return list
}

// printApp shows the registered versions of one app, or of all where app is empty.
func (a *app) printApp(ctx context.Context, l *live, app string) error {
	entries, err := l.Deployments(ctx)
	if err != nil {
		return err
	}
	list := []deployment{}
	for _, d := range deployments(entries) {
		if app == "" || d.App == app {
			list = append(list, d)
		}
	}
	return a.print(deploymentsDocument{1, list}, func(t text) {
		if len(list) == 0 {
			t.line("no app version is registered")
			return
		}
		var rows [][]string
		for _, d := range list {
			retired := ""
			if d.RetiredAt != nil {
				retired = stamp(*d.RetiredAt)
			}
			rows = append(rows, []string{d.App, d.AppVersion, d.Group, string(d.State), stamp(d.StartedAt), retired, describeManifest(d.Manifest)})
		}
		t.table([]string{"APP", "VERSION", "GROUP", "STATE", "STARTED", "RETIRED", "MANIFEST"}, rows)
	})
}

// describeManifest is a manifest in a few words.
func describeManifest(m *compat.Manifest) string {
	if m == nil {
		return "none: needs every old form"
	}
	var parts []string
	if len(m.ReadyFor) > 0 {
		parts = append(parts, "ready for "+strings.Join(m.ReadyFor, ", "))
	}
	if m.Uses != nil {
		parts = append(parts, "uses by column")
	}
	if len(m.With) > 0 {
		parts = append(parts, "and what an earlier start of it needs")
	}
	return or(strings.Join(parts, "; "), "ready for nothing new")
}

// stamp is a time for people, to the second, in UTC.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }
