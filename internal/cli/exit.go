package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
	"github.com/segue-db/segue/lint/report"
	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/migrate/backfill"
	"github.com/segue-db/segue/migrate/fleet"
	"github.com/segue-db/segue/migrate/source"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

// exit is the program's exit code (design section 9).
type exit int

const (
	exitYes     exit = 0
	exitNo      exit = 1 // findings, incompatible, gate closed, refused, rows that differ or break a constraint
	exitUsage   exit = 2 // usage, configuration or unreadable input
	exitFailed  exit = 3 // the database cannot be reached or failed
	exitNotYet  exit = 4 // interrupted, paused, locked, not through: try again
	exitUnknown exit = 5 // nobody can tell
)

// usageError is a command line, a configuration or an input that is wrong. Nothing was changed.
type usageError struct {
	problem error
	hint    string
}

func (e *usageError) Error() string {
	if e.hint == "" {
		return e.problem.Error()
	}
	return e.problem.Error() + "\n  " + e.hint
}

func (e *usageError) Unwrap() error { return e.problem }

// usage makes an error of what the user has to mend; hint, if not empty, says how.
func usage(hint, format string, args ...any) error {
	return &usageError{problem: fmt.Errorf(format, args...), hint: hint}
}

// answered is an error for a command whose printed result says everything: only the code is left.
type answered exit

func (a answered) Error() string { return fmt.Sprintf("answered with exit code %d", int(a)) }

// answerCode is the exit code of a readiness.
func answerCode(a compat.Answer) error {
	switch a {
	case compat.Yes:
		return nil
	case compat.NotYet:
		return answered(exitNotYet)
	case compat.Unknown:
		return answered(exitUnknown)
	}
	return answered(exitNo)
}

// gateCode is the exit code of a gate.
func gateCode(g *phases.Gate) error {
	switch {
	case g == nil || g.State == phases.Open:
		return nil
	case g.State == phases.Closed:
		return answered(exitNo)
	}
	return answered(exitUnknown)
}

// exitCode is the only place that says which error ends with which code. What no room knows came
// from the database.
func exitCode(ctx context.Context, err error) exit {
	var code answered
	switch {
	case err == nil:
		return exitYes
	case errors.As(err, &code):
		return exit(code)
	case isA[*usageError](err), isA[*lint.UnknownRuleError](err), isA[*fleet.OrderError](err),
		errors.Is(err, migrate.ErrConfig), isSource(err):
		return exitUsage
	case errors.Is(err, migrate.ErrGateClosed), errors.Is(err, migrate.ErrDiffers), errors.Is(err, migrate.ErrIncompatible),
		isA[*phases.RefusedError](err), isA[*dialects.Refusal](err), isA[*source.Refusal](err), isA[*backfill.BadRowError](err):
		return exitNo
	case errors.Is(err, migrate.ErrGateUnknown):
		return exitUnknown
	case ctx.Err() != nil, errors.Is(err, context.Canceled), errors.Is(err, migrate.ErrNotYet), errors.Is(err, migrate.ErrLocked):
		return exitNotYet
	}
	return exitFailed
}

func isSource(err error) bool {
	return isA[*source.FileError](err) || isA[*source.EncodingError](err) || isA[*source.NameError](err) ||
		isA[*source.DuplicateError](err) || isA[*source.ForeignError](err) || isA[*source.UnknownVersionError](err) ||
		isA[*source.AmbiguousError](err) || isA[*source.ListError](err)
}

func isA[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// complain prints an error for the user: one line that begins with segue:, and hints below it.
func (a *app) complain(ctx context.Context, err error) {
	if err == nil || isA[answered](err) {
		return
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		fmt.Fprintln(a.err, "segue: interrupted\n  run the same command again: it goes on from where it is")
		return
	}
	fmt.Fprintln(a.err, "segue: "+report.Inert(strings.TrimSpace(err.Error())))
	if hint := hintFor(err); hint != "" {
		fmt.Fprintln(a.err, "  "+hint)
	}
}

// hintFor is the way out of what the library reports without one; empty where there is none to add.
func hintFor(err error) string {
	var gate *migrate.GateError
	switch {
	case errors.As(err, &gate):
		return gateHint(gate)
	case isA[*migrate.BlockedError](err):
		return "once those have ended their transactions, run the same command again"
	}
	return ""
}

// gateHint is the way through a gate that is not open.
func gateHint(e *migrate.GateError) string {
	command := "segue advance " + e.Migration
	if e.Entering == "rollback" {
		command = "segue rollback " + e.Migration
	}
	if e.Gate.State == phases.Closed {
		return "roll versions that run over to ones that do without, let the time pass for which a retired one counts, and run the same command again; segue deploy list shows who counts"
	}
	return "who knows better than segue says so, and it is kept in segue events: " + command + " --force REASON"
}
