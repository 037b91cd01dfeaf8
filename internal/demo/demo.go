// Package demo is segue demo: a throwaway server, an old and a new version of an app that write all
// the while, and a whole column rename in the real commands' own output. It ends with what the apps
// saw and with a comparison of every row.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

// What the command does unless said.
const (
	DefaultRows  = 200_000
	DefaultWatch = 2 * time.Second
)

// Options say how the demo runs.
type Options struct {
	// Rows of the table before the apps come, from 1 on.
	Rows int
	// Server is the kind, and the release if that matters. The zero value is any PostgreSQL.
	Server dialects.Version
	// Keep leaves the server running behind the end, until ctx ends.
	Keep bool
	// Watch is how long the apps are watched at a time; a whole telling is some ten of it and the work
	// itself. DefaultWatch is time enough to read along.
	Watch time.Duration
	Out   io.Writer
	Style Style
	// Run carries out one command line of segue against a database, in the working directory, with
	// its results to out, and returns the exit code.
	Run func(ctx context.Context, url string, args []string, out io.Writer) int
}

// ErrUnclean means that an app saw an error, or that a row differs; the report says how many.
var ErrUnclean = errors.New("an app saw an error, or a row differs")

// Run runs the demo and returns what was counted. While it runs, the working directory of the
// process is the demo's own. However it ends, the server is stopped and everything is removed.
func Run(ctx context.Context, o Options) (report Report, err error) {
	started := time.Now()
	s := &screen{out: o.Out, style: o.Style}
	if o.Server.Kind == "" {
		o.Server.Kind = dialects.Postgres
	}
	kind, err := storeOf(o.Server.Kind)
	if err != nil {
		return report, err
	}
	s.say("A %s is being started for this demo alone. Ctrl-C stops and removes everything, at any time.", kind.name())
	server, err := scratch.Start(ctx, scratch.Options{Server: o.Server, Durability: scratch.Durable})
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	url, err := server.NewDatabase(ctx)
	if err != nil {
		return report, err
	}
	dir, leave, err := enter()
	if err != nil {
		return report, fmt.Errorf("making a directory for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, leave()) }()

	t := &story{Options: o, screen: s, store: kind, url: url,
		server: dialects.Version{Kind: o.Server.Kind, Major: server.Major(), Minor: server.Minor()}, rows: newRows(int64(o.Rows))}
	err = t.tell(ctx)
	report = t.report
	report.Took = time.Since(started)
	t.firstErrors()
	if err != nil {
		return report, err
	}
	fmt.Fprintln(s.out)
	s.show(report.String())
	s.verdict(report)
	if o.Keep {
		s.say("\nThe server is kept until Ctrl-C. In another terminal:\n")
		s.show(fmt.Sprintf("cd %s\nexport SEGUE_DATABASE_URL='%s'\nsegue events\n%s\n", dir, url, kind.client(url)))
		<-ctx.Done()
	}
	if !report.Clean() {
		return report, ErrUnclean
	}
	return report, nil
}

// enter makes a directory and the process's working directory, and returns what undoes both.
func enter() (dir string, leave func() error, err error) {
	before, err := os.Getwd()
	if err != nil {
		return "", nil, err
	}
	dir, remove, err := scratch.Dir()
	if err != nil {
		return "", nil, err
	}
	if err := os.Chdir(dir); err != nil {
		return "", nil, errors.Join(err, remove())
	}
	return dir, func() error { return errors.Join(os.Chdir(before), remove()) }, nil
}
