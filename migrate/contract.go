package migrate

import (
	"context"
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

// contract runs one of the steps that cannot be undone. The first of them crosses: under the
// registry lock the gate is asked again and the catalog is read again, so that neither a rollout nor
// an object made meanwhile slips in. Where DDL is transactional that is one transaction with the
// step; elsewhere the step's intent commits, and makes `deploy start` refuse from then on.
func (w *carry) contract(ctx context.Context, s *phases.Step) error {
	if s.Transactional {
		if err := w.ledger.intend(ctx, w.session, w.rec.Version, s.ID); err != nil {
			return err
		}
		return w.ddl(ctx, s, w.cross)
	}
	crossed, err := w.crossed(ctx)
	if err != nil {
		return err
	}
	err = w.together(ctx, func(tx dialects.Tx) error {
		if crossed != phases.Irreversible {
			if err := w.cross(ctx, tx); err != nil {
				return err
			}
		}
		return w.ledger.intend(ctx, tx, w.rec.Version, s.ID)
	})
	if err != nil {
		return err
	}
	return w.ddl(ctx, s, func(ctx context.Context, tx dialects.Tx) error {
		return w.recheck(ctx, tx) // an object may have been made since
	})
}

// cross decides, in a transaction, that there is no way back from here.
func (w *carry) cross(ctx context.Context, tx dialects.Tx) error {
	if err := tx.LockRegistry(ctx, w.lockName(dialects.RegistryLock, "")); err != nil {
		return err
	}
	gate, err := w.gate(ctx, tx, w.rec, phases.Contract, w.force)
	if err != nil {
		return err
	}
	if gate.State != phases.Open {
		return &GateError{Migration: w.rec.Version, Entering: string(phases.Contract), Gate: gate}
	}
	if err := w.recheck(ctx, tx); err != nil {
		return err
	}
	d := detail{"gate": gate.State}
	if w.force != nil {
		d["force"] = w.force
	}
	return w.event(ctx, tx, "contract", w.rec.Version, d)
}

// recheck holds contract where the catalog shows something on the old form that the plan does not
// know: it would vanish without a word.
func (w *carry) recheck(ctx context.Context, tx dialects.Tx) error {
	gate := phases.Gate{Next: string(phases.Contract), State: phases.Closed}
	for _, f := range w.rec.Plan.Forms {
		spec := dialects.DualWriteSpec{Migration: w.rec.Version, Table: f.Table, Old: f.Old, New: f.New}
		found, err := w.db.Recheck(ctx, tx, spec, f.Known)
		if err != nil {
			return fmt.Errorf("reading the catalog again: %w", err)
		}
		for _, message := range found {
			gate.Reasons = append(gate.Reasons, phases.Reason{ID: "catalog", Kind: phases.FromCatalog, State: phases.Closed, Message: message})
		}
	}
	if len(gate.Reasons) == 0 {
		return nil
	}
	return &GateError{Migration: w.rec.Version, Entering: string(phases.Contract), Gate: gate}
}

// conclude writes that a step is done. With the last of those that cannot be undone the migration
// is, and to is its record as it will be when q has committed. That comes first: where q holds tables each
// statement commits by itself, and a migration whose steps are all done would be run no more.
func (w *carry) conclude(ctx context.Context, q dialects.Queryer, s *phases.Step, waited int64) (to record, err error) {
	to = *w.rec
	if s.Final == phases.Irreversible {
		steps := w.rec.Plan.Phase(phases.Contract).Steps
		if steps[len(steps)-1].ID == s.ID {
			over := w.mine(to)
			over.State, over.Reason = phases.Done, ""
			if err := w.ledger.move(ctx, q, &to, over); err != nil {
				return to, err
			}
		}
	}
	return to, w.ledger.settle(ctx, q, w.rec.Version, s.ID, stepDone, waited, "")
}

// crossed tells whether there is a way back from contract.
func (w *carry) crossed(ctx context.Context) (phases.Finality, error) {
	states, err := w.ledger.steps(ctx, w.session, w.rec.Version)
	if err != nil {
		return "", err
	}
	return crossed(w.rec.Plan, states), nil
}

// crossed tells it of a plan's steps. Where a step that cannot be undone is not one transaction with
// its result, its intent alone counts as crossed.
func crossed(p *phases.Plan, states map[string]stepState) phases.Finality {
	contract := p.Phase(phases.Contract)
	if contract != nil && slices.ContainsFunc(contract.Steps, func(s phases.Step) bool {
		return s.Final == phases.Irreversible && !s.Transactional && (states[s.ID] == stepIntent || states[s.ID] == stepDone)
	}) {
		return phases.Irreversible
	}
	return phases.Reversible
}

// retreat goes back to dual-write after contract stopped before it crossed: what only held the rows
// still is taken off, so that no app meets it. After a lost connection nothing can be said; the
// next run looks. Once it has crossed there is only forward.
func (w *carry) retreat(ctx context.Context, cause error) error {
	if w.db.Fault(cause) == dialects.FaultConnection || w.rec.State == phases.Done {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	crossed, err := w.crossed(ctx)
	if err != nil || crossed == phases.Irreversible {
		return err
	}
	if err := w.undoPhase(ctx, phases.Contract); err != nil {
		return fmt.Errorf("going back to dual-write: %w", err)
	}
	return w.move(ctx, w.session, func(r *record) { r.State, r.Phase, r.Reason = phases.Waiting, phases.DualWrite, cause.Error() })
}

// undoPhase takes a phase's steps back, the last first. A transactional step that is not done, by
// the ledger row that commits with it, has left nothing, and costs no lock.
func (w *carry) undoPhase(ctx context.Context, name phases.PhaseName) error {
	p := w.rec.Plan.Phase(name)
	if p == nil {
		return nil
	}
	states, err := w.ledger.steps(ctx, w.session, w.rec.Version)
	if err != nil {
		return err
	}
	for i := len(p.Steps) - 1; i >= 0; i-- {
		s := &p.Steps[i]
		state := states[s.ID]
		if state == stepNone || state == stepUndone || state != stepDone && s.Transactional || s.Final == phases.Irreversible {
			continue
		}
		if err := w.undo(ctx, s); err != nil {
			return err
		}
		if err := w.ledger.settle(ctx, w.session, w.rec.Version, s.ID, stepUndone, 0, ""); err != nil {
			return err
		}
		w.log.Info("step undone", "migration", w.rec.Version, "step", s.ID)
	}
	return nil
}

// stage is what apps can tell of a migration's forms.
func (l ledger) stage(ctx context.Context, q dialects.Queryer, r *record) (compat.Stage, error) {
	over := phases.Reversible
	if r.Phase == phases.Contract && r.State != phases.Done {
		states, err := l.steps(ctx, q, r.Version)
		if err != nil {
			return "", err
		}
		over = crossed(r.Plan, states)
	}
	return phases.StageOf(r.State, r.Phase, r.Direction, over), nil
}
