package migrate

import (
	"context"
	"fmt"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
	"github.com/segue-db/segue/phases"
)

// Plans are the plans of what is in flight, from the ledger, and of what is pending, compiled on
// the live schema; of one migration where version is given. Nothing is changed. The error of a
// migration that is refused is a *phases.RefusedError or a *dialects.Refusal.
func (r *Runner) Plans(ctx context.Context, version string) ([]*phases.Plan, error) {
	c, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if version != "" {
		if version, err = c.known(ctx, version); err != nil {
			return nil, err
		}
	}
	records, err := c.records(ctx)
	if err != nil {
		return nil, err
	}
	catalog, err := c.db.Inspect(ctx, c.session)
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	mode, err := c.mode(ctx, catalog, records)
	if err != nil {
		return nil, err
	}
	return c.plansOn(catalog, records, version, mode)
}

func (c *conn) plansOn(catalog *dialects.Catalog, records map[string]*record, version string, mode phases.Protection) ([]*phases.Plan, error) {
	var plans []*phases.Plan
	for _, v := range c.versions(records) {
		wanted := version == "" || v == version
		if r := records[v]; r != nil && r.State != phases.RolledBack {
			if wanted && (r.State != phases.Done || version != "") {
				plans = append(plans, r.Plan)
			}
			continue
		}
		file, err := c.set.Find(v)
		if err != nil {
			continue // rolled back, and its file is gone
		}
		m, err := parse(c.db.Dialect(), *file)
		if err != nil {
			return nil, err
		}
		if wanted {
			plan, err := phases.Compile(c.db.Dialect(), catalog, m, mode)
			if err != nil {
				return nil, err
			}
			plans = append(plans, plan)
		}
		replay(c.db.Dialect(), catalog, m)
	}
	return plans, nil
}

// OfflinePlans are the plans that a directory's migrations have on the schema that the files before
// each of them end in, with no database; of one migration where version is given, else of the last.
func OfflinePlans(set *source.Set, d dialects.Dialect, v dialects.Version, version string) ([]*phases.Plan, error) {
	catalog := d.NewCatalog(v)
	if version == "" && len(set.Migrations) > 0 {
		version = set.Migrations[len(set.Migrations)-1].Version
	}
	wanted, err := set.Find(version)
	if err != nil {
		return nil, &ConfigError{Problem: err.Error()}
	}
	for _, file := range set.Migrations {
		m, err := parse(d, file)
		if err != nil {
			return nil, err
		}
		if file.Version == wanted.Version {
			plan, err := phases.Compile(d, catalog, m, phases.Protected)
			if err != nil {
				return nil, err
			}
			return []*phases.Plan{plan}, nil
		}
		replay(d, catalog, m)
	}
	return nil, nil
}
