package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

// MigrationStatus is where one migration is, why, and what to run next.
type MigrationStatus struct {
	Migration string           `json:"migration"`
	Name      string           `json:"name"`
	State     phases.State     `json:"state"`
	Phase     phases.PhaseName `json:"phase"`
	Direction phases.Direction `json:"direction,omitempty"`
	Digest    string           `json:"digest,omitempty"`
	// Checksum compares the file with what was applied.
	Checksum ChecksumState   `json:"checksum"`
	Reason   string          `json:"reason,omitempty"`
	Runner   *RunnerStatus   `json:"runner"`
	Backfill *BackfillStatus `json:"backfill,omitempty"`
	Gate     *phases.Gate    `json:"gate,omitempty"`
	// Next is the command to run next; empty where there is nothing to do.
	Next string `json:"next_command,omitempty"`
}

// ChecksumState compares a migration's file with what was applied.
type ChecksumState string

// The checksum states.
const (
	ChecksumOK      ChecksumState = "ok"
	ChecksumEdited  ChecksumState = "edited"
	ChecksumMissing ChecksumState = "missing" // the ledger knows it and the directory does not
)

// RunnerStatus is the process that carries a migration now.
type RunnerStatus struct {
	Host  string `json:"host"`
	PID   int    `json:"pid"`
	Actor string `json:"actor"`
}

// BackfillStatus is how far a backfill is. Rate is in rows a second.
type BackfillStatus struct {
	RowsDone   int64   `json:"rows_done"`
	RowsTotal  int64   `json:"rows_total"`
	Rate       float64 `json:"rate"`
	ETASeconds int64   `json:"eta_seconds"`
	WaitingFor string  `json:"waiting_for"`
}

// Server tells what is at the other end: for saying what is about to be changed.
func (r *Runner) Server(ctx context.Context) (dialects.Server, error) {
	c, err := r.read(ctx)
	if err != nil {
		return dialects.Server{}, err
	}
	defer c.close()
	return c.server, nil
}

// Status is where every migration is that the directory or the ledger knows, in order; one of them
// where version is given. It takes no lock.
func (r *Runner) Status(ctx context.Context, version string) ([]MigrationStatus, error) {
	c, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if version != "" {
		if version, err = c.known(ctx, version); err != nil {
			return nil, err
		}
	}
	records, err := c.records(ctx)
	if err != nil {
		return nil, err
	}
	var list []MigrationStatus
	for _, v := range c.versions(records) {
		if version != "" && v != version {
			continue
		}
		s, err := c.status(ctx, v, records[v])
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	c.circles(list, records)
	return list, nil
}

// versions are all that the directory or the ledger knows, in order.
func (c *conn) versions(records map[string]*record) []string {
	all := map[string]*record{}
	for v, r := range records {
		all[v] = r
	}
	for _, m := range c.set.Migrations {
		all[m.Version] = records[m.Version]
	}
	return inOrder(all)
}

func (c *conn) status(ctx context.Context, version string, rec *record) (MigrationStatus, error) {
	file, ferr := c.set.Find(version)
	if rec == nil {
		return MigrationStatus{Migration: version, Name: file.Name, State: phases.Pending, Checksum: ChecksumOK, Next: "segue up"}, nil
	}
	s := MigrationStatus{
		Migration: version, Name: rec.Name, State: rec.State, Phase: rec.Phase, Direction: rec.Direction,
		Digest: rec.Digest, Reason: rec.Reason, Checksum: checksum(file, ferr, rec),
	}
	if rec.State == phases.Running {
		held, err := c.carried(ctx, rec)
		if err != nil {
			return s, err
		}
		if held {
			s.Runner = &RunnerStatus{Host: rec.Host, PID: rec.PID, Actor: rec.Actor}
		} else {
			s.State = phases.Interrupted
		}
	}
	if rec.Plan.Phased() && rec.State.InFlight() {
		var err error
		if s.Backfill, err = c.backfillStatus(ctx, rec); err != nil {
			return s, err
		}
	}
	asks, err := c.gated(ctx, rec)
	if err != nil {
		return s, err
	}
	if asks {
		gate, err := c.gate(ctx, c.session, rec, phases.Contract, nil)
		if err != nil {
			return s, err
		}
		s.Gate = &gate
	}
	s.Next = next(s, rec)
	return s, nil
}

func checksum(file *source.Migration, missing error, rec *record) ChecksumState {
	switch {
	case missing != nil:
		return ChecksumMissing
	case file.Checksum != rec.Checksum && !rec.fresh():
		return ChecksumEdited
	}
	return ChecksumOK
}

// gated reports whether a migration stands before contract, or in it with the way back still open.
func (c *conn) gated(ctx context.Context, rec *record) (bool, error) {
	if !rec.Plan.Phased() || !rec.State.InFlight() {
		return false, nil
	}
	stage, err := c.ledger.stage(ctx, c.session, rec)
	return stage == compat.Both, err
}

// carried reports whether a runner holds the lock that a migration's work is done under.
func (c *conn) carried(ctx context.Context, rec *record) (bool, error) {
	name := c.lockName(dialects.MigrationLock, rec.Version)
	if !rec.Plan.Phased() {
		name = c.lockName(dialects.LedgerLock, "")
	}
	return c.session.Held(ctx, name)
}

// next is the command that brings a migration on.
func next(s MigrationStatus, rec *record) string {
	v := s.Migration
	switch {
	case rec.Direction == phases.Back && s.State == phases.RolledBack:
		return "segue up " + v + " (to take it up again)"
	case rec.Direction == phases.Back && s.State != phases.Done:
		return "segue rollback " + v
	case s.State == phases.Done, s.Runner != nil:
		return ""
	case s.State == phases.Paused:
		return "segue resume " + v
	case s.Phase == phases.DualWrite || s.Phase == phases.Contract:
		return "segue advance " + v
	}
	return "segue up"
}

func (c *conn) backfillStatus(ctx context.Context, rec *record) (*BackfillStatus, error) {
	rows, err := c.session.Query(ctx, "SELECT b.rows_done, b.rows_total, b.waiting_for, s.started_at, b.updated_at"+
		" FROM "+c.ledger.table("backfills")+" b JOIN "+c.ledger.table("steps")+" s ON s.project = b.project AND s.migration = b.migration AND s.step = b.step"+
		" WHERE b.project = $1 AND b.migration = $2", c.ledger.project, rec.Version)
	if err != nil {
		return nil, fmt.Errorf("reading the backfill of %s: %w", rec.Version, err)
	}
	defer rows.Close()
	var b BackfillStatus
	var took time.Duration
	for rows.Next() {
		var done, total int64
		var waiting string
		var from, to time.Time
		if err := rows.Scan(&done, &total, &waiting, &from, &to); err != nil {
			return nil, fmt.Errorf("reading the backfill of %s: %w", rec.Version, err)
		}
		b.RowsDone += done
		b.RowsTotal += total
		if waiting != "" {
			b.WaitingFor = waiting
		}
		took = max(took, to.Sub(from))
	}
	if rec.Phase != phases.Backfill {
		b.RowsTotal = b.RowsDone // what was estimated when the copy began is known by now
	}
	if took > 0 && b.RowsDone < b.RowsTotal && b.RowsDone > 0 {
		b.Rate = float64(b.RowsDone) / took.Seconds()
		b.ETASeconds = int64(float64(b.RowsTotal-b.RowsDone) / b.Rate)
	}
	return &b, rows.Err()
}
