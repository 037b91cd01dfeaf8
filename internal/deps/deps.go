//go:build deps

package deps

import (
	_ "github.com/goccy/go-yaml"
	_ "github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/olekukonko/tablewriter"
	_ "github.com/pganalyze/pg_query_go/v5"
	_ "github.com/rogpeppe/go-internal/testscript"
	_ "github.com/schollz/progressbar/v3"
	_ "github.com/spf13/cobra"
	_ "github.com/spf13/pflag"
	_ "github.com/testcontainers/testcontainers-go"
	_ "golang.org/x/term"
	_ "golang.org/x/tools/txtar"
)
