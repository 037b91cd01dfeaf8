package integration_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

// hotRows are those that the writers of a round touch; the rest must come out as they went in.
const hotRows = 400

// round is one rename, carried by children.
type round struct {
	on     rig
	server *scratch.Server
	url    string
	conn   *client
	r      *migrate.Runner
}

func newRound(t *testing.T, on rig, server *scratch.Server, rows int) *round {
	t.Helper()
	url, f := on.startedOn(t, server, rows)
	return &round{on, server, url, connect(t, url), runner(t, url, f, migrate.Options{Logger: silent})}
}

// killed says where a runner was killed.
type killed struct {
	phase phases.PhaseName
	state phases.State
}

// interrupt kills a runner at a moment of its run, and waits until its sessions are gone: the server
// ends them when it next hears from them.
func (o *round) interrupt(t *testing.T, c *child) (killed, bool) {
	t.Helper()
	running := c.kill(t)
	until(t, "the killed runner's sessions to end", func() bool {
		return count(t, o.conn, o.on.sessions) == 0
	})
	k := killed{state: phases.Pending}
	for _, s := range statuses(t, o.r) {
		if s.Migration == "0002" {
			k = killed{s.Phase, s.State}
		}
	}
	return k, running
}

// carry runs a command while writers by one name go on, killing its first runner in the way that
// kill says, if at all.
func (o *round) carry(t *testing.T, command, column string, kill func(command string) (killed, bool)) (killed, bool) {
	t.Helper()
	writers := &app{on: o.on, column: column, clients: 2}
	writing, stop := context.WithCancel(t.Context())
	defer stop()
	wait := writers.run(writing, t, o.url, hotRows, 3*time.Millisecond)
	var where killed
	var did bool
	if kill != nil {
		where, did = kill(command)
	}
	o.on.startChild(t, o.url, command, "").finish(t)
	stop()
	wait()
	for _, e := range writers.errors {
		t.Errorf("a writer of %s: %s", column, e)
	}
	if lost := writers.lost(t, o.conn, "email"); lost != 0 {
		t.Errorf("%d of %d acknowledged writes of %s are gone", lost, len(writers.acked), column)
	}
	return where, did
}

// whole carries the rename through. It returns where it was killed, and whether it was.
func (o *round) whole(t *testing.T, kill func(command string) (killed, bool)) (where killed, did bool) {
	t.Helper()
	where, did = o.carry(t, "up", "user_email", kill)
	if s := status(t, o.r, "0002"); s.State != phases.Waiting || s.Phase != phases.DualWrite {
		t.Fatalf("the same command again ended in %s, %s: %s", s.Phase, s.State, s.Reason)
	}
	if n := o.on.usersDiffering(t, o.conn); n != 0 {
		t.Fatalf("%d rows differ in dual-write", n)
	}
	deployed(t, o.r, uses("1.5.0", "email"))
	w, d := o.carry(t, "advance", "email", kill)
	if d {
		where, did = w, d
	}
	return where, did
}

// outcome is everything that an uninterrupted run and a killed one have to agree in.
type outcome struct{ schema, ledger, rows, left string }

func (o *round) outcome(t *testing.T, rows int) outcome {
	t.Helper()
	return outcome{
		schema: o.on.dump(t, o.server, o.url),
		ledger: lines(t, o.conn, "SELECT version, state, phase, direction, reason, digest FROM "+o.on.ledgerTable("migrations")+" ORDER BY version") +
			lines(t, o.conn, "SELECT migration, step, state, error FROM "+o.on.ledgerTable("steps")+" ORDER BY migration, step"),
		rows: text(t, o.conn, o.on.rowsText, hotRows, rows),
		left: text(t, o.conn, o.on.helpers),
	}
}

func (got outcome) same(t *testing.T, want outcome) {
	t.Helper()
	if got.schema != want.schema {
		t.Errorf("the schema is\n%s\nand an uninterrupted run's is\n%s", got.schema, want.schema)
	}
	if got.ledger != want.ledger {
		t.Errorf("the ledger says\n%s\nand an uninterrupted run's\n%s", got.ledger, want.ledger)
	}
	if got.rows != want.rows {
		t.Error("rows are not those of an uninterrupted run")
	}
	if got.left != "" {
		t.Errorf("helper objects are left: %s", got.left)
	}
}

