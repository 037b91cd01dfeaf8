package migrate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

// Conditions that callers tell apart with errors.Is.
var (
	// ErrLocked: another runner holds a lock that is needed. Try again, or give Options.Wait.
	ErrLocked = errors.New("another runner holds the lock")
	// ErrNotYet: interrupted, paused, blocked by other sessions, or not through: try again.
	ErrNotYet = errors.New("not yet")
	// ErrGateClosed: an app version still needs what the phase would take away.
	ErrGateClosed = errors.New("the gate is closed")
	// ErrGateUnknown: nobody can tell whether something is still needed. It holds like closed.
	ErrGateUnknown = errors.New("the gate is unknown")
	// ErrChecksum: a migration file was edited after it had been applied.
	ErrChecksum = errors.New("an applied migration was edited")
	// ErrDiffers: rows whose two forms are not identical.
	ErrDiffers = errors.New("rows differ")
	// ErrConfig: the directory, the configuration or the command is wrong; nothing was changed.
	ErrConfig = errors.New("cannot go ahead as asked")
	// ErrIncompatible: an app version does not work on the schema.
	ErrIncompatible = errors.New("the app version does not work here")
)

// ConfigError is something that the caller has to mend before anything can run.
type ConfigError struct {
	Problem string
	Hint    string
}

func (e *ConfigError) Error() string { return hinted(e.Problem, e.Hint) }

// Is makes every ConfigError an ErrConfig.
func (e *ConfigError) Is(target error) bool { return target == ErrConfig }

// LockedError says which lock is held, and by whom as far as the ledger tells.
type LockedError struct {
	Lock   dialects.LockName
	Holder string
}

func (e *LockedError) Error() string {
	what := string(e.Lock.Kind) + " lock"
	if e.Lock.Migration != "" {
		what += " of " + e.Lock.Migration
	}
	if e.Holder != "" {
		return fmt.Sprintf("the %s is held by %s", what, e.Holder)
	}
	return fmt.Sprintf("the %s is held by another runner; try again, or give --wait", what)
}

// Is makes every LockedError an ErrLocked and an ErrNotYet.
func (e *LockedError) Is(target error) bool { return target == ErrLocked || target == ErrNotYet }

// WaitingError says why a migration does not go on now.
type WaitingError struct {
	Migration string
	Reason    string
	Hint      string
}

func (e *WaitingError) Error() string {
	return hinted(fmt.Sprintf("migration %s waits: %s", e.Migration, e.Reason), e.Hint)
}

// Is makes every WaitingError an ErrNotYet.
func (e *WaitingError) Is(target error) bool { return target == ErrNotYet }

// BusyError says that a lock was not had which a command needs to read the registry or the schema.
type BusyError struct{ Cause error }

func (e *BusyError) Error() string {
	return fmt.Sprintf("somebody holds the registry, or rewrites a table of the schema that is to be read, for longer than %s; try again, or give --wait: %v",
		registryWait, e.Cause)
}

func (e *BusyError) Unwrap() error { return e.Cause }

// Is makes every BusyError an ErrNotYet.
func (e *BusyError) Is(target error) bool { return target == ErrNotYet }

// refusedError is that of a statement which the server refused, and has not carried out.
type refusedError struct{ cause error }

func (e *refusedError) Error() string { return e.cause.Error() }

func (e *refusedError) Unwrap() error { return e.cause }

// BlockedError says that a lock on a table could not be had, and who is in the way.
type BlockedError struct {
	Step     string
	Tables   []dialects.Name
	Attempts int
	Blockers []dialects.Blocker
}

func (e *BlockedError) Error() string {
	tables := make([]string, len(e.Tables))
	for i, t := range e.Tables {
		tables[i] = t.String()
	}
	return fmt.Sprintf("step %s could not lock %s in %d attempts%s",
		e.Step, strings.Join(tables, ", "), e.Attempts, describeBlockers(e.Blockers))
}

// Is makes every BlockedError an ErrNotYet.
func (e *BlockedError) Is(target error) bool { return target == ErrNotYet }

func describeBlockers(blockers []dialects.Blocker) string {
	var b strings.Builder
	for _, x := range blockers {
		app := x.App
		if app == "" {
			app = x.User
		}
		way := "in the way"
		if x.Suspected {
			way = "perhaps in the way"
		}
		who := fmt.Sprintf("pid %s (%s, %s", x.PID, app, x.State)
		if x.PID == "" {
			who = "no session (" + x.State
		}
		fmt.Fprintf(&b, "; %s: %s for %s)", way, who, x.Age.Round(time.Second))
		if x.Query != "" {
			b.WriteString(": " + x.Query)
		}
	}
	return b.String()
}

