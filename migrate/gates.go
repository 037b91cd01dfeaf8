package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/fleet"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

// rollbackGate is what is entered by going back.
const rollbackGate = "rollback"

// gate asks the gate of contract or rollback. The registry and the ledger are read through q, so
// that they are fresh under the registry lock; what the server shows of use is read there too.
func (c *conn) gate(ctx context.Context, q dialects.Queryer, rec *record, entering phases.PhaseName, force *phases.Force) (phases.Gate, error) {
	entries, err := fleet.New(c.db.Dialect()).List(ctx, q)
	if err != nil {
		return phases.Gate{}, err
	}
	evidence, err := c.db.Evidence(ctx, q)
	if err != nil {
		return phases.Gate{}, err
	}
	stage, err := c.ledger.stage(ctx, q, rec)
	if err != nil {
		return phases.Gate{}, err
	}
	in := phases.GateInput{
		Now: c.clock.Now(), Forms: rec.Plan.CompatForms(c.options.Project, stage), RollbackWindow: c.options.RollbackWindow,
		Sessions: evidence.Sessions, Unreadable: evidence.Unreadable, Absent: evidence.Absent,
		Unknowns: rec.Plan.Unknowns, Force: force, Soak: c.soak(rec),
	}
	if c.foreign {
		in.Foreign = "the ledger was made on another server or database"
	}
	for _, e := range entries {
		v := phases.RegisteredVersion{Version: e.Version, Before: e.Before()}
		if e.RetiredAt != nil {
			v.RetiredAt = *e.RetiredAt
		}
		in.Versions = append(in.Versions, v)
	}
	for _, app := range c.options.Apps {
		expected, err := phases.ParseExpectedApp(app)
		if err != nil {
			return phases.Gate{}, &ConfigError{Problem: err.Error(), Hint: "mend apps in segue.yaml"}
		}
		in.Expected = append(in.Expected, expected)
	}
	if entering == rollbackGate {
		return phases.RollbackGate(in), nil
	}
	in.Statements = fleet.Grown(in.Forms, entries, evidence)
	return phases.ContractGate(in), nil
}

// soak is what is left of the plan's least time in dual-write.
func (c *conn) soak(rec *record) time.Duration {
	least, err := time.ParseDuration(rec.Plan.Soak)
	if err != nil {
		return 0 // none was asked for; what was is checked when the plan is compiled
	}
	return max(0, least-c.clock.Now().Sub(rec.PhaseAt))
}

// registered are the versions that count, by name.
func (c *conn) registered(ctx context.Context, q dialects.Queryer) ([]string, error) {
	if !c.hasLedger {
		return nil, nil
	}
	entries, err := fleet.New(c.db.Dialect()).List(ctx, q)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.State.Counts() {
			names = append(names, e.Version.String())
		}
	}
	return names, nil
}

// baseline is what the server has counted by now of statements on old forms, for the moment at
// which a version stops counting.
func (c *conn) baseline(ctx context.Context, q dialects.Queryer) (*fleet.Baseline, error) {
	records, err := c.ledger.everywhere(ctx, q)
	if err != nil {
		return nil, err
	}
	var forms []compat.Form
	for _, r := range records {
		if r.State.InFlight() {
			forms = append(forms, r.Plan.CompatForms(r.Project, compat.Both)...)
		}
	}
	evidence, err := c.db.Evidence(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("reading what the server has counted: %w", err)
	}
	return fleet.TakeBaseline(forms, evidence, c.clock.Now()), nil
}
