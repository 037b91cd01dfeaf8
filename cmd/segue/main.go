// Command segue moves a live database from one schema to the next without an outage.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/segue-db/segue/cmd/segue/start"
	"github.com/segue-db/segue/internal/cli"
)

// The first interrupt lets the batch in flight end; a second one ends the process at once.
func main() {
	start.Loaded()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
