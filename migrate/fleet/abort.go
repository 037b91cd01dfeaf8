package fleet

import (
	"context"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases/compat"
)

// Abort says that no instance of a version's unfinished start is left, and puts back what the
// registry held before that start. It may be repeated. After a finish it is an *OrderError: the
// versions that the finish retired do not count any more, and only a start says which is back.
func (r Registry) Abort(ctx context.Context, tx dialects.Tx, id ID, baseline *Baseline, now time.Time) (Entry, error) {
	id = id.normal()
	e, err := r.Find(ctx, tx, id)
	switch {
	case err != nil:
		return Entry{}, err
	case e == nil:
		return Entry{}, &OrderError{AbortVerb, id, ErrNotStarted, "nothing of it is registered, so there is nothing to take back"}
	case e.Rollout == nil:
		return Entry{}, &OrderError{AbortVerb, id, ErrFinished, "run " + deployCommand(StartVerb, id.App, "VERSION", id.Group) +
			" with the version that is gone back to, and finish it when no other is left"}
	case e.State != compat.Starting:
		return *e, nil // aborted before, or retired by another's finish while it was rolling out
	}
	aborted := *e
	if before := e.Rollout.Before; before != nil {
		aborted = e.restore(before)
	} else {
		aborted.State, aborted.RetiredAt = compat.Aborted, &now
	}
	if !aborted.State.Counts() {
		aborted.Baseline = baseline // it ran until now
	}
	aborted.Rollout = &Rollout{Outcome: StartOver}
	return aborted, r.write(ctx, tx, aborted)
}
