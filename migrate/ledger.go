package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases"
)

// ledgerVersion is the version of the ledger's tables that this binary writes. A newer one is
// read, and refused for writing.
const ledgerVersion = 1

// ledger reads and writes segue's own tables. Its SQL is portable: placeholders are $1, and
// neither upserts nor RETURNING are used.
type ledger struct {
	dialect dialects.Dialect
	project string
	clock   Clock
}

func (l ledger) table(name string) string { return l.dialect.LedgerTable(name) }

// record is one row of migrations.
type record struct {
	Project   string
	Version   string
	Name      string
	Checksum  string
	State     phases.State
	Phase     phases.PhaseName
	Direction phases.Direction
	Reason    string
	Plan      *phases.Plan
	Digest    string
	Host      string
	PID       int
	Actor     string
	StartedAt time.Time
	PhaseAt   time.Time
	Finished  *time.Time
	// Begun is how many steps have a row in the ledger.
	Begun int64
}

// fresh reports whether a migration starts from the beginning, by its file as that is now: one that
// the ledger lacks, that was rolled back, or whose one transaction failed and left nothing.
func (r *record) fresh() bool {
	if r == nil || r.State == phases.RolledBack {
		return true
	}
	return r.Begun == 0 && !r.Plan.Phased() && (r.State == phases.Failed || r.State == phases.Waiting)
}

// runner names the process that carries the migration, or carried it last.
func (r *record) runner() string { return fmt.Sprintf("%s (%s pid %d)", r.Actor, r.Host, r.PID) }

// there reports whether the ledger is there, all of it: its own row is written last, so that nobody
// takes one that is being made for a whole one.
func (l ledger) there(ctx context.Context, db dialects.Database, q dialects.Queryer) (bool, error) {
	rows, err := q.Query(ctx, "SELECT version FROM "+l.table("ledger"))
	whole := false
	if err == nil {
		whole = rows.Next()
		rows.Close()
		err = rows.Err()
	}
	if err != nil && db.Fault(err) != dialects.FaultMissing {
		return false, fmt.Errorf("reading the ledger: %w", err)
	}
	return whole && err == nil, nil
}

// own is the ledger's own row. ok is false where there is none.
func (l ledger) own(ctx context.Context, q dialects.Queryer) (version int, identity string, ok bool, err error) {
	rows, err := q.Query(ctx, "SELECT version, identity FROM "+l.table("ledger"))
	if err != nil {
		return 0, "", false, fmt.Errorf("reading the ledger's version: %w", err)
	}
	defer rows.Close()
	if rows.Next() {
		ok = true
		if err := rows.Scan(&version, &identity); err != nil {
			return 0, "", false, fmt.Errorf("reading the ledger's version: %w", err)
		}
	}
	return version, identity, ok, rows.Err()
}

// create makes the ledger where there is none. The caller holds the ledger lock.
func (l ledger) create(ctx context.Context, q dialects.Queryer, identity string) error {
	for _, ddl := range l.dialect.LedgerDDL() {
		if err := q.Script(ctx, ddl); err != nil {
			return fmt.Errorf("creating the ledger: %w", err)
		}
	}
	_, _, ok, err := l.own(ctx, q)
	if err != nil || ok {
		return err
	}
	_, err = q.Exec(ctx, "INSERT INTO "+l.table("ledger")+" (version, identity, created_at) VALUES ($1, $2, $3)",
		ledgerVersion, identity, l.clock.Now())
	if err != nil {
		return fmt.Errorf("creating the ledger: %w", err)
	}
	return nil
}

// accept makes the ledger belong to this server and database.
func (l ledger) accept(ctx context.Context, q dialects.Queryer, identity string) error {
	if _, err := q.Exec(ctx, "UPDATE "+l.table("ledger")+" SET identity = $1", identity); err != nil {
		return fmt.Errorf("accepting the ledger: %w", err)
	}
	return nil
}

// selectRecords begins a query of records.
func (l ledger) selectRecords() string {
	migrations, steps := l.table("migrations"), l.table("steps")
	return "SELECT project, version, name, checksum, state, phase, direction, reason, plan, digest, host, pid, actor, started_at, phase_at, finished_at," +
		" (SELECT count(*) FROM " + steps + " WHERE " + steps + ".project = " + migrations + ".project AND " + steps + ".migration = " + migrations + ".version)" +
		" FROM " + migrations
}

// records are this project's migrations, by version as text.
func (l ledger) records(ctx context.Context, q dialects.Queryer) (map[string]*record, error) {
	rows, err := q.Query(ctx, l.selectRecords()+" WHERE project = $1", l.project)
	if err != nil {
		return nil, fmt.Errorf("reading the ledger's migrations: %w", err)
	}
	list, err := scanRecords(rows)
	if err != nil {
		return nil, err
	}
	records := map[string]*record{}
	for _, r := range list {
		records[r.Version] = r
	}
	return records, nil
}

