package fleet

import (
	"time"

	"github.com/segue-db/segue/phases/compat"
)

// ID names one version of an app in one group. An empty Group is the default one.
type ID struct {
	App     string
	Version string
	Group   string
}

// String is APP@VERSION, with the group where it is not main.
func (id ID) String() string {
	return compat.Version{App: id.App, Version: id.Version, Group: id.Group}.String()
}

// command is the deploy command for the version, to be shown in errors.
func (id ID) command(verb Verb) string { return deployCommand(verb, id.App, id.Version, id.Group) }

func deployCommand(verb Verb, app, version, group string) string {
	s := "segue deploy " + string(verb) + " " + app + " " + version
	if group != "" && group != compat.DefaultGroup {
		s += " --group " + group
	}
	return s
}

func (id ID) normal() ID {
	if id.Group == "" {
		id.Group = compat.DefaultGroup
	}
	return id
}

// Entry is a registered version. While a start of it is unfinished its Manifest is the union of
// what every instance that may be left needs.
type Entry struct {
	compat.Version
	StartSeq   int64 // orders the last starts of all versions
	StartedAt  time.Time
	LastSeenAt time.Time  // the last start or finish
	RetiredAt  *time.Time // when it stopped counting
	Rollout    *Rollout   // of the last start, until it is finished
	Baseline   *Baseline  // taken when it stopped counting; nil where there was nothing to take
}

// ID of the entry.
func (e Entry) ID() ID { return ID{e.App, e.Version.Version, e.Group} }

// Before is the state that an unfinished start found; empty where the version was new to the
// registry, or no start is unfinished.
func (e Entry) Before() compat.VersionState {
	if e.Rollout == nil || e.Rollout.Outcome != Unfinished || e.Rollout.Before == nil {
		return ""
	}
	return e.Rollout.Before.State
}

// Outcome is what became of a start.
type Outcome string

// The outcomes. A finished start leaves no Rollout.
const (
	Unfinished Outcome = "unfinished"
	StartOver  Outcome = "aborted"
)

// Rollout is what the registry keeps of a start, so that finish and abort can be told apart when
// they are repeated, and abort can put back what was there before.
type Rollout struct {
	Outcome  Outcome          `json:"outcome"`
	Manifest *compat.Manifest `json:"manifest,omitempty"` // what the last start alone needs
	Before   *Snapshot        `json:"before,omitempty"`   // nil: the version was new
}

// Snapshot is an entry as it was before its first unfinished start.
type Snapshot struct {
	State     compat.VersionState `json:"state"`
	Manifest  *compat.Manifest    `json:"manifest,omitempty"`
	StartSeq  int64               `json:"start_seq"`
	StartedAt time.Time           `json:"started_at"`
	RetiredAt *time.Time          `json:"retired_at,omitempty"`
	Baseline  *Baseline           `json:"baseline,omitempty"`
}

func (e Entry) snapshot() *Snapshot {
	return &Snapshot{e.State, e.Manifest, e.StartSeq, e.StartedAt, e.RetiredAt, e.Baseline}
}

// restore puts back what a snapshot holds.
func (e Entry) restore(s *Snapshot) Entry {
	e.State, e.Manifest, e.StartSeq = s.State, s.Manifest, s.StartSeq
	e.StartedAt, e.RetiredAt, e.Baseline = s.StartedAt, s.RetiredAt, s.Baseline
	return e
}
