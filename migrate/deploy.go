package migrate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/fleet"
	"github.com/segue-db/segue/phases/compat"
)

// Deploy names a version of an app in a group, with its manifest where one is given. A version that
// was registered before needs none again.
type Deploy struct {
	App      string
	Version  string
	Group    string // empty is main
	Manifest *compat.Manifest
}

func (d Deploy) id() fleet.ID { return fleet.ID{App: d.App, Version: d.Version, Group: d.Group} }

// named says whether the version has a name, and the manifest is this app's.
func (d Deploy) named() error {
	if strings.TrimSpace(d.App) == "" || strings.TrimSpace(d.Version) == "" {
		return &ConfigError{Problem: fmt.Sprintf("app %q, version %q: neither may be empty", d.App, d.Version)}
	}
	if d.Manifest == nil || d.Manifest.App == d.App {
		return nil
	}
	return &ConfigError{fmt.Sprintf("the manifest is for app %s, and the command names %s", d.Manifest.App, d.App),
		"give the manifest of " + d.App + " with --manifest"}
}

// Deployment is a version as the registry has it.
type Deployment = fleet.Entry

// DeployStart registers a version before its rollout, if it works on the schema; from then on it
// counts. It decides under the registry lock, as contract and rollback do, so that of the two only
// one goes ahead. The error is an *IncompatibleError where the answer is not yes, after waiting
// for it as long as Options.Wait allows.
func (r *Runner) DeployStart(ctx context.Context, d Deploy) (compat.Readiness, error) {
	var readiness compat.Readiness
	if err := d.named(); err != nil {
		return readiness, err
	}
	err := r.register(ctx, func(c *conn) error {
		return c.poll(ctx, func() (final bool, err error) {
			readiness, err = c.start(ctx, d)
			var busy *BusyError
			return err != nil && !errors.As(err, &busy) && (readiness.Answer == compat.No || readiness.Answer == ""), err
		})
	})
	return readiness, err
}

func (c *conn) start(ctx context.Context, d Deploy) (compat.Readiness, error) {
	var readiness compat.Readiness
	err := c.underRegistry(ctx, func(tx dialects.Tx) error {
		registry := fleet.New(c.db.Dialect())
		v, err := registry.Starting(ctx, tx, d.id(), d.Manifest)
		if err != nil {
			return err
		}
		if readiness, err = c.readiness(ctx, tx, v); err != nil {
			return err
		}
		if readiness.Answer != compat.Yes {
			return &IncompatibleError{Version: v, Readiness: readiness}
		}
		if _, err := registry.Start(ctx, tx, d.id(), d.Manifest, c.clock.Now()); err != nil {
			return err
		}
		return c.event(ctx, tx, "deploy-start", "", detail{"app": d.App, "app_version": d.Version, "group": d.id().Group})
	})
	return readiness, err
}

// DeployFinish says that no other instance of the app and group is left: it retires those whose
// start came before, and returns them. Errors are the registry's: see package fleet.
func (r *Runner) DeployFinish(ctx context.Context, d Deploy) (retired []Deployment, err error) {
	err = r.changeRegistry(ctx, "deploy-finish", d, func(registry fleet.Registry, tx dialects.Tx, b *fleet.Baseline, c *conn) error {
		retired, err = registry.Finish(ctx, tx, d.id(), b, c.clock.Now())
		return err
	})
	return retired, err
}

// DeployAbort says that no instance of an unfinished start is left, and puts back what was there
// before it.
func (r *Runner) DeployAbort(ctx context.Context, d Deploy) error {
	return r.changeRegistry(ctx, "deploy-abort", d, func(registry fleet.Registry, tx dialects.Tx, b *fleet.Baseline, c *conn) error {
		_, err := registry.Abort(ctx, tx, d.id(), b, c.clock.Now())
		return err
	})
}

// DeployRetire says that no instance of a version is left; without a version, that the whole app
// is gone for good, in the group or, where none is named, in all.
func (r *Runner) DeployRetire(ctx context.Context, d Deploy) error {
	return r.changeRegistry(ctx, "deploy-retire", d, func(registry fleet.Registry, tx dialects.Tx, b *fleet.Baseline, c *conn) error {
		if d.Version == "" {
			return registry.RetireApp(ctx, tx, d.App, d.Group, b, c.clock.Now())
		}
		return registry.Retire(ctx, tx, d.id(), b, c.clock.Now())
	})
}

// Deployments are all versions that were ever registered on this database.
func (r *Runner) Deployments(ctx context.Context) ([]Deployment, error) {
	c, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if !c.hasLedger {
		return nil, nil
	}
	return fleet.New(c.db.Dialect()).List(ctx, c.session)
}

// register opens a connection for the registry, with the ledger there.
func (r *Runner) register(ctx context.Context, f func(*conn) error) error {
	c, err := r.write(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	if !c.hasLedger {
		if err := c.unpooled(); err != nil {
			return err
		}
		if err := c.withLedger(ctx, func() error { return nil }); err != nil {
			return err
		}
	}
	if c.foreign {
		return &ConfigError{"the ledger was made on another server or database, so its registry is not this one's",
			"if this is a copy that goes on by itself: segue adopt"}
	}
	return f(c)
}

func (r *Runner) changeRegistry(ctx context.Context, action string, d Deploy,
	change func(fleet.Registry, dialects.Tx, *fleet.Baseline, *conn) error) error {
	return r.register(ctx, func(c *conn) error {
		return c.underRegistry(ctx, func(tx dialects.Tx) error {
			baseline, err := c.baseline(ctx, tx)
			if err != nil {
				return err
			}
			if err := change(fleet.New(c.db.Dialect()), tx, baseline, c); err != nil {
				return err
			}
			return c.event(ctx, tx, action, "", detail{"app": d.App, "app_version": d.Version, "group": d.Group})
		})
	})
}

// registryWait is how long a registry command waits for any one lock: contract holds the registry
// for moments, but reading the schema waits for whoever rewrites a table, and nobody else may register
// meanwhile.
const registryWait = 5 * time.Second

// underRegistry runs f in a transaction that holds the registry lock. The error is a *BusyError where a
// lock was not had.
func (c *conn) underRegistry(ctx context.Context, f func(dialects.Tx) error) (err error) {
	defer func() {
		if c.db.Fault(err) == dialects.FaultLockTimeout {
			err = &BusyError{err}
		}
	}()
	tx, err := c.session.Begin(ctx, dialects.TxOptions{LockTimeout: registryWait})
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if err := tx.LockRegistry(ctx, c.lockName(dialects.RegistryLock, "")); err != nil {
		return fmt.Errorf("taking the registry lock: %w", err)
	}
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
