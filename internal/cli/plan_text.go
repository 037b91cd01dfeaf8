package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
)

// plan writes a plan: a heading for each phase, and below it its steps with what they are for, what
// they lock, and their SQL.
func (t text) plan(p *phases.Plan) {
	a := t.app
	t.line("%s  %s", a.paint(bold, strings.TrimSpace(p.Migration+" "+p.Name)), a.paint(faint, "digest "+p.Digest))
	if len(p.Recipes) > 0 {
		t.line("by %s", strings.Join(p.Recipes, ", "))
	}
	for _, phase := range p.Phases {
		t.line("")
		t.line("%s  %s", a.paint(bold, string(phase.Name)), describePhase(p, phase.Name))
		t.steps(phase.Steps)
	}
	if len(p.Down) > 0 {
		t.line("")
		t.line("%s  run by segue rollback %s", a.paint(bold, "down"), p.Migration)
		t.steps(p.Down)
	}
	if p.DownRefused != "" {
		t.line("")
		t.line("%s  segue does not run it: %s", a.paint(bold, "down"), p.DownRefused)
	}
	t.list("What apps may see, and what else is done", p.Notices)
	t.list("What nobody can judge: it holds contract until somebody does, with --force", p.Unknowns)
	t.list("Allowed by the author", p.Allowed)
}

// describePhase says who enters a phase, and when.
func describePhase(p *phases.Plan, name phases.PhaseName) string {
	switch {
	case !p.Phased():
		return "run by segue up; that is all"
	case name == phases.Expand:
		return "run by segue up"
	case name == phases.Backfill:
		return "run by segue up, behind expand"
	case name == phases.DualWrite:
		s := "nothing is run; every app version works, old and new in any mix"
		if p.Soak != "" {
			s += "; for " + p.Soak + " at least"
		}
		return s
	case name == phases.Contract && len(p.Forms) > 0:
		return fmt.Sprintf("run by segue advance %s, once its gate is open: no app version needs %s any more", p.Migration, oldForms(p))
	}
	return "run by segue advance " + p.Migration
}

func oldForms(p *phases.Plan) string {
	var names []string
	for _, f := range p.Forms {
		names = append(names, f.Table.String()+"."+f.Old)
	}
	return strings.Join(names, ", ")
}

func (t text) steps(steps []phases.Step) {
	for i := range steps {
		t.step(steps, i)
	}
}

// step writes one of several.
func (t text) step(steps []phases.Step, i int) {
	a, s := t.app, steps[i]
	t.line("  %s  %s", a.paint(bold, s.ID), s.Why)
	t.line("    %s", a.paint(faint, describeCost(steps, i)))
	t.code("    ", s.SQL)
	if a.flags.verbose && s.Undo != "" {
		t.line("    %s", a.paint(faint, "undone by"))
		t.code("    ", s.Undo)
	}
}

// describeCost is what a step, of several, does to others meanwhile.
func describeCost(steps []phases.Step, i int) string {
	s := steps[i]
	var parts []string
	switch s.Kind {
	case phases.CopyRow:
		parts = append(parts, "row by row in small batches, stepping around locked rows")
	case phases.Settle:
		parts = append(parts, "waits for the transactions that run when it starts")
	case phases.Verify:
		parts = append(parts, "reads every row")
	}
	if s.Lock != "" {
		parts = append(parts, fmt.Sprintf("locks %s (%s)", tableNames(s.Tables), s.Lock))
	}
	switch {
	case s.Blocks == dialects.BlocksAll && (s.Scans || s.Rewrites):
		parts = append(parts, "blocks reads and writes until it is done")
	case s.Blocks == dialects.BlocksAll:
		parts = append(parts, "blocks reads and writes for a moment")
	case s.Blocks == dialects.BlocksWrites:
		parts = append(parts, "blocks writes")
	default:
		parts = append(parts, "blocks nobody")
	}
	if s.Rewrites {
		parts = append(parts, "rewrites the table")
	} else if s.Scans {
		parts = append(parts, "reads the table")
	}
	if how := algorithm.FindStringSubmatch(s.SQL); how != nil {
		parts = append(parts, "ALGORITHM="+strings.ToUpper(how[1]))
	}
	// Where no step of many is in one, as on servers that know no transactional DDL, it goes without saying.
	if s.Kind == phases.DDL && !s.Transactional && (len(steps) == 1 || slices.ContainsFunc(steps, inTransaction)) {
		parts = append(parts, "outside a transaction")
	}
	switch {
	case s.Final == phases.Reversible:
	case s.Transactional:
		parts = append(parts, "cannot be undone; the gate is asked again inside its transaction")
	case i == 0 || steps[i-1].Final == phases.Reversible:
		parts = append(parts, "cannot be undone; the gate is asked again before it")
	default:
		parts = append(parts, "cannot be undone")
	}
	return strings.Join(parts, "; ")
}

func inTransaction(s phases.Step) bool { return s.Kind == phases.DDL && s.Transactional }

// algorithm finds the clause by which a server of the MySQL family is held to what was planned. The
// SQL itself is not always shown.
var algorithm = regexp.MustCompile(`(?i)\bALGORITHM\s*=\s*(\w+)`)

func tableNames(tables []dialects.Name) string {
	if len(tables) == 0 {
		return "the table"
	}
	var names []string
	for _, t := range tables {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}

func (t text) code(indent, sql string) {
	for line := range strings.SplitSeq(strings.Trim(sql, "\n"), "\n") {
		if line != "" {
			t.line("%s%s %s", indent, t.app.paint(faint, "|"), line)
		}
	}
}

func (t text) list(heading string, items []string) {
	if len(items) == 0 {
		return
	}
	t.line("")
	t.line("%s", t.app.paint(bold, heading))
	for _, item := range items {
		t.line("  - %s", item)
	}
}
