package migrate

import (
	"context"

	"github.com/segue-db/segue/phases"
)

// Preview is what Advance or Rollback would do now. Nothing is changed.
type Preview struct {
	Migration string        `json:"migration"`
	Phase     string        `json:"phase"` // the phase that would be entered, or "rollback"; empty where there is nothing to do
	Gate      *phases.Gate  `json:"gate,omitempty"`
	Steps     []phases.Step `json:"steps"`
}

// PreviewAdvance says what Advance would do.
func (r *Runner) PreviewAdvance(ctx context.Context, version string, phase phases.PhaseName) (Preview, error) {
	c, err := r.read(ctx)
	if err != nil {
		return Preview{}, err
	}
	defer c.close()
	rec, err := c.started(ctx, version)
	if err != nil {
		return Preview{}, err
	}
	target, err := c.target(rec, phase)
	if err != nil || target == "" {
		return Preview{Migration: rec.Version, Steps: []phases.Step{}}, err
	}
	p := Preview{Migration: rec.Version, Phase: string(target), Steps: rec.Plan.Phase(target).Steps}
	asks, err := c.gated(ctx, rec)
	if err != nil {
		return Preview{}, err
	}
	if asks {
		gate, err := c.gate(ctx, c.session, rec, phases.Contract, nil)
		if err != nil {
			return Preview{}, err
		}
		p.Gate = &gate
	}
	return p, nil
}

// PreviewRollback says what Rollback would do: the steps are those that were begun, the last first.
func (r *Runner) PreviewRollback(ctx context.Context, version string) (Preview, error) {
	c, err := r.read(ctx)
	if err != nil {
		return Preview{}, err
	}
	defer c.close()
	rec, err := c.started(ctx, version)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Migration: rec.Version, Phase: rollbackGate, Steps: []phases.Step{}}
	if !rec.Plan.Phased() {
		p.Steps = append(p.Steps, rec.Plan.Down...)
		return p, nil
	}
	asks, err := c.gated(ctx, rec)
	if err != nil {
		return Preview{}, err
	}
	if asks {
		gate, err := c.gate(ctx, c.session, rec, rollbackGate, nil)
		if err != nil {
			return Preview{}, err
		}
		p.Gate = &gate
	}
	states, err := c.ledger.steps(ctx, c.session, rec.Version)
	if err != nil {
		return Preview{}, err
	}
	for i := len(rec.Plan.Phases) - 1; i >= 0; i-- {
		steps := rec.Plan.Phases[i].Steps
		for j := len(steps) - 1; j >= 0; j-- {
			if state := states[steps[j].ID]; state != stepNone && state != stepUndone && steps[j].Undo != "" {
				p.Steps = append(p.Steps, steps[j])
			}
		}
	}
	return p, nil
}
