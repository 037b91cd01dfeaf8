package phases

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases/compat"
)

// Gate is the answer to whether a phase may be entered, or undone. Every reason is listed, the
// open ones too. A phase is entered through an open gate only: unknown holds like closed.
type Gate struct {
	Next    string    `json:"next"` // "contract" or "rollback"
	State   GateState `json:"state"`
	Reasons []Reason  `json:"reasons"`
}

// GateState is what a gate or one of its reasons says.
type GateState string

// The states of a gate. Closed beats Unknown, and Unknown beats Open.
const (
	Open    GateState = "open"
	Closed  GateState = "closed"
	Unknown GateState = "unknown"
)

// Reason is one condition of a gate.
type Reason struct {
	ID         string     `json:"id"` // the same for the same condition each time the gate is asked
	Kind       ReasonKind `json:"kind"`
	State      GateState  `json:"state"`
	App        string     `json:"app,omitempty"`
	Group      string     `json:"group,omitempty"` // empty for main
	AppVersion string     `json:"app_version,omitempty"`
	Message    string     `json:"message"`
	// Was is what the reason said before Force opened it.
	Was GateState `json:"was,omitempty"`
}

// String names the app version, where the reason is about one.
func (r Reason) String() string {
	if r.AppVersion == "" {
		return r.Message
	}
	return spell(r.App, r.Group) + "@" + r.AppVersion + " " + r.Message
}

// ReasonKind says where a reason comes from.
type ReasonKind string

// The kinds of reason.
const (
	FromApp       ReasonKind = "app"       // a registered version needs what would go, or does not
	FromExpected  ReasonKind = "expected"  // an app should have a version that counts, and has none
	FromRollout   ReasonKind = "rollout"   // the first rollout of an app is not finished
	FromRegistry  ReasonKind = "registry"  // nothing is registered, or what is belongs elsewhere
	FromSession   ReasonKind = "session"   // the server shows a session of a version that does not count
	FromStatement ReasonKind = "statement" // the server counted calls of a statement
	FromEvidence  ReasonKind = "evidence"  // what the server shows could not be read, or is not kept
	FromPlan      ReasonKind = "plan"      // the plan knows of something that nobody can judge
	FromCatalog   ReasonKind = "catalog"   // an object on the old form that the plan does not know
	FromSoak      ReasonKind = "soak"      // the least time in dual-write is not over
)

// GateInput is all that a gate is decided on. Times of it are compared with Now alone.
type GateInput struct {
	Now time.Time
	// Forms are those of the migration whose gate is asked.
	Forms []compat.Form
	// Versions are all that were ever registered on this database, whatever their state.
	Versions []RegisteredVersion
	Expected []ExpectedApp
	// RollbackWindow is how long a retired version counts after it was retired.
	RollbackWindow time.Duration
	// Foreign says why the registry is not this database's own; empty where it is.
	Foreign  string
	Sessions []dialects.SessionUse
	// Statements name a column that would go; Calls are those made since the last version that
	// used the column was retired.
	Statements []dialects.StatementUse
	// Unreadable is evidence that is there and could not be read. Absent is evidence that this
	// server does not keep, from which nothing follows.
	Unreadable []string
	Absent     []string
	Unknowns   []string      // the plan's
	Soak       time.Duration // what is left of it
	Force      *Force        // nil: none
}

// RegisteredVersion is an app version as the registry has it.
type RegisteredVersion struct {
	compat.Version
	// Before is the state that an unfinished start found; empty where the version was new.
	Before    compat.VersionState
	RetiredAt time.Time // zero unless it is retired
}

// ExpectedApp is an app that must have a version that counts, in one group or, where Group is
// empty, in any.
type ExpectedApp struct{ App, Group string }

// ParseExpectedApp reads APP or APP/GROUP, as apps in segue.yaml has it.
func ParseExpectedApp(s string) (ExpectedApp, error) {
	app, group, grouped := strings.Cut(s, "/")
	if app == "" || grouped && group == "" {
		return ExpectedApp{}, fmt.Errorf("reading app %q: it must be APP or APP/GROUP", s)
	}
	return ExpectedApp{app, group}, nil
}

