package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/phases"
)

// migrations lists them with where they are.
func (t text) migrations(list []migrate.MigrationStatus) {
	var rows [][]string
	for _, m := range list {
		phase := string(m.Phase)
		if m.State == phases.Done || m.State == phases.RolledBack {
			phase = ""
		}
		rows = append(rows, []string{m.Migration, m.Name, t.state(m.State), phase, describeBackfill(m.Backfill)})
	}
	t.table([]string{"VERSION", "NAME", "STATE", "PHASE", "PROGRESS"}, rows)
}

func (t text) state(s phases.State) string {
	switch s {
	case phases.Done:
		return t.app.paint(green, string(s))
	case phases.Failed, phases.Interrupted:
		return t.app.paint(red, string(s))
	case phases.Waiting, phases.Paused:
		return t.app.paint(yellow, string(s))
	}
	return string(s)
}

func describeBackfill(b *migrate.BackfillStatus) string {
	if b == nil || b.RowsTotal == 0 && b.RowsDone == 0 {
		return ""
	}
	return describeProgress(b.RowsDone, b.RowsTotal, b.Rate, time.Duration(b.ETASeconds)*time.Second, b.WaitingFor)
}

// did is a line about what was done with a migration.
func (t text) did(m migrate.MigrationStatus, what string) {
	t.line("%s  %s", t.app.paint(bold, strings.TrimSpace(m.Migration+" "+m.Name)), what)
}

// notes says why a migration is where it is, and what to run next. There is nothing to say of one
// that is done or pending as it should be.
func (t text) notes(m migrate.MigrationStatus) {
	var notes []string
	note := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	switch {
	case m.Checksum == migrate.ChecksumEdited:
		note("its file was edited after it had been applied: put it back, and write the change as a new migration")
	case m.Checksum == migrate.ChecksumMissing && m.State != phases.Done:
		note("its file is not in the directory")
	}
	if m.Runner != nil {
		note("carried by %s on %s, pid %d", m.Runner.Actor, m.Runner.Host, m.Runner.PID)
		if far := describeBackfill(m.Backfill); far != "" {
			note("its backfill is at %s", far)
		}
	}
	if m.State == phases.Interrupted {
		note("its runner is gone; the same command goes on from there")
	}
	if m.Reason != "" && m.State != phases.Done {
		note("%s", m.Reason)
	}
	if m.Gate != nil {
		note("the gate to %s is %s", m.Gate.Next, m.Gate.State)
		for _, r := range m.Gate.Reasons {
			note("  %s  %s", t.gateState(r.State), r)
		}
	}
	if m.Next != "" && (m.State != phases.Pending || len(notes) > 0) {
		when := "next"
		if m.Gate != nil && m.Gate.State != phases.Open {
			when = "when it is open"
		}
		note("%s: %s", when, t.app.paint(bold, m.Next))
	}
	if len(notes) == 0 {
		return
	}
	t.gap()
	t.line("%s  %s", t.app.paint(bold, strings.TrimSpace(m.Migration+" "+m.Name)), describeState(m))
	for _, n := range notes {
		t.line("  %s", n)
	}
}

// describeState is a migration's state and phase in words.
func describeState(m migrate.MigrationStatus) string {
	back := ""
	if m.Direction == phases.Back && m.State != phases.RolledBack {
		back = ", going back"
	}
	switch m.State {
	case phases.Done, phases.RolledBack, phases.Pending:
		return string(m.State)
	case phases.Waiting:
		return "waits in " + string(m.Phase) + back
	}
	return fmt.Sprintf("%s in %s%s", m.State, m.Phase, back)
}

// gateState pads a reason's state, so that the messages stand below each other.
func (t text) gateState(s phases.GateState) string {
	c := map[phases.GateState]color{phases.Open: green, phases.Closed: red, phases.Unknown: yellow}[s]
	return t.app.paint(c, fmt.Sprintf("%-7s", s))
}
