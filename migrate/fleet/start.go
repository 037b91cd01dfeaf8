package fleet

import (
	"context"
	"fmt"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases/compat"
)

// Starting is the version as [Registry.Start] would register it, for the caller to check whether
// it works before. Without a manifest it is the stored one, if there is any; while instances of
// another start of the same version may be left it is the union of both.
func (r Registry) Starting(ctx context.Context, q dialects.Queryer, id ID, m *compat.Manifest) (compat.Version, error) {
	known, err := r.Find(ctx, q, id)
	if err != nil {
		return compat.Version{}, err
	}
	return started(known, id.normal(), m).Version, nil
}

// Start registers a version, from when on it counts. It may be repeated: the last start is the one
// that orders it among the versions of its app.
func (r Registry) Start(ctx context.Context, tx dialects.Tx, id ID, m *compat.Manifest, now time.Time) (Entry, error) {
	known, err := r.Find(ctx, tx, id)
	if err != nil {
		return Entry{}, err
	}
	e := started(known, id.normal(), m)
	e.StartedAt, e.LastSeenAt = now, now
	if e.StartSeq, err = r.nextStart(ctx, tx); err != nil {
		return Entry{}, err
	}
	return e, r.write(ctx, tx, e)
}

func started(known *Entry, id ID, m *compat.Manifest) Entry {
	if known == nil {
		return Entry{
			Version: compat.Version{App: id.App, Version: id.Version, Group: id.Group, State: compat.Starting, Manifest: m},
			Rollout: &Rollout{Outcome: Unfinished, Manifest: m},
		}
	}
	e := *known
	e.State, e.RetiredAt, e.Baseline = compat.Starting, nil, nil
	rollout := Rollout{Outcome: Unfinished, Manifest: m, Before: known.snapshot()}
	switch {
	case known.State == compat.Starting && known.Rollout != nil:
		rollout.Before = known.Rollout.Before
		if m == nil {
			rollout.Manifest = known.Rollout.Manifest
		}
	case m == nil:
		rollout.Manifest = known.Manifest
	}
	e.Rollout, e.Manifest = &rollout, rollout.Manifest
	if known.State.Counts() {
		e.Manifest = compat.Union(known.Manifest, rollout.Manifest)
	}
	return e
}

// nextStart is a number greater than that of any start before. The registry lock orders starts.
func (r Registry) nextStart(ctx context.Context, tx dialects.Tx) (int64, error) {
	rows, err := tx.Query(ctx, "SELECT /* segue:registry */ coalesce(max(start_seq), 0) FROM "+r.table)
	if err != nil {
		return 0, fmt.Errorf("reading the order of starts: %w", err)
	}
	defer rows.Close()
	var last int64
	if rows.Next() {
		if err := rows.Scan(&last); err != nil {
			return 0, fmt.Errorf("reading the order of starts: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return 0, fmt.Errorf("reading the order of starts: %w", err)
	}
	return last + 1, nil
}
