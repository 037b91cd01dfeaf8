package integration_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/segue-db/segue/migrate"
	"github.com/segue-db/segue/migrate/backfill"
	"github.com/segue-db/segue/migrate/fleet"
	"github.com/segue-db/segue/phases"
	"github.com/segue-db/segue/phases/compat"
)

// The sequences C2 to C6 of the reference: each is a way in which a gate opens, or a rollback goes
// ahead, under a version that runs.

// inDualWrite is a database in dual-write, and a Runner on it.
func inDualWrite(t *testing.T, o migrate.Options) *migrate.Runner {
	t.Helper()
	url, f := started(t, 10)
	toDualWrite(t, url, f)
	return runner(t, url, f, o)
}

func started14(t *testing.T, r *migrate.Runner) { deployed(t, r, uses("1.4.0", "user_email")) }

func in(d migrate.Deploy, group string) migrate.Deploy {
	d.Group = group
	return d
}

func start(t *testing.T, r *migrate.Runner, d migrate.Deploy) {
	t.Helper()
	if _, err := r.DeployStart(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

func finish(t *testing.T, r *migrate.Runner, d migrate.Deploy) {
	t.Helper()
	if _, err := r.DeployFinish(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

// holds asserts that contract is held, as closed or as unknown.
func holds(t *testing.T, r *migrate.Runner, how error) {
	t.Helper()
	if err := r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002"}); !errors.Is(err, how) {
		t.Fatalf("advance: %v, want: %v", err, how)
	}
}

func opens(t *testing.T, r *migrate.Runner) {
	t.Helper()
	if err := r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002"}); err != nil {
		t.Fatal(err)
	}
}

func TestC2RollbackIsGated(t *testing.T) {
	r := inDualWrite(t, migrate.Options{})
	deployed(t, r, uses("1.5.0", "email"))
	err := r.Rollback(t.Context(), migrate.RollbackRequest{Version: "0002"})
	if !errors.Is(err, migrate.ErrGateClosed) {
		t.Fatalf("rollback under a version on the new form: %v", err)
	}
	if s := status(t, r, "0002"); s.State != phases.Waiting || s.Direction != phases.Forward {
		t.Errorf("it stands in %s, %s", s.State, s.Direction)
	}
	deployed(t, r, uses("1.4.0", "user_email"))
	if err := r.Rollback(t.Context(), migrate.RollbackRequest{Version: "0002"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.DeployStart(t.Context(), uses("1.5.0", "email")); !errors.Is(err, migrate.ErrNotYet) && !errors.Is(err, migrate.ErrIncompatible) {
		t.Errorf("start of a version on a form that was rolled back: %v", err)
	}
}

func TestC3AbortAfterFinish(t *testing.T) {
	long(t)
	r := inDualWrite(t, migrate.Options{})
	started14(t, r)
	deployed(t, r, uses("1.5.0", "email"))
	var order *fleet.OrderError
	if err := r.DeployAbort(t.Context(), uses("1.5.0", "email")); !errors.As(err, &order) || !errors.Is(err, fleet.ErrFinished) {
		t.Fatalf("abort after finish: %v", err)
	}
	start(t, r, uses("1.4.0", "user_email")) // what the platform put back
	holds(t, r, migrate.ErrGateClosed)
}

func TestC3AbortOfARedeploy(t *testing.T) {
	long(t)
	r := inDualWrite(t, migrate.Options{})
	deployed(t, r, uses("1.5.0", "email"))
	start(t, r, uses("1.5.0", "email"))
	if err := r.DeployAbort(t.Context(), uses("1.5.0", "email")); err != nil {
		t.Fatal(err)
	}
	if err := r.Rollback(t.Context(), migrate.RollbackRequest{Version: "0002"}); !errors.Is(err, migrate.ErrGateClosed) {
		t.Fatalf("1.5.0 serves on, and rollback says: %v", err)
	}
	opens(t, r)
}

func TestC3AppWithNothingThatCounts(t *testing.T) {
	long(t)
	r := inDualWrite(t, migrate.Options{})
	worker := uses("2.0", "email")
	worker.App, worker.Manifest = "worker", &compat.Manifest{App: "worker", Uses: worker.Manifest.Uses}
	deployed(t, r, worker)
	start(t, r, uses("1.5.0", "email"))
	if err := r.DeployAbort(t.Context(), uses("1.5.0", "email")); err != nil {
		t.Fatal(err)
	}
	holds(t, r, migrate.ErrGateUnknown)
}

func TestC4BlueGreen(t *testing.T) {
	long(t)
	r := inDualWrite(t, migrate.Options{})
	start(t, r, in(uses("1.4.0", "user_email"), "blue"))
	finish(t, r, in(uses("1.4.0", "user_email"), "blue"))
	start(t, r, in(uses("1.5.0", "email"), "green"))
	finish(t, r, in(uses("1.5.0", "email"), "green"))
	holds(t, r, migrate.ErrGateClosed) // a flip back to blue would meet 1.4.0
	if err := r.DeployRetire(t.Context(), in(uses("1.4.0", "user_email"), "blue")); err != nil {
		t.Fatal(err)
	}
	opens(t, r)
}

func TestC5TwoEnvironments(t *testing.T) {
	long(t)
	r := inDualWrite(t, migrate.Options{Apps: []string{"web/prod"}})
	start(t, r, in(uses("1.5.0", "email"), "staging"))
	finish(t, r, in(uses("1.5.0", "email"), "staging"))
	holds(t, r, migrate.ErrGateUnknown) // prod's never registered
	start(t, r, in(uses("1.5.0", "email"), "prod"))
	finish(t, r, in(uses("1.5.0", "email"), "prod"))
	opens(t, r)
}

func TestC6GoingBackIsARollout(t *testing.T) {
	long(t)
	r := inDualWrite(t, migrate.Options{})
	deployed(t, r, uses("1.5.0", "email"))
	deployed(t, r, uses("1.4.0", "user_email"))
	list, err := r.Deployments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(list, func(d migrate.Deployment) bool { return d.Version.Version == "1.5.0" && d.State == compat.Retired }) {
		t.Errorf("1.5.0 still counts: %+v", list)
	}
	if err := r.Rollback(t.Context(), migrate.RollbackRequest{Version: "0002"}); err != nil {
		t.Errorf("nobody is on the new form, and rollback says: %v", err)
	}
}

func TestRollbackWindow(t *testing.T) {
	long(t)
	r := inDualWrite(t, migrate.Options{RollbackWindow: time.Hour})
	started14(t, r)
	deployed(t, r, uses("1.5.0", "email"))
	holds(t, r, migrate.ErrGateClosed)
	force := &phases.Force{Reason: "1.4.0 is never gone back to", Ignore: []string{"web@1.4.0"}}
	if err := r.Advance(t.Context(), migrate.AdvanceRequest{Version: "0002", Force: force}); err != nil {
		t.Fatal(err)
	}
}

func TestSoak(t *testing.T) {
	long(t)
	url, _ := started(t, 10)
	f := files{"0001_users.sql": usersThenRename["0001_users.sql"],
		"0002_rename_user_email.sql": "-- segue:soak 1h\n\n" + usersThenRename["0002_rename_user_email.sql"]}
	toDualWrite(t, url, f)
	r := runner(t, url, f, migrate.Options{})
	deployed(t, r, uses("1.5.0", "email"))
	holds(t, r, migrate.ErrNotYet)
	opens(t, runner(t, url, f, migrate.Options{Clock: later{by: 2 * time.Hour}}))
}

// later is the system's clock, put forward.
type later struct {
	backfill.SystemClock
	by time.Duration
}

func (l later) Now() time.Time { return time.Now().Add(l.by) }
