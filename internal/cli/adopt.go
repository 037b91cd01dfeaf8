package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
)

func adoptCommand(a *app) *cobra.Command {
	var through string
	c := &cobra.Command{
		Use:   "adopt",
		Short: "Record what is applied already, and run nothing",
		Long: `Records migrations up to --through as applied, on a database that was migrated by other means, and
runs nothing. On a copy of a database it accepts the ledger that came with the copy.`,
		Args: arguments(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return a.adopt(c.Context(), through) },
	}
	c.Flags().StringVar(&through, "through", "", "the last `VERSION` that is applied already")
	return c
}

// adoptDocument is what adopt recorded, as JSON.
type adoptDocument struct {
	Version int      `json:"version"`
	Adopted []string `json:"adopted"`
}

func (a *app) adopt(ctx context.Context, through string) error {
	l, err := a.open(ctx, request{access: writes, absence: mustExist})
	if err != nil {
		return err
	}
	defer l.close()
	adopted, err := l.Adopt(ctx, through)
	if err != nil {
		return err
	}
	return a.print(adoptDocument{1, filled(adopted)}, func(t text) {
		if len(adopted) > 0 {
			t.line("recorded as applied, and not run: %s", strings.Join(adopted, ", "))
			return
		}
		if through == "" {
			t.line("the ledger is this database's own from now on")
			return
		}
		t.line("nothing to record: everything through %s is in the ledger", through)
	})
}
