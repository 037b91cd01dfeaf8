package phases

import (
	"fmt"

	"github.com/segue-db/segue/phases/compat"
)

// State is where a migration is.
type State string

// The states of a migration (design section 9). Pending is not kept: it is what the directory has
// and the ledger lacks. Interrupted is not kept either: it is Running whose runner is gone.
const (
	Pending     State = "pending"
	Running     State = "running"
	Interrupted State = "interrupted"
	Waiting     State = "waiting"
	Paused      State = "paused"
	Failed      State = "failed"
	RolledBack  State = "rolled-back"
	Done        State = "done"
)

// Direction is which way a migration is being carried.
type Direction string

// The directions.
const (
	Forward Direction = "forward"
	Back    Direction = "back"
)

// transitions is the only place that says which state may follow which.
var transitions = map[State][]State{
	Pending:    {Running, Done},
	Running:    {Running, Waiting, Paused, Failed, RolledBack, Done},
	Waiting:    {Running, Paused, Waiting},
	Paused:     {Running, Waiting},
	Failed:     {Running, Waiting}, // Waiting: contract went back to dual-write
	RolledBack: {Running},
	Done:       {Running}, // a plain migration's down section
}

// CanBecome reports whether the transition table lets to follow s.
func (s State) CanBecome(to State) bool {
	for _, t := range transitions[s] {
		if t == to {
			return true
		}
	}
	return false
}

// TransitionError is a transition that the table does not have.
type TransitionError struct {
	Migration string
	From, To  State
}

func (e *TransitionError) Error() string {
	return fmt.Sprintf("moving migration %s from %s to %s: there is no such transition", e.Migration, e.From, e.To)
}

// InFlight reports whether a phased migration in this state holds its tables.
func (s State) InFlight() bool {
	switch s {
	case Running, Interrupted, Waiting, Paused, Failed:
		return true
	}
	return false
}

// StageOf is what apps can tell of a migration's forms. Crossed says that the step that cannot be
// undone has been begun or done.
func StageOf(state State, phase PhaseName, d Direction, crossed Finality) compat.Stage {
	switch {
	case state == Done:
		return compat.Contracted
	case state == RolledBack:
		return compat.Undone
	case state == Pending:
		return compat.Pending
	case d == Back:
		return compat.Undoing
	case crossed == Irreversible:
		return compat.Contracting
	case phase == DualWrite, phase == Switch, phase == Contract:
		return compat.Both
	}
	return compat.Filling
}