// Force opens what is unknown, and those of the closed reasons that Ignore names: APP@VERSION,
// APP/GROUP@VERSION, or a reason's ID. A blank Reason opens nothing.
type Force struct {
	Reason string   `json:"reason"`
	Ignore []string `json:"ignore,omitempty"`
}

// staleSession is how long a session may have done nothing and still show that its app runs. A
// pooler keeps the last name on connections that no app holds any more.
const staleSession = 10 * time.Minute

// ContractGate says whether the old forms may be taken away.
func ContractGate(in GateInput) Gate {
	g := gate{GateInput: in, need: compat.NeedsOld, unregistered: Closed}
	g.registry()
	g.rollouts()
	g.sessions()
	g.evidence()
	for i, why := range in.Unknowns {
		g.add(Reason{ID: fmt.Sprintf("plan:%d", i+1), Kind: FromPlan, State: Unknown, Message: why})
	}
	if in.Soak > 0 {
		g.add(Reason{ID: "soak", Kind: FromSoak, State: Closed,
			Message: "soaks in dual-write for " + in.Soak.Round(time.Second).String() + " more"})
	}
	return g.decide("contract")
}

// RollbackGate says whether the new forms may be taken away. It is asked from dual-write on:
// before that no version was admitted to them.
func RollbackGate(in GateInput) Gate {
	g := gate{GateInput: in, need: compat.NeedsNew, unregistered: Unknown}
	g.registry()
	g.sessions()
	g.evidence()
	return g.decide("rollback")
}

// gate gathers reasons. unregistered is what a running version means that nobody registered: it is
// taken to need the old form, and may need the new one.
type gate struct {
	GateInput
	need         func(compat.Version, compat.Form) compat.Need
	unregistered GateState
	reasons      []Reason
}

func (g *gate) add(r Reason) { g.reasons = append(g.reasons, r) }

// decide lets the worst reason win, after what Force opens.
func (g *gate) decide(next string) Gate {
	state := Open
	for i := range g.reasons {
		r := &g.reasons[i]
		if g.forces(*r) {
			r.Was, r.State = r.State, Open
			r.Message += "; forced: " + g.Force.Reason
		}
		if r.State == Closed || r.State == Unknown && state == Open {
			state = r.State
		}
	}
	return Gate{Next: next, State: state, Reasons: append([]Reason{}, g.reasons...)}
}

func (g *gate) forces(r Reason) bool {
	if g.Force == nil || strings.TrimSpace(g.Force.Reason) == "" {
		return false
	}
	switch r.State {
	case Unknown:
		return true
	case Closed:
		named := slices.Contains(g.Force.Ignore, r.ID)
		if r.AppVersion != "" {
			named = named || slices.Contains(g.Force.Ignore, r.App+"@"+r.AppVersion) ||
				slices.Contains(g.Force.Ignore, spell(r.App, r.Group)+"@"+r.AppVersion)
		}
		return named
	}
	return false
}

// needs asks a version about every form: what it needs of them, or else why it needs none.
func (g *gate) needs(v compat.Version) (state GateState, message string) {
	said := map[GateState][]string{}
	for _, f := range g.Forms {
		n := g.need(v, f)
		s := map[compat.Answer]GateState{compat.Yes: Closed, compat.No: Open}[n.Needed]
		if s == "" {
			s = Unknown
		}
		if !slices.Contains(said[s], n.Message) {
			said[s] = append(said[s], n.Message)
		}
	}
	for _, s := range []GateState{Closed, Unknown} {
		if len(said[s]) > 0 {
			return s, strings.Join(said[s], "; ")
		}
	}
	return Open, strings.Join(said[Open], "; ")
}

// spell is APP, or APP/GROUP for a group other than main.
func spell(app, group string) string {
	if group = shownGroup(group); group == "" {
		return app
	}
	return app + "/" + group
}

// shownGroup is empty for the group main.
func shownGroup(group string) string {
	if group == compat.DefaultGroup {
		return ""
	}
	return group
}
