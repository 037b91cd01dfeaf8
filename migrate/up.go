package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
	"github.com/segue-db/segue/phases"
)

// UpRequest narrows what Up does. The zero value is everything that may go ahead.
type UpRequest struct {
	// Version names the one migration to apply; what was rolled back or paused is taken up again
	// only so.
	Version string
	// Expect is the digest of the plan that was reviewed; any other is refused.
	Expect string
}

// Result is what a call did.
type Result struct {
	// Mode says whether statements ran as written, as on an empty database; empty where nothing ran.
	Mode     phases.Protection `json:"mode,omitempty"`
	Applied  []string          `json:"applied"`  // plain migrations, done
	Expanded []string          `json:"expanded"` // phased ones, through expand
	Skipped  []Skipped         `json:"skipped"`
}

// Skipped is a migration that was left alone, and why.
type Skipped struct {
	Migration string `json:"migration"`
	Reason    string `json:"reason"`
}

// Up applies plain migrations, and phased ones through expand: quick, for a service's start. One
// that another runner carries is left to it. Errors: *RefusedError and *dialects.Refusal where a
// statement is not safe (nothing was changed), ErrChecksum, ErrConfig, ErrLocked, ErrNotYet.
func (r *Runner) Up(ctx context.Context) (Result, error) { return r.UpOnly(ctx, UpRequest{}) }

// UpOnly is Up, narrowed.
func (r *Runner) UpOnly(ctx context.Context, request UpRequest) (Result, error) {
	c, err := r.direct(ctx)
	if err != nil {
		return Result{}, err
	}
	defer c.close()
	u := &up{conn: c, request: request}
	if request.Version != "" {
		if u.request.Version, err = c.known(ctx, request.Version); err != nil {
			return Result{}, err
		}
	}
	if nothing, err := u.nothing(ctx); nothing || err != nil {
		return u.result, err
	}
	err = u.run(ctx)
	return u.result, err
}

// up is one run of Up.
type up struct {
	*conn
	request UpRequest
	result  Result
	// held are the tables that migrations left behind touch: what comes after them on the same
	// table waits too.
	held map[dialects.Name]string
}

// nothing reports whether there is nothing to do, so that no lock has to be taken.
func (u *up) nothing(ctx context.Context) (bool, error) {
	if !u.hasLedger {
		return len(u.set.Migrations) == 0, nil
	}
	records, err := u.ledger.records(ctx, u.session)
	if err != nil {
		return false, err
	}
	if err := u.consistent(records); err != nil {
		return false, err
	}
	for _, m := range u.pending(records) {
		if u.due(m, records[m.Version]) {
			return false, nil
		}
	}
	if r := records[u.request.Version]; r != nil {
		return true, u.expected(r.Version, r.Digest)
	}
	return true, nil
}

// due reports whether Up has anything to do for a migration.
func (u *up) due(m source.Migration, r *record) bool {
	named := u.request.Version == m.Version
	if u.request.Version != "" && !named {
		return false
	}
	switch {
	case r == nil:
		return true
	case r.State == phases.Done:
		return false
	case r.State == phases.RolledBack:
		return named
	case r.State == phases.Paused:
		return named && r.Phase == phases.Expand
	case r.Direction == phases.Back:
		return false
	}
	return r.Phase == phases.Expand
}

func (u *up) run(ctx context.Context) error {
	u.held = map[dialects.Name]string{}
	var queue []queued
	err := u.locked(ctx, func() (err error) {
		if queue, err = u.queue(ctx); err != nil || len(queue) == 0 || queue[0].mode != phases.AsWritten {
			return err
		}
		// The lock is kept, so that nobody finds the database half made and takes it for one in use.
		err = u.all(ctx, queue)
		queue = nil
		return err
	})
	if err != nil {
		return err
	}
	return u.all(ctx, queue)
}

