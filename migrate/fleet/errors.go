package fleet

import (
	"errors"
	"fmt"
)

// Verb is a deploy command.
type Verb string

// The verbs that change the registry.
const (
	StartVerb  Verb = "start"
	FinishVerb Verb = "finish"
	AbortVerb  Verb = "abort"
	RetireVerb Verb = "retire"
)

// Conditions that callers tell apart with errors.Is.
var (
	// ErrNotStarted: finish, abort or retire of a version that was never started.
	ErrNotStarted = errors.New("it was never started")
	// ErrRetired: finish of a version that no longer counts.
	ErrRetired = errors.New("no rollout of it is under way")
	// ErrFinished: abort of a version whose rollout is finished. What runs in its place now is
	// not known until it is started.
	ErrFinished = errors.New("its rollout is finished already")
)

// OrderError is a deploy command that does not fit what the registry holds. Nothing was changed.
type OrderError struct {
	Verb  Verb
	ID    ID
	Cause error // one of the conditions above
	Hint  string
}

var gerunds = map[Verb]string{
	StartVerb: "starting", FinishVerb: "finishing", AbortVerb: "aborting", RetireVerb: "retiring",
}

func (e *OrderError) Error() string {
	name := e.ID.String()
	if e.ID.Version == "" {
		name = e.ID.App
	}
	return fmt.Sprintf("%s %s: %s: %s", gerunds[e.Verb], name, e.Cause, e.Hint)
}

func (e *OrderError) Unwrap() error { return e.Cause }
