// Package phases is pure: it turns a migration into a plan of phases and steps, and says when a
// phase may be entered. It never sees a connection; the catalog comes in as a value.
package phases

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases/compat"
)

// Plan is everything that carries out one migration: inert data that is printed, reviewed, hashed,
// kept in the ledger, and then run exactly as it is.
type Plan struct {
	Migration string   `json:"migration"`
	Name      string   `json:"name"`
	Digest    string   `json:"digest"`
	Recipes   []string `json:"recipes"`
	Phases    []Phase  `json:"phases"`
	// Down undoes a plain migration: its down section, as written.
	Down []Step `json:"down,omitempty"`
	// DownRefused says why segue does not run the migration's down section.
	DownRefused string `json:"down_refused,omitempty"`
	// Forms are the columns that have an old and a new form while the plan is in flight.
	Forms []PlannedForm `json:"forms,omitempty"`
	// Columns are what the plan touches; an empty column stands for the whole table. Another plan
	// that touches the same waits.
	Columns []dialects.ColumnRef `json:"columns,omitempty"`
	// Soak is the least time in dual-write, in Go's notation; empty for none.
	Soak string `json:"soak,omitempty"`
	// Notices say in words what an app may see, and what the plan does beside its steps.
	Notices []string `json:"notices,omitempty"`
	// Unknowns are reasons for which nobody can tell whether the old form is still used.
	Unknowns []string `json:"unknowns,omitempty"`
	// Allowed are the findings that a directive accepted, with the author's reasons.
	Allowed []string `json:"allowed,omitempty"`
}

// PlannedForm is a column's old and new form, and what contract must know to recheck it.
type PlannedForm struct {
	Table dialects.Name        `json:"table"`
	Old   string               `json:"old"`
	New   string               `json:"new"`
	Order dialects.ColumnOrder `json:"order,omitempty"`
	Known []string             `json:"known,omitempty"` // objects on the old form that the plan accounts for
}

// PhaseName names a phase.
type PhaseName string

// The phases, in order. Switch belongs to changes that end under the same name.
const (
	Expand    PhaseName = "expand"
	Backfill  PhaseName = "backfill"
	DualWrite PhaseName = "dual-write"
	Switch    PhaseName = "switch"
	Contract  PhaseName = "contract"
)

// Phase is one phase of a plan. DualWrite has no steps: apps move, segue waits.
type Phase struct {
	Name  PhaseName `json:"name"`
	Steps []Step    `json:"steps"`
}

// StepKind says how a step is carried out.
type StepKind string

// The kinds of step.
const (
	DDL     StepKind = "ddl"      // SQL as it stands
	CopyRow StepKind = "backfill" // batches over Copy
	Verify  StepKind = "verify"   // a scan that must find no row that differs
	Settle  StepKind = "settle"   // waits for the transactions that run when it starts
)

// Step is one action of a phase. What a step does commits together, with its ledger row where DDL
// is transactional.
type Step struct {
	ID   string   `json:"id"` // phase/number
	Kind StepKind `json:"kind"`
	dialects.Action
	Copy *dialects.CopySpec `json:"copy,omitempty"`
	// Final marks the step that cannot be undone: the gate is asked again inside its transaction.
	Final Finality `json:"final,omitempty"`
}

// Finality says whether a step can be taken back.
type Finality string

// The finalities.
const (
	Reversible   Finality = ""
	Irreversible Finality = "irreversible"
)

// Phase finds a phase of the plan; nil if the plan has none of that name.
func (p *Plan) Phase(name PhaseName) *Phase {
	for i := range p.Phases {
		if p.Phases[i].Name == name {
			return &p.Phases[i]
		}
	}
	return nil
}

// Phased reports whether the plan goes beyond expand.
func (p *Plan) Phased() bool { return len(p.Phases) > 1 }

// Next is the phase behind the named one; empty behind the last.
func (p *Plan) Next(name PhaseName) PhaseName {
	for i := range p.Phases {
		if p.Phases[i].Name == name && i+1 < len(p.Phases) {
			return p.Phases[i+1].Name
		}
	}
	return ""
}

// CompatForms are the plan's forms at a stage, as readiness and gates see them.
func (p *Plan) CompatForms(project string, stage compat.Stage) []compat.Form {
	var forms []compat.Form
	for _, f := range p.Forms {
		forms = append(forms, compat.Form{
			Project: project, Migration: p.Migration,
			Table: f.Table.String(), Old: f.Old, New: f.New, Stage: stage, Order: compat.Order(f.Order),
		})
	}
	return forms
}

// seal numbers the steps and sets the digest, over everything else in the plan.
func (p *Plan) seal() error {
	for i := range p.Phases {
		for j := range p.Phases[i].Steps {
			p.Phases[i].Steps[j].ID = fmt.Sprintf("%s/%d", p.Phases[i].Name, j+1)
		}
	}
	for i := range p.Down {
		p.Down[i].ID = fmt.Sprintf("down/%d", i+1)
	}
	p.Digest = ""
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("hashing the plan of %s: %w", p.Migration, err)
	}
	sum := sha256.Sum256(text)
	p.Digest = hex.EncodeToString(sum[:6])
	return nil
}