// everywhere are the migrations of every project on this database: whoever runs here counts for all.
func (l ledger) everywhere(ctx context.Context, q dialects.Queryer) ([]*record, error) {
	rows, err := q.Query(ctx, l.selectRecords()+" ORDER BY project, version")
	if err != nil {
		return nil, fmt.Errorf("reading the ledger's migrations: %w", err)
	}
	return scanRecords(rows)
}

func scanRecords(rows dialects.Rows) ([]*record, error) {
	defer rows.Close()
	var list []*record
	for rows.Next() {
		r, err := scanRecord(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// record reads one migration; nil if the ledger does not have it.
func (l ledger) record(ctx context.Context, q dialects.Queryer, version string) (*record, error) {
	rows, err := q.Query(ctx, l.selectRecords()+" WHERE project = $1 AND version = $2", l.project, version)
	if err != nil {
		return nil, fmt.Errorf("reading migration %s in the ledger: %w", version, err)
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Err()
	}
	return scanRecord(rows)
}

func scanRecord(rows dialects.Rows) (*record, error) {
	var r record
	var state, phase, direction, plan string
	err := rows.Scan(&r.Project, &r.Version, &r.Name, &r.Checksum, &state, &phase, &direction, &r.Reason, &plan, &r.Digest,
		&r.Host, &r.PID, &r.Actor, &r.StartedAt, &r.PhaseAt, &r.Finished, &r.Begun)
	if err != nil {
		return nil, fmt.Errorf("reading the ledger's migrations: %w", err)
	}
	r.State, r.Phase, r.Direction = phases.State(state), phases.PhaseName(phase), phases.Direction(direction)
	r.Plan = &phases.Plan{}
	if err := json.Unmarshal([]byte(plan), r.Plan); err != nil {
		return nil, fmt.Errorf("reading the plan of migration %s: %w", r.Version, err)
	}
	return &r, nil
}

// begin writes a migration's first row, or takes a rolled-back one up again with a new plan.
func (l ledger) begin(ctx context.Context, q dialects.Queryer, r *record, version string) error {
	plan, err := json.Marshal(r.Plan)
	if err != nil {
		return fmt.Errorf("storing the plan of migration %s: %w", r.Version, err)
	}
	for _, table := range []string{"steps", "backfills"} {
		if _, err := q.Exec(ctx, "DELETE FROM "+l.table(table)+" WHERE project = $1 AND migration = $2", l.project, r.Version); err != nil {
			return fmt.Errorf("clearing %s of migration %s: %w", table, r.Version, err)
		}
	}
	if _, err := q.Exec(ctx, "DELETE FROM "+l.table("migrations")+" WHERE project = $1 AND version = $2", l.project, r.Version); err != nil {
		return fmt.Errorf("storing migration %s: %w", r.Version, err)
	}
	_, err = q.Exec(ctx, "INSERT INTO "+l.table("migrations")+
		" (project, version, name, checksum, state, phase, direction, reason, plan, digest, host, pid, actor, started_at, phase_at, finished_at, segue_version)"+
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
		l.project, r.Version, r.Name, r.Checksum, string(r.State), string(r.Phase), string(r.Direction), r.Reason, string(plan), r.Digest,
		r.Host, r.PID, r.Actor, r.StartedAt, r.PhaseAt, r.Finished, version)
	if err != nil {
		return fmt.Errorf("storing migration %s: %w", r.Version, err)
	}
	return nil
}

// errMoved says that a migration's row was no longer as it had been read.
var errMoved = errors.New("another runner moved the migration meanwhile; run the command again")

// move writes a migration's new state, phase, direction and reason, if the transition table lets
// it and the row is still in the state that r was read with. r is changed only then.
func (l ledger) move(ctx context.Context, q dialects.Queryer, r *record, to record) error {
	if !r.State.CanBecome(to.State) {
		return &phases.TransitionError{Migration: r.Version, From: r.State, To: to.State}
	}
	// A contract that is tried, and stops, does not begin the time in dual-write again.
	if to.Phase != r.Phase && to.Phase != phases.Contract && r.Phase != phases.Contract {
		to.PhaseAt = l.clock.Now()
	}
	if to.State == phases.Done || to.State == phases.RolledBack {
		now := l.clock.Now()
		to.Finished = &now
	}
	n, err := q.Exec(ctx, "UPDATE "+l.table("migrations")+
		" SET state = $1, phase = $2, direction = $3, reason = $4, host = $5, pid = $6, actor = $7, phase_at = $8, finished_at = $9"+
		" WHERE project = $10 AND version = $11 AND state = $12 AND phase = $13 AND direction = $14",
		string(to.State), string(to.Phase), string(to.Direction), to.Reason, to.Host, to.PID, to.Actor, to.PhaseAt, to.Finished,
		l.project, r.Version, string(r.State), string(r.Phase), string(r.Direction))
	if err != nil {
		return fmt.Errorf("moving migration %s to %s: %w", r.Version, to.State, err)
	}
	if n == 0 {
		return fmt.Errorf("moving migration %s to %s: %w", r.Version, to.State, errMoved)
	}
	*r = to
	return nil
}