// stretch is the time between two steps: from the end of one, or the command's begin, to the end of
// the next, or the command's end.
type stretch struct {
	command string
	after   string // a step's id; "ready" for the command's begin
	took    time.Duration
}

// stretches runs a command to its end, and measures.
func (on rig) stretches(t *testing.T, url, command string) (all []stretch) {
	t.Helper()
	c := on.startChild(t, url, command, stepwise)
	for after := "ready"; after != ""; {
		begin := time.Now()
		next := c.line()
		all = append(all, stretch{command, after, time.Since(begin)})
		after = next
		fmt.Fprintln(c.in)
	}
	c.finish(t)
	return all
}

// reach runs a command and returns when it stands at a stretch's begin.
func (o *round) reach(t *testing.T, s stretch) *child {
	t.Helper()
	c := o.on.startChild(t, o.url, s.command, stepwise)
	for at := "ready"; at != s.after; {
		if at != "ready" {
			fmt.Fprintln(c.in)
		}
		if at = c.line(); at == "" {
			t.Fatalf("the runner ended before step %s: %s", s.after, &c.stderr)
		}
	}
	return c
}

// TestKilledRunner kills the runner (kill -9) between every two steps, and at random moments spread
// over all of up and contract, while apps write. The same command again ends where an uninterrupted
// run does.
func TestKilledRunner(t *testing.T) { onEach(t, killedRunner) }

func killedRunner(t *testing.T, on rig) {
	rows, moments, every := on.killRows, on.moments, 1
	if os.Getenv("SEGUE_SOAK") != "" {
		rows, moments = 10_000, 30
	}
	if testing.Short() {
		if on.kind != dialects.Postgres {
			long(t)
		}
		rows, moments, every = 3_000, 2, 7
	}
	server := on.shared(t)

	var all []stretch
	reference := newRound(t, on, server, rows)
	reference.whole(t, func(command string) (killed, bool) {
		all = append(all, on.stretches(t, reference.url, command)...)
		return killed{}, false
	})
	want := reference.outcome(t, rows)
	if want.left != "" {
		t.Fatalf("an uninterrupted run leaves %s", want.left)
	}
	for _, s := range all {
		t.Logf("%s, after %s: %v", s.command, s.after, s.took.Round(time.Millisecond))
	}

	t.Run("between steps", func(t *testing.T) { killedBetween(t, on, server, rows, every, all, want) })

	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	places := map[killed]int{}
	hits := 0
	for i := 0; hits < moments && i < 3*moments; i++ { // a runner may end before its moment
		s := all[random.IntN(len(all))]
		delay := time.Duration(random.Float64() * float64(s.took))
		t.Run(fmt.Sprintf("%v after %s", delay.Round(100*time.Microsecond), s.command+" "+s.after), func(t *testing.T) {
			o := newRound(t, on, server, rows)
			where, did := o.whole(t, func(command string) (killed, bool) {
				if command != s.command {
					return killed{}, false
				}
				c := o.reach(t, s)
				if s.after != "ready" {
					fmt.Fprintln(c.in)
				}
				<-time.After(delay)
				return o.interrupt(t, c)
			})
			if did {
				places[where]++
				hits++
			}
			o.outcome(t, rows).same(t, want)
		})
	}
	t.Logf("killed at %d moments, in: %v", hits, places)
	if hits < moments {
		t.Errorf("the runner was killed at %d moments of %d", hits, moments)
	}
}

// killedBetween kills it when a step is done and the next is not begun.
func killedBetween(t *testing.T, on rig, server *scratch.Server, rows, every int, all []stretch, want outcome) {
	for n, s := range all {
		if s.after == "ready" || n%every != 0 {
			continue
		}
		t.Run("after "+s.after, func(t *testing.T) {
			t.Parallel()
			o := newRound(t, on, server, rows)
			where, did := o.whole(t, func(command string) (killed, bool) {
				if command != s.command {
					return killed{}, false
				}
				return o.interrupt(t, o.reach(t, s))
			})
			if !did {
				t.Fatal("it was not killed")
			}
			t.Logf("killed in %s, %s", where.phase, where.state)
			o.outcome(t, rows).same(t, want)
		})
	}
}
