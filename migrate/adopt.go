package migrate

import (
	"context"
	"fmt"

	"github.com/segue-db/segue/migrate/source"
	"github.com/segue-db/segue/phases"
)

// Adopt records migrations up to and including through as applied, and runs nothing. Through itself
// may be a plain migration that stopped half way and was finished by hand. An empty through adopts
// no migration. Either way the ledger, if it came with a copy of another database,
// is accepted as this one's. It returns the versions that it recorded.
func (r *Runner) Adopt(ctx context.Context, through string) ([]string, error) {
	c, err := r.direct(ctx)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if through == "" && !c.foreign {
		return nil, &ConfigError{"there is nothing to adopt: the ledger was made on this database", "name the last migration that is applied: segue adopt --through VERSION"}
	}
	if through != "" {
		m, err := c.set.Find(through)
		if err != nil {
			return nil, &ConfigError{Problem: err.Error()}
		}
		through = m.Version
	}
	var adopted []string
	err = c.withLedger(ctx, func() error {
		if c.foreign {
			if err := c.ledger.accept(ctx, c.session, c.server.Identity); err != nil {
				return err
			}
			if err := c.event(ctx, c.session, "accept-ledger", "", detail{"identity": c.server.Identity}); err != nil {
				return err
			}
		}
		records, err := c.ledger.records(ctx, c.session)
		if err != nil {
			return err
		}
		for _, m := range c.set.Migrations {
			if through == "" || c.set.Compare(m.Version, through) > 0 {
				continue
			}
			rec := records[m.Version]
			switch {
			case rec == nil:
				err = c.adoptOne(ctx, m)
			case m.Version == through && rec.stuck():
				err = c.adoptFinished(ctx, rec)
			default:
				continue
			}
			if err != nil {
				return err
			}
			adopted = append(adopted, m.Version)
		}
		return nil
	})
	return adopted, err
}

func (c *conn) adoptOne(ctx context.Context, m source.Migration) error {
	now := c.clock.Now()
	plan := &phases.Plan{Migration: m.Version, Name: m.Name, Recipes: []string{}, Phases: []phases.Phase{{Name: phases.Expand, Steps: []phases.Step{}}}}
	r := c.mine(record{
		Version: m.Version, Name: m.Name, Checksum: m.Checksum, Plan: plan, Reason: "adopted",
		State: phases.Done, Phase: phases.Expand, Direction: phases.Forward, StartedAt: now, PhaseAt: now, Finished: &now,
	})
	if err := c.ledger.begin(ctx, c.session, &r, c.options.Version); err != nil {
		return fmt.Errorf("adopting %s: %w", m.Path, err)
	}
	return c.event(ctx, c.session, "adopt", m.Version, nil)
}

// stuck reports whether a plain migration stopped half way: what is missing may be run by hand.
func (r *record) stuck() bool {
	return !r.Plan.Phased() && r.Direction == phases.Forward && (r.State == phases.Failed || r.State == phases.Waiting || r.State == phases.Running)
}

// adoptFinished takes a person's word that the rest of a migration was run by hand. The ledger lock,
// which the caller holds, says that no runner carries it.
func (c *conn) adoptFinished(ctx context.Context, rec *record) error {
	for _, state := range []phases.State{phases.Running, phases.Done} {
		to := c.mine(*rec)
		to.State, to.Reason = state, "finished by hand"
		if err := c.ledger.move(ctx, c.session, rec, to); err != nil {
			return fmt.Errorf("adopting migration %s: %w", rec.Version, err)
		}
	}
	return c.event(ctx, c.session, "adopt", rec.Version, detail{"finished": "by hand"})
}
