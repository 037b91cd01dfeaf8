package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/segue-db/segue/phases"
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
	defer w.release(ctx)
	if w.rec.State == phases.Done {
		return nil
	}
	if w.rec.Phase != phases.DualWrite && w.rec.Phase != phases.Contract || w.rec.Direction == phases.Back {
		return &WaitingError{Migration: version, Reason: fmt.Sprintf("it is in phase %s", w.rec.Phase), Hint: "segue status " + version}
	}
	crossed, err := w.crossed(ctx)
	if err != nil {
		return err
	}
	if crossed != phases.Irreversible {
		if err := w.admitted(ctx, force); err != nil {
			return err
		}
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
