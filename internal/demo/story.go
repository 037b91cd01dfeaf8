package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
)

// instancesOfAnApp is how many connections each version works over when it is fully rolled out.
const instancesOfAnApp = 4

// story is one telling of the demo.
type story struct {
	Options
	*screen
	store    store
	server   dialects.Version
	url      string
	rows     *rows
	conn     *connection // the demo's own
	old, new *app
	report   Report
}

// tell goes through the acts. The apps are stopped when it returns.
func (t *story) tell(ctx context.Context) (err error) {
	if t.conn, err = connect(ctx, t.store, t.url, "demo"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.conn.close()) }()
	t.old = newApp(t.store, "web", "1.4.0", "user_email", t.url, t.rows)
	t.new = newApp(t.store, "web", "1.5.0", "email", t.url, t.rows)
	defer func() {
		t.stop(t.old)
		t.stop(t.new)
		t.report.Apps = []AppReport{t.old.report(), t.new.report()}
	}()
	for _, act := range []func(context.Context) error{
		t.setting, t.change, t.migration, t.rollout, t.contract, t.reckoning,
	} {
		if err := act(ctx); err != nil {
			return err
		}
	}
	return nil
}

// segue runs a command and checks that it ends as the story wants.
func (t *story) segue(ctx context.Context, want int, args ...string) error {
	return t.expect(ctx, want, "segue "+strings.Join(args, " "), args, t.out)
}

// expect shows a command line, runs segue with its arguments, and checks the exit code.
func (t *story) expect(ctx context.Context, want int, line string, args []string, out io.Writer) error {
	t.command(line)
	code := t.Run(ctx, t.url, args, out)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	t.exited(code)
	if code != want {
		return fmt.Errorf("%s ended with exit code %d, and the demo goes on only from %d", line, code, want)
	}
	return nil
}

// planWithoutSQL shows the plan as segue prints it, less the lines of SQL.
func (t *story) planWithoutSQL(ctx context.Context) error {
	const sql = "    |"
	var plan bytes.Buffer
	err := t.expect(ctx, yes, "segue plan | grep -v '^"+sql+"'", []string{"plan"}, &plan)
	for line := range strings.Lines(plan.String()) {
		if !strings.HasPrefix(line, sql) {
			fmt.Fprint(t.out, line)
		}
	}
	return err
}

// cat shows a file of the working directory.
func (t *story) cat(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	t.command("cat " + name)
	fmt.Fprint(t.out, string(text))
	return nil
}

func (t *story) start(ctx context.Context, a *app, instances int) error {
	for range instances {
		if err := a.grow(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (t *story) stop(a *app) {
	for a.size() > 0 {
		a.shrink()
	}
}

// watch lets the apps work for so many times Options.Watch, and shows what they count.
func (t *story) watch(ctx context.Context, times int) error {
	end := time.After(time.Duration(times) * t.Watch)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			t.settle(t.traffic())
			return context.Cause(ctx)
		case <-end:
			t.settle(t.traffic())
			return nil
		case <-tick.C:
			t.redraw(t.traffic())
		}
	}
}

// traffic is a line of how many connections the apps have and what they have counted so far. It
// fits a terminal of 80 columns, since a longer one could not be redrawn.
func (t *story) traffic() string {
	var parts []string
	for _, a := range []*app{t.old, t.new} {
		if r := a.report(); a.size() > 0 {
			parts = append(parts, fmt.Sprintf("%s %s x%d: %s writes, %s errors",
				r.Name, r.Version, a.size(), counted(r.Writes), counted(r.Errors)))
		}
	}
	return "  " + strings.Join(parts, "   ")
}

// firstErrors shows the first error that each app saw.
func (t *story) firstErrors() {
	for _, a := range []*app{t.old, t.new} {
		if a.firstErr != nil {
			t.say("the first error of %s %s: %v", a.name, a.version, a.firstErr)
		}
	}
}
