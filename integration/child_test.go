package integration_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"testing/fstest"
	"time"

	"github.com/segue-db/segue/migrate"
)

// A child is this test binary run as a runner of its own, so that it can be killed as a process.
const (
	childCommand = "SEGUE_CHILD_COMMAND" // up (Up, then Work) or advance
	childURL     = "SEGUE_CHILD_URL"
	childKind    = "SEGUE_CHILD_KIND" // of its server
	childPace    = "SEGUE_CHILD_PACE" // stepwise: after each step it says so, and waits for a line
	stepwise     = "stepwise"
)

// runChild is the child's main. It says "ready" when it is about to begin.
func runChild(command string) int {
	ctx := context.Background()
	db, err := open(ctx, os.Getenv(childURL))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	o := migrate.Options{Actor: "child", Backfill: migrate.Backfill{BatchTarget: 50 * time.Millisecond}}
	if os.Getenv(childPace) == stepwise {
		o.Logger = pausing(bufio.NewReader(os.Stdin))
	}
	r, err := migrate.New(childFiles(), db, o)
	if err == nil {
		fmt.Println("ready")
		switch command {
		case "up":
			if _, err = r.Up(ctx); err == nil {
				err = r.Work(ctx)
			}
		case "advance":
			err = r.Advance(ctx, migrate.AdvanceRequest{Version: "0002"})
		default:
			err = fmt.Errorf("no such command: %s", command)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// childFiles are the migrations of the child's server.
func childFiles() fstest.MapFS {
	for _, on := range rigs {
		if string(on.kind) == os.Getenv(childKind) {
			return on.files().fs()
		}
	}
	return nil
}

// pausing is a log that prints the id of each step that is done, and waits for a line.
func pausing(in *bufio.Reader) *slog.Logger {
	return slog.New(onLog(func(r slog.Record) {
		if r.Message != "step done" {
			return
		}
		fmt.Println(attr(r, "step"))
		if _, err := in.ReadString('\n'); err != nil {
			fmt.Fprintln(os.Stderr, "waiting to go on:", err)
		}
	}))
}

// child is the parent's side of it.
type child struct {
	cmd    *exec.Cmd
	in     io.Writer
	out    *bufio.Scanner
	stderr bytes.Buffer
}

// startChild returns when the child is about to begin.
func (on rig) startChild(t *testing.T, url, command, pace string) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: exec.CommandContext(t.Context(), self)}
	c.cmd.Env = append(os.Environ(), childCommand+"="+command, childURL+"="+url, childKind+"="+string(on.kind), childPace+"="+pace)
	c.cmd.Stderr = &c.stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewScanner(out)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line := c.line(); line != "ready" {
		t.Fatalf("the child did not begin: %q %v %s", line, c.cmd.Wait(), &c.stderr)
	}
	return c
}

// line is the child's next line; empty when it has ended.
func (c *child) line() string {
	c.out.Scan()
	return c.out.Text()
}

// finish waits for the child's end and fails the test if it did not end well.
func (c *child) finish(t *testing.T) {
	t.Helper()
	for c.out.Scan() {
		fmt.Fprintln(c.in)
	}
	if err := c.cmd.Wait(); err != nil {
		t.Fatalf("the runner: %v: %s", err, &c.stderr)
	}
}

// kill is kill -9. It reports whether the child was still running.
func (c *child) kill(t *testing.T) (running bool) {
	t.Helper()
	running = c.cmd.Process.Kill() == nil
	for c.out.Scan() { // until its end of the pipe is closed
	}
	err := c.cmd.Wait()
	if err != nil && c.cmd.ProcessState.Exited() {
		t.Fatalf("the runner ended by itself: %v: %s", err, &c.stderr)
	}
	return running && err != nil
}
