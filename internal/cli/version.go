package cli

import (
	"runtime"

	"github.com/spf13/cobra"
)

func versionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show segue's own version",
		Args:  arguments(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			document := struct {
				Version int    `json:"version"`
				Segue   string `json:"segue"`
				Go      string `json:"go"`
			}{1, version(), runtime.Version()}
			return a.print(document, func(t text) {
				t.line("segue %s (%s %s/%s)", document.Segue, document.Go, runtime.GOOS, runtime.GOARCH)
			})
		},
	}
}
