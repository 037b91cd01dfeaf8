package fleet

import (
	"context"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases/compat"
)

// Finish says that no other instance of the app and group is left: it retires the versions whose
// last start came before this one's, and returns them. Baseline is what the server had counted by
// now, nil where that is not known. It may be repeated. The error is an *OrderError where no start
// of the version is there to finish.
func (r Registry) Finish(ctx context.Context, tx dialects.Tx, id ID, baseline *Baseline, now time.Time) ([]Entry, error) {
	id = id.normal()
	e, err := r.Find(ctx, tx, id)
	switch {
	case err != nil:
		return nil, err
	case e == nil:
		return nil, &OrderError{FinishVerb, id, ErrNotStarted, "run " + id.command(StartVerb) + " before its rollout"}
	case !e.State.Counts():
		return nil, &OrderError{FinishVerb, id, ErrRetired, "it is " + string(e.State) + "; if it runs, run " + id.command(StartVerb) + " first"}
	}
	if e.State == compat.Starting {
		if e.Rollout != nil {
			e.Manifest = e.Rollout.Manifest // instances of former starts are gone as well
		}
		e.State, e.Rollout, e.LastSeenAt = compat.Serving, nil, now
		if err := r.write(ctx, tx, *e); err != nil {
			return nil, err
		}
	}
	others, err := r.read(ctx, tx, "WHERE app = $1 AND app_group = $2 AND start_seq < $3 ORDER BY start_seq", id.App, id.Group, e.StartSeq)
	if err != nil {
		return nil, err
	}
	var retired []Entry
	for _, other := range others {
		if !other.State.Counts() {
			continue
		}
		other.State, other.RetiredAt, other.Baseline = compat.Retired, &now, baseline
		if err := r.write(ctx, tx, other); err != nil {
			return nil, err
		}
		retired = append(retired, other)
	}
	return retired, nil
}
