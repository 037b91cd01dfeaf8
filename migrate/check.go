package migrate

import (
	"context"
	"errors"
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/fleet"
	"github.com/segue-db/segue/migrate/source"
	"github.com/segue-db/segue/phases/compat"
)

// Check says whether an app with this manifest works on the schema as it is now: the readiness of
// a service at its start. Nothing is registered.
func (r *Runner) Check(ctx context.Context, m *compat.Manifest) (compat.Readiness, error) {
	return r.check(ctx, Deploy{App: m.App, Manifest: m})
}

// CheckVersion is Check for a version by name: without a manifest, what an earlier start stored is
// asked. It waits as long as Options.Wait allows while the answer is not-yet or unknown.
func (r *Runner) CheckVersion(ctx context.Context, d Deploy) (compat.Readiness, error) {
	if err := d.named(); err != nil {
		return compat.Readiness{}, err
	}
	return r.check(ctx, d)
}

func (r *Runner) check(ctx context.Context, d Deploy) (compat.Readiness, error) {
	c, err := r.read(ctx)
	if err != nil {
		return compat.Readiness{}, err
	}
	defer c.close()
	var readiness compat.Readiness
	err = c.poll(ctx, func() (bool, error) {
		v := compat.Version{App: d.App, Version: d.Version, Group: d.Group, Manifest: d.Manifest}
		if c.hasLedger {
			if v, err = fleet.New(c.db.Dialect()).Starting(ctx, c.session, d.id(), d.Manifest); err != nil {
				return true, err
			}
		}
		if readiness, err = c.readiness(ctx, c.session, v); err != nil {
			return true, err
		}
		if readiness.Answer == compat.NotYet || readiness.Answer == compat.Unknown {
			return false, errAskAgain
		}
		return true, nil
	})
	if errors.Is(err, errAskAgain) {
		err = nil
	}
	return readiness, err
}

// errAskAgain keeps a poll going.
var errAskAgain = fmt.Errorf("the answer may change: %w", ErrNotYet)

// readiness asks package compat about a version on the schema as it is now.
func (c *conn) readiness(ctx context.Context, q dialects.Queryer, v compat.Version) (compat.Readiness, error) {
	catalog, err := c.db.Inspect(ctx, q)
	if err != nil {
		return compat.Readiness{}, fmt.Errorf("reading the schema: %w", err)
	}
	s, err := c.schema(ctx, q, catalog)
	if err != nil {
		return compat.Readiness{}, err
	}
	return compat.Check(v, s), nil
}

// CheckOffline says whether a version works on the schema that a directory's migrations end in.
func CheckOffline(set *source.Set, d dialects.Dialect, server dialects.Version, v compat.Version) (compat.Readiness, error) {
	catalog := d.NewCatalog(server)
	s := compat.Schema{}
	for _, file := range set.Migrations {
		m, err := parse(d, file)
		if err != nil {
			return compat.Readiness{}, err
		}
		for _, statement := range m.Script.Up {
			for _, change := range statement.Changes {
				if r, ok := change.(dialects.RenameColumn); ok && catalog.Table(r.Table) != nil {
					s.Forms = append(s.Forms, compat.Form{Project: compat.DefaultProject, Migration: file.Version,
						Table: catalog.Resolve(r.Table).String(), Old: r.Column, New: r.To, Stage: compat.Contracted})
				}
			}
			d.Replay(catalog, statement.Statement)
		}
		s.Migrations = append(s.Migrations, compat.Migration{Project: compat.DefaultProject, Version: file.Version, Progress: compat.Finished})
	}
	end := columns(catalog)
	end.Forms, end.Migrations = s.Forms, s.Migrations
	return compat.Check(v, end), nil
}