// GateError is a gate that is not open.
type GateError struct {
	Migration string
	Entering  string // contract, or rollback
	Gate      phases.Gate
}

func (e *GateError) Error() string {
	var b strings.Builder
	what := "go to " + e.Entering
	if e.Entering == rollbackGate {
		what = "be rolled back"
	}
	fmt.Fprintf(&b, "migration %s may not %s: the gate is %s", e.Migration, what, e.Gate.State)
	for _, r := range e.Gate.Reasons {
		if r.State == phases.Open {
			continue
		}
		fmt.Fprintf(&b, "\n  - %s: %s", r.State, r)
	}
	return b.String()
}

// soaking reports whether nothing but time is missing.
func (e *GateError) soaking() bool {
	return e.Gate.State == phases.Closed && !slices.ContainsFunc(e.Gate.Reasons, func(r phases.Reason) bool {
		return r.State != phases.Open && r.Kind != phases.FromSoak
	})
}

// Is makes a GateError an ErrGateClosed or an ErrGateUnknown; one that only soaks is ErrNotYet.
func (e *GateError) Is(target error) bool {
	if e.soaking() {
		return target == ErrNotYet
	}
	return target == ErrGateClosed && e.Gate.State == phases.Closed ||
		target == ErrGateUnknown && e.Gate.State == phases.Unknown
}

// ChecksumError names an applied migration whose file was edited.
type ChecksumError struct {
	Path, Applied, Found string
}

func (e *ChecksumError) Error() string {
	return fmt.Sprintf("%s was edited after it had been applied (checksum %s, applied as %s): put it back, and write the change as a new migration",
		e.Path, e.Found, e.Applied)
}

// Is makes every ChecksumError an ErrChecksum and an ErrConfig.
func (e *ChecksumError) Is(target error) bool { return target == ErrChecksum || target == ErrConfig }

// DiffersError lists rows whose two forms are not identical.
type DiffersError struct {
	Migration string
	Old, New  string
	Rows      []dialects.RowDiff
}

func (e *DiffersError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "verifying migration %s: rows differ between %s and %s; nothing was taken away", e.Migration, e.Old, e.New)
	for _, r := range e.Rows {
		fmt.Fprintf(&b, "\n  - %s %s: %s=%s, %s=%s", r.Table, r.Key, e.Old, value(r.Old), e.New, value(r.New))
	}
	fmt.Fprintf(&b, "\n  take one side with: segue resume %s --take old (or new)", e.Migration)
	return b.String()
}

// Is makes every DiffersError an ErrDiffers.
func (e *DiffersError) Is(target error) bool { return target == ErrDiffers }

func value(s *string) string {
	if s == nil {
		return "NULL"
	}
	return fmt.Sprintf("%q", *s)
}

// IncompatibleError is a version that deploy start refuses.
type IncompatibleError struct {
	Version   compat.Version
	Readiness compat.Readiness
}

func (e *IncompatibleError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s does not start here: %s", e.Version, e.Readiness.Answer)
	for _, p := range e.Readiness.Problems {
		fmt.Fprintf(&b, "\n  - %s", p.Message)
	}
	return b.String()
}

// Is tells no from not-yet from unknown.
func (e *IncompatibleError) Is(target error) bool {
	switch e.Readiness.Answer {
	case compat.NotYet:
		return target == ErrNotYet
	case compat.Unknown:
		return target == ErrGateUnknown
	}
	return target == ErrIncompatible
}

// UnknownStepError is a step that was begun by a runner that is gone, and of which the catalog does
// not tell whether it was carried out.
type UnknownStepError struct {
	Migration string
	Step      string
	SQL       string
}

func (e *UnknownStepError) Error() string {
	return hinted(fmt.Sprintf("step %s of %s was begun, and nobody can tell from the catalog whether it was carried out: %s", e.Step, e.Migration, e.SQL),
		fmt.Sprintf("look at the schema, run by hand what is missing of the file, then segue adopt --through %s", e.Migration))
}

// Is makes every UnknownStepError an ErrGateUnknown: a person has to look.
func (e *UnknownStepError) Is(target error) bool { return target == ErrGateUnknown }

func hinted(problem, hint string) string {
	if hint == "" {
		return problem
	}
	return problem + "\n  " + hint
}
