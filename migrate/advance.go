package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

// AdvanceRequest names a migration, and the phase to bring it into; empty is the next.
type AdvanceRequest struct {
	Version string
	Phase   phases.PhaseName
	Force   *phases.Force
}

// Advance brings a migration into a phase. To be there already is no error. Entering contract asks
// the gate, proves that the rows are identical, and asks the gate once more inside the transaction
// that takes the old form away. Errors: ErrGateClosed, ErrGateUnknown, ErrDiffers, ErrNotYet.
func (r *Runner) Advance(ctx context.Context, request AdvanceRequest) error {
	c, err := r.direct(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	rec, err := c.started(ctx, request.Version)
	if err != nil {
		return err
	}
	target, err := c.target(rec, request.Phase)
	if err != nil || target == "" {
		return err
	}
	if rec.Direction == phases.Back || rec.State == phases.RolledBack {
		return &ConfigError{fmt.Sprintf("migration %s was rolled back, or is being rolled back", rec.Version),
			fmt.Sprintf("finish with segue rollback %s, or take it up again with segue up %s", rec.Version, rec.Version)}
	}
	if rec.State == phases.Paused {
		return &ConfigError{fmt.Sprintf("migration %s is paused", rec.Version), "segue resume " + rec.Version}
	}
	switch {
	case rec.Phase == phases.Expand:
		if _, err := r.UpOnly(ctx, UpRequest{Version: rec.Version}); err != nil || target == phases.Expand {
			return err
		}
		fallthrough
	case rec.Phase == phases.Backfill:
		if err := r.WorkOn(ctx, rec.Version); err != nil || target != phases.Contract {
			return err
		}
	}
	return c.enterContract(ctx, rec.Version, request.Force)
}

// started finds a migration that the ledger has.
func (c *conn) started(ctx context.Context, version string) (*record, error) {
	version, err := c.known(ctx, version)
	if err != nil {
		return nil, err
	}
	var rec *record
	if c.hasLedger {
		if rec, err = c.ledger.record(ctx, c.session, version); err != nil {
			return nil, err
		}
	}
	if rec == nil {
		return nil, &ConfigError{fmt.Sprintf("migration %s has not been started", version), "segue up " + version}
	}
	return rec, nil
}

// target is the phase to enter; empty where the migration is there already.
func (c *conn) target(rec *record, asked phases.PhaseName) (phases.PhaseName, error) {
	order := []phases.PhaseName{phases.Expand}
	if rec.Plan.Phased() {
		order = nil
		for _, p := range rec.Plan.Phases {
			order = append(order, p.Name)
		}
	}
	now := slices.Index(order, rec.Phase)
	if asked == "" {
		switch {
		case rec.State == phases.Done:
			return "", nil
		case now+1 < len(order) && rec.State != phases.Running && rec.Phase != phases.Backfill:
			return order[now+1], nil
		case rec.Phase == phases.Backfill:
			return phases.DualWrite, nil
		}
		return rec.Phase, nil
	}
	wanted := slices.Index(order, asked)
	if wanted < 0 {
		return "", &ConfigError{fmt.Sprintf("migration %s has no phase %s", rec.Version, asked),
			fmt.Sprintf("its phases are %v", order)}
	}
	if rec.State == phases.Done || wanted < now || wanted == now && asked == phases.DualWrite {
		return "", nil
	}
	return asked, nil
}

// enterContract asks the gate, waiting for it as long as Options.Wait allows while it is unknown,
// and carries the phase out.
func (c *conn) enterContract(ctx context.Context, version string, force *phases.Force) error {
	w, err := c.take(ctx, version, c.options.Wait)
	if err != nil {
		return err
	}
	defer w.release()
	if w.rec.State == phases.Done {
		return nil
	}
	if w.rec.Phase != phases.DualWrite && w.rec.Phase != phases.Contract || w.rec.Direction == phases.Back {
		return &WaitingError{Migration: version, Reason: fmt.Sprintf("it is in phase %s", w.rec.Phase), Hint: "segue status " + version}
	}
	if err := w.admitted(ctx, force); err != nil {
		return err
	}
	err = w.move(ctx, w.session, func(r *record) { r.State, r.Phase, r.Reason = phases.Running, phases.Contract, "" })
	if err != nil {
		return err
	}
	w.force = force
	err = w.phase(ctx, phases.Contract)
	// What could not lock the table to go on could not lock it to go back either. It stays where it
	// is: the next advance goes on from there, and the rows are held identical meanwhile.
	var blocked *BlockedError
	if err != nil && !errors.As(err, &blocked) {
		return errors.Join(err, w.retreat(ctx, err))
	}
	return err
}

// admitted polls contract's gate until it is open or closed, or Options.Wait is over.
func (w *carry) admitted(ctx context.Context, force *phases.Force) error {
	return w.poll(ctx, func() (bool, error) {
		gate, err := w.gate(ctx, w.session, w.rec, phases.Contract, force)
		if err != nil {
			return true, err
		}
		if gate.State == phases.Open {
			return true, nil
		}
		stands := &GateError{Migration: w.rec.Version, Entering: string(phases.Contract), Gate: gate}
		return gate.State == phases.Closed && !stands.soaking(), stands
	})
}

// contract is the step that cannot be undone. Under the registry lock the gate is asked again and
// the catalog is read again, so that neither a rollout nor an object made meanwhile slips in.
func (w *carry) contract(ctx context.Context, s *phases.Step) error {
	var final record
	err := w.ddl(ctx, s, func(tx dialects.Tx) error {
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
		final = *w.rec
		to := w.mine(final)
		to.State, to.Reason = phases.Done, ""
		if err := w.ledger.move(ctx, tx, &final, to); err != nil {
			return err
		}
		d := detail{"gate": gate.State}
		if w.force != nil {
			d["force"] = w.force
		}
		return w.event(ctx, tx, "contract", w.rec.Version, d)
	})
	if err == nil {
		*w.rec = final
	}
	return err
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

// retreat goes back to dual-write after contract stopped before its last step: what only held the
// rows still is taken off, so that no app meets it. After a lost connection nothing can be said;
// the next run looks.
func (w *carry) retreat(ctx context.Context, cause error) error {
	if w.db.Fault(cause) == dialects.FaultConnection || w.rec.State == phases.Done {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
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

// stage is what apps can tell of a migration's forms. Where the last step is not one transaction,
// its intent alone counts as crossed.
func (l ledger) stage(ctx context.Context, q dialects.Queryer, r *record) (compat.Stage, error) {
	crossed := phases.Reversible
	if r.Phase == phases.Contract && r.State != phases.Done {
		states, err := l.steps(ctx, q, r.Version)
		if err != nil {
			return "", err
		}
		for _, s := range r.Plan.Phase(phases.Contract).Steps {
			if s.Final == phases.Irreversible && !s.Transactional && states[s.ID] == stepIntent {
				crossed = phases.Irreversible
			}
		}
	}
	return phases.StageOf(r.State, r.Phase, r.Direction, crossed), nil
}
