package migrate

import (
	"context"
	"errors"
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
)

// begin makes the record of a migration that starts now. The plan of a phased one is compiled
// again, since migrations before it may have changed the schema, and preflighted.
func (u *up) begin(ctx context.Context, q queued) (*record, error) {
	plan := q.plan
	if plan.Phased() {
		catalog, err := u.db.Inspect(ctx, u.session)
		if err != nil {
			return nil, fmt.Errorf("reading the schema: %w", err)
		}
		m, err := parse(u.db.Dialect(), q.Migration)
		if err != nil {
			return nil, err
		}
		if plan, err = phases.Compile(u.db.Dialect(), catalog, m, q.mode); err != nil {
			return nil, err
		}
		if err := u.preflight(ctx, catalog, plan); err != nil {
			return nil, err
		}
	}
	now := u.clock.Now()
	r := u.mine(record{
		Version: q.Version, Name: q.Name, Checksum: q.Checksum, Plan: plan, Digest: plan.Digest,
		State: phases.Running, Phase: phases.Expand, Direction: phases.Forward, StartedAt: now, PhaseAt: now,
	})
	return &r, nil
}

// preflight asks the server for what would make the plan's dual write fail.
func (c *conn) preflight(ctx context.Context, catalog *dialects.Catalog, p *phases.Plan) error {
	for _, phase := range p.Phases {
		for _, s := range phase.Steps {
			if s.Kind != phases.CopyRow {
				continue
			}
			if err := c.db.Preflight(ctx, c.session, catalog, *s.Copy); err != nil {
				return err
			}
		}
	}
	return nil
}

// plain carries a plain migration out, under the ledger lock that the caller holds. Where it is one
// transaction, its ledger row commits with it: there is no moment at which half of it is there.
func (u *up) plain(ctx context.Context, q queued, rec *record, fresh bool) (err error) {
	w := &carry{conn: u.conn, session: u.session, rec: rec}
	if q.apart {
		if w.session, err = u.db.Session(ctx); err != nil {
			return err
		}
		defer w.session.Close()
	}
	steps := rec.Plan.Phases[0].Steps
	switch {
	case fresh && len(steps) == 1 && steps[0].Transactional && steps[0].Kind == phases.DDL:
		err = u.atOnce(ctx, w, &steps[0])
	case fresh && len(steps) == 0:
		err = u.ledger.begin(ctx, u.session, done(rec, u.clock), u.options.Version)
	default:
		err = u.stepwise(ctx, w, fresh)
	}
	if err != nil {
		return err
	}
	u.result.Applied = append(u.result.Applied, rec.Version)
	return u.event(ctx, u.session, "up", rec.Version, detail{"digest": rec.Digest, "state": phases.Done})
}

// marksSession reports whether a migration may leave something in its session that would change what
// later ones mean: a setting, a temporary table that hides another, locks given up. What is not understood,
// such as a DO block, may do any of it.
func marksSession(m phases.Migration) bool {
	for _, s := range m.Script.Up {
		for _, c := range s.Changes {
			switch c := c.(type) {
			case dialects.Setting:
				if !c.Local {
					return true
				}
			case dialects.CreateTable:
				if c.Temporary {
					return true
				}
			case dialects.Describe:
				if c.What == "discard" {
					return true
				}
			case dialects.Opaque:
				return true
			}
		}
	}
	return false
}

// done is the record as it will be when its one transaction commits.
func done(rec *record, clock Clock) *record {
	d := *rec
	now := clock.Now()
	d.State, d.Finished = phases.Done, &now
	return &d
}

func (u *up) atOnce(ctx context.Context, w *carry, s *phases.Step) error {
	final := done(w.rec, u.clock)
	err := w.ddl(ctx, s, func(ctx context.Context, tx dialects.Tx) error {
		if err := u.ledger.begin(ctx, tx, final, u.options.Version); err != nil {
			return err
		}
		return u.ledger.intend(ctx, tx, final.Version, s.ID)
	})
	if err == nil {
		return nil
	}
	if u.db.Fault(err) == dialects.FaultConnection {
		return fmt.Errorf("%w\n  the connection was lost: run the same command again, it looks first", err)
	}
	failed := *w.rec
	failed.State, failed.Reason = phases.Failed, err.Error()
	if errors.Is(err, ErrNotYet) || ctx.Err() != nil {
		failed.State = phases.Waiting
	}
	return errors.Join(err, u.ledger.begin(context.WithoutCancel(ctx), u.session, &failed, u.options.Version))
}

// stepwise runs a migration that is more than one transaction, or that stood still.
func (u *up) stepwise(ctx context.Context, w *carry, fresh bool) error {
	if fresh {
		if err := u.ledger.begin(ctx, u.session, w.rec, u.options.Version); err != nil {
			return err
		}
	} else if err := w.move(ctx, u.session, func(r *record) { r.State, r.Reason = phases.Running, "" }); err != nil {
		return err
	}
	if err := w.phase(ctx, phases.Expand); err != nil {
		return err
	}
	return w.move(ctx, u.session, func(r *record) { r.State, r.Reason = phases.Done, "" })
}
