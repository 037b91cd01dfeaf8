package fleet

import (
	"context"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/phases/compat"
)

// Retire says that no instance of a version is left, where no finish of another will say so: a
// blue/green colour that was drained, a pipeline that died. It may be repeated. An app that has no
// version that counts stays unknown to gates.
func (r Registry) Retire(ctx context.Context, tx dialects.Tx, id ID, baseline *Baseline, now time.Time) error {
	id = id.normal()
	e, err := r.Find(ctx, tx, id)
	switch {
	case err != nil:
		return err
	case e == nil:
		return &OrderError{RetireVerb, id, ErrNotStarted, "segue deploy list shows what is registered"}
	case !e.State.Counts():
		return nil
	}
	e.State, e.RetiredAt, e.Baseline = compat.Retired, &now, baseline
	return r.write(ctx, tx, *e)
}

// RetireApp says that an app is gone for good, in one group or, where group is empty, in all: none
// of its versions counts, for a rollback neither, and none is expected. A start brings it back.
func (r Registry) RetireApp(ctx context.Context, tx dialects.Tx, app, group string, baseline *Baseline, now time.Time) error {
	entries, err := r.read(ctx, tx, "WHERE app = $1", app)
	if err != nil {
		return err
	}
	found := false
	for _, e := range entries {
		if group != "" && e.Group != group {
			continue
		}
		found = true
		if e.State == compat.Gone {
			continue
		}
		if e.State.Counts() {
			e.RetiredAt, e.Baseline = &now, baseline
		}
		e.State = compat.Gone
		if err := r.write(ctx, tx, e); err != nil {
			return err
		}
	}
	if !found {
		return &OrderError{RetireVerb, ID{App: app, Group: group}, ErrNotStarted, "segue deploy list shows what is registered"}
	}
	return nil
}