func (u *up) all(ctx context.Context, queue []queued) error {
	for _, q := range queue {
		if err := u.one(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// queued is a migration that Up has something to do for.
type queued struct {
	source.Migration
	plan *phases.Plan // compiled on the catalog as it will be
	mode phases.Protection
	// apart says that the file has a session of its own, since what it leaves there must not outlive it.
	apart bool
}

// queue compiles everything before anything is changed: a migration that is refused stops those
// before it too. The caller holds the ledger lock.
func (u *up) queue(ctx context.Context) ([]queued, error) {
	records, err := u.records(ctx)
	if err != nil {
		return nil, err
	}
	if err := u.consistent(records); err != nil {
		return nil, err
	}
	catalog, err := u.db.Inspect(ctx, u.session)
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	mode, err := u.mode(ctx, catalog, records)
	if err != nil {
		return nil, err
	}
	var queue []queued
	var parsed []phases.Migration
	for _, m := range u.pending(records) {
		p, err := parse(u.db.Dialect(), m)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, p)
		if u.due(m, records[m.Version]) {
			queue = append(queue, queued{Migration: m, mode: mode, apart: marksSession(p)})
		}
	}
	if len(records) == 0 {
		if err := u.unadopted(catalog, parsed); err != nil {
			return nil, err
		}
	}
	if len(queue) > 0 {
		u.result.Mode = mode
	}
	return queue, u.compile(catalog, records, parsed, queue)
}

func (u *up) compile(catalog *dialects.Catalog, records map[string]*record, parsed []phases.Migration, queue []queued) error {
	var problems []error
	for _, m := range parsed {
		i := slices.IndexFunc(queue, func(q queued) bool { return q.Version == m.Version })
		r := records[m.Version]
		if i >= 0 && !r.fresh() {
			if err := u.expected(m.Version, r.Digest); err != nil {
				return err
			}
		}
		if i >= 0 && r.fresh() {
			plan, err := phases.Compile(u.db.Dialect(), catalog, m, queue[i].mode)
			if err != nil {
				problems = append(problems, err)
			}
			queue[i].plan = plan
			if plan != nil {
				if err := u.expected(m.Version, plan.Digest); err != nil {
					return err
				}
			}
		}
		replay(u.db.Dialect(), catalog, m)
	}
	return errors.Join(problems...)
}

// expected refuses a plan other than the one that was reviewed.
func (u *up) expected(version, digest string) error {
	if u.request.Expect == "" || u.request.Expect == digest {
		return nil
	}
	return &ConfigError{fmt.Sprintf("the plan of migration %s has digest %s, not %s", version, digest, u.request.Expect),
		"the file or the schema changed since the plan was reviewed: look at segue plan again"}
}

// one applies one migration, or leaves it and says why.
func (u *up) one(ctx context.Context, q queued) error {
	w, err := u.enter(ctx, q)
	if err != nil || w == nil {
		return err
	}
	defer w.release(ctx)
	if err := w.phase(ctx, phases.Expand); err != nil {
		return err
	}
	err = w.move(ctx, w.session, func(r *record) {
		r.State, r.Phase, r.Reason = phases.Waiting, phases.Backfill, "the backfill has not begun"
	})
	if err != nil {
		return err
	}
	u.result.Expanded = append(u.result.Expanded, q.Version)
	return w.event(ctx, w.session, "expanded", q.Version, nil)
}

// enter decides on one migration under the ledger lock. A plain one is carried out there and then;
// for a phased one the carry is returned, with the migration's lock held.
func (u *up) enter(ctx context.Context, q queued) (w *carry, err error) {
	err = u.locked(ctx, func() error {
		records, err := u.records(ctx)
		if err != nil {
			return err
		}
		rec := records[q.Version]
		if !u.due(q.Migration, rec) {
			return nil // another runner was here meanwhile
		}
		fresh := rec.fresh()
		if fresh {
			if q.plan == nil {
				return u.skip(q, "another runner took it back meanwhile; run the same command again")
			}
			if by := u.conflict(q.plan, records); by != "" {
				return u.skip(q, fmt.Sprintf("it waits for migration %s, which is in flight on the same table", by))
			}
			if rec, err = u.begin(ctx, q); err != nil {
				return err
			}
		}
		if err := u.open(ctx); err != nil {
			return err
		}
		if !rec.Plan.Phased() {
			return u.plain(ctx, q, rec, fresh)
		}
		if fresh {
			if err := u.ledger.begin(ctx, u.session, rec, u.options.Version); err != nil {
				return err
			}
			if err := u.event(ctx, u.session, "up", q.Version, detail{"digest": rec.Digest, "recipes": rec.Plan.Recipes}); err != nil {
				return err
			}
		}
		w, err = u.resumed(ctx, q)
		return err
	})
	return w, err
}

// resumed takes a phased migration's lock and marks it as this process's.
func (u *up) resumed(ctx context.Context, q queued) (*carry, error) {
	w, err := u.take(ctx, q.Version, 0)
	var locked *LockedError
	if errors.As(err, &locked) {
		return nil, u.skip(q, "it is carried by "+locked.Holder)
	}
	if err != nil {
		return nil, err
	}
	if err := w.move(ctx, w.session, func(r *record) { r.State, r.Reason = phases.Running, "" }); err != nil {
		w.release(ctx)
		return nil, err
	}
	return w, nil
}

func (u *up) skip(q queued, reason string) error {
	u.result.Skipped = append(u.result.Skipped, Skipped{Migration: q.Version, Reason: reason})
	if q.plan != nil {
		for _, t := range touched(q.plan) {
			u.held[t] = q.Version
		}
	}
	return nil
}

// conflict names the migration in flight, or left behind, that holds what a plan touches.
func (u *up) conflict(p *phases.Plan, records map[string]*record) string {
	tables := touched(p)
	for _, t := range tables {
		if by := u.held[t]; by != "" {
			return by
		}
	}
	for _, r := range records {
		if r.Version == p.Migration || !r.State.InFlight() || !r.Plan.Phased() {
			continue
		}
		if p.Meets(r.Plan) {
			return r.Version
		}
	}
	return ""
}

func touched(p *phases.Plan) []dialects.Name {
	var tables []dialects.Name
	for _, c := range p.Columns {
		tables = append(tables, c.Table)
	}
	return tables
}
