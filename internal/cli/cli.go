// Package cli is the segue command: one file per command, each an options struct and what it does.
// Commands use nothing that a user of the library cannot; they read options, call the rooms below
// and print. It alone picks a dialect.
package cli

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
)

// Run carries one command line out, without the program's name, and returns the exit code (see
// exit.go). Results go to out; progress, logs and complaints go to err. When ctx ends, work stops
// behind the batch in flight.
func Run(ctx context.Context, args []string, in io.Reader, out, err io.Writer) int {
	a := &app{in: in, out: out, err: &screen{out: err}, terminal: isTerminal(err), env: os.LookupEnv, now: time.Now}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(a.err)
	problem := root.ExecuteContext(ctx)
	a.complain(ctx, problem)
	return int(exitCode(ctx, problem))
}

// app is one run of the program: where it reads and writes, and the flags that all commands have.
type app struct {
	in       io.Reader
	out      io.Writer
	err      *screen
	terminal bool // err is one
	env      func(string) (value string, set bool)
	now      func() time.Time
	flags    globalFlags
}

// group is a heading of help.
type group string

const (
	authoring group = "Write and check migrations:"
	carrying  group = "Carry them out:"
	deploying group = "App versions:"
	others    group = "Others:"
)

// listed is a command with the heading it stands under.
type listed struct {
	group group
	make  func(*app) *cobra.Command
}

// commands are all of them.
func commands() []listed {
	return []listed{
		{authoring, initCommand},
		{authoring, newCommand},
		{authoring, lintCommand},
		{authoring, statsCommand},
		{authoring, rulesCommand},
		{authoring, planCommand},
		{carrying, upCommand},
		{carrying, statusCommand},
		{carrying, advanceCommand},
		{carrying, rollbackCommand},
		{carrying, pauseCommand},
		{carrying, resumeCommand},
		{carrying, adoptCommand},
		{carrying, eventsCommand},
		{deploying, deployCommand},
		{deploying, checkCommand},
		{others, demoCommand},
		{others, versionCommand},
	}
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "segue",
		Short: "Move a live database from one schema to the next without an outage",
		Long: `segue moves a live database from one schema to the next without an outage, and without breaking
any app version that is still running. You write the change you mean, in plain SQL.

A new project begins with:  segue init, segue new NAME, segue lint, segue plan, segue up
To see a whole rename on a throwaway server:  segue demo`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noSuchCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(flagError)
	a.flags.add(root.PersistentFlags())
	for _, g := range []group{authoring, carrying, deploying, others} {
		root.AddGroup(&cobra.Group{ID: string(g), Title: string(g)})
	}
	for _, command := range commands() {
		c := command.make(a)
		c.GroupID = string(command.group)
		root.AddCommand(c)
	}
	root.SetHelpCommandGroupID(string(others))
	root.SetCompletionCommandGroupID(string(others))
	return root
}
