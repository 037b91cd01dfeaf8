package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/segue-db/segue/migrate"
)

func eventsCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "events [VERSION]",
		Short: "Show the audit log, oldest first",
		Args:  arguments(0, 1, ""),
		RunE:  func(c *cobra.Command, args []string) error { return a.events(c.Context(), argument(args, 0)) },
	}
}

// eventsDocument is the audit log as JSON.
type eventsDocument struct {
	Version int             `json:"version"`
	Events  []migrate.Event `json:"events"`
}

func (a *app) events(ctx context.Context, version string) error {
	l, err := a.open(ctx, request{access: reads, absence: mayLack})
	if err != nil {
		return err
	}
	defer l.close()
	events, err := l.Events(ctx, version)
	if err != nil {
		return err
	}
	return a.print(eventsDocument{1, filled(events)}, func(t text) {
		if len(events) == 0 {
			t.line("nothing has happened yet")
			return
		}
		var rows [][]string
		for _, e := range events {
			detail := string(e.Detail)
			if detail == "{}" {
				detail = ""
			}
			rows = append(rows, []string{stamp(e.At), e.Actor, e.Action, e.Migration, detail})
		}
		t.table([]string{"AT", "ACTOR", "ACTION", "MIGRATION", "DETAIL"}, rows)
	})
}
