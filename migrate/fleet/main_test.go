package fleet

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/dialects/postgres"
	"github.com/segue-db/segue/internal/scratch"
	"github.com/segue-db/segue/phases/compat"
)

func TestMain(m *testing.M) { os.Exit(scratch.Main(m)) }

var registryLock = dialects.LockName{Kind: dialects.RegistryLock}

// pipeline runs deploy commands as the runner does: each in a transaction of its own, under the
// registry lock. The clock goes on by a minute with each.
type pipeline struct {
	*testing.T
	db       *postgres.Database
	session  dialects.Session
	registry Registry
	now      time.Time
	baseline *Baseline
}

func newPipeline(t *testing.T) *pipeline {
	t.Helper()
	db, err := postgres.Open(t.Context(), scratch.Postgres(t).Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	p := &pipeline{T: t, db: db, registry: New(db.Dialect()), now: noon}
	p.session = p.open()
	for _, ddl := range db.Dialect().LedgerDDL() {
		if err := p.session.Script(t.Context(), ddl); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// emptied is the same pipeline with nothing registered, for a subtest.
func (p *pipeline) emptied(t *testing.T) *pipeline {
	t.Helper()
	if err := p.session.Script(t.Context(), "DELETE FROM "+p.registry.table); err != nil {
		t.Fatal(err)
	}
	empty := *p
	empty.T = t
	return &empty
}

func (p *pipeline) open() dialects.Session {
	p.Helper()
	s, err := p.db.Session(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(s.Close)
	return s
}

// locked runs work under the registry lock and commits unless it fails.
func locked(ctx context.Context, s dialects.Session, work func(dialects.Tx) error) error {
	tx, err := s.Begin(ctx, dialects.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := tx.LockRegistry(ctx, registryLock); err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// try runs one deploy command and returns its error.
func (p *pipeline) try(verb Verb, id ID, m *compat.Manifest) error {
	p.Helper()
	p.now = p.now.Add(time.Minute)
	return locked(p.Context(), p.session, func(tx dialects.Tx) (err error) {
		switch verb {
		case StartVerb:
			_, err = p.registry.Start(p.Context(), tx, id, m, p.now)
		case FinishVerb:
			_, err = p.registry.Finish(p.Context(), tx, id, p.baseline, p.now)
		case AbortVerb:
			_, err = p.registry.Abort(p.Context(), tx, id, p.baseline, p.now)
		case RetireVerb:
			if id.Version == "" {
				return p.registry.RetireApp(p.Context(), tx, id.App, id.Group, p.baseline, p.now)
			}
			err = p.registry.Retire(p.Context(), tx, id, p.baseline, p.now)
		}
		return err
	})
}

func (p *pipeline) run(verb Verb, id ID, m *compat.Manifest) {
	p.Helper()
	if err := p.try(verb, id, m); err != nil {
		p.Fatal(err)
	}
}

func (p *pipeline) entry(id ID) Entry {
	p.Helper()
	e, err := p.registry.Find(p.Context(), p.session, id)
	if err != nil || e == nil {
		p.Fatalf("finding %s: %v, %v", id, e, err)
	}
	return *e
}

// expect compares the state of every registered version, in the list's order.
func (p *pipeline) expect(want ...string) {
	p.Helper()
	entries, err := p.registry.List(p.Context(), p.session)
	if err != nil {
		p.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.ID().String()+" "+string(e.State))
	}
	if len(got) != len(want) {
		p.Fatalf("got %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			p.Fatalf("got %q, want %q", got, want)
		}
	}
}

func web(version string) ID { return ID{App: "web", Version: version} }

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
