package migrate

import (
	"context"
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/migrate/source"
	"github.com/segue-db/segue/phases"
)

// history are other runners' tables of what they have applied.
var history = []string{
	"schema_migrations", "goose_db_version", "flyway_schema_history", "_prisma_migrations", "atlas_schema_revisions",
	"django_migrations", "alembic_version", "knex_migrations", "__drizzle_migrations", "databasechangelog",
	"schema_version", "__diesel_schema_migrations", "_sqlx_migrations", "ar_internal_metadata",
}

// pending are the directory's migrations that the ledger has not, or that stand still in it, in
// order. A ledger that knows migrations which the directory lacks is normal: an older app meets a
// newer schema.
func (c *conn) pending(records map[string]*record) []source.Migration {
	var list []source.Migration
	for _, m := range c.set.Migrations {
		if r := records[m.Version]; r == nil || r.State != phases.Done {
			list = append(list, m)
		}
	}
	return list
}

// consistent says whether the directory fits the ledger: applied files are as they were, and
// nothing sorts before what is applied.
func (c *conn) consistent(records map[string]*record) error {
	newest := ""
	for _, r := range records {
		if r.State == phases.Done && c.set.Places(r.Version) && (newest == "" || c.set.Compare(r.Version, newest) > 0) {
			newest = r.Version
		}
	}
	for _, m := range c.set.Migrations {
		r := records[m.Version]
		switch {
		case !r.fresh() && r.Checksum != m.Checksum:
			return &ChecksumError{Path: m.Path, Applied: r.Checksum, Found: m.Checksum}
		case r == nil && newest != "" && c.set.Compare(m.Version, newest) < 0 && !c.options.OutOfOrder:
			return &ConfigError{fmt.Sprintf("%s sorts before %s, which is applied", m.Path, newest),
				"give it a later version, or set out_of_order: apply in segue.yaml"}
		}
	}
	return nil
}

// parse reads a migration's statements and directives.
func parse(d dialects.Dialect, m source.Migration) (phases.Migration, error) {
	up, err := parsePart(d, m.Up)
	if err != nil {
		return phases.Migration{}, err
	}
	down, err := parsePart(d, m.Down)
	if err != nil {
		return phases.Migration{}, err
	}
	switch {
	case m.Down.Path == "":
	case up.Down != nil:
		return phases.Migration{}, &ConfigError{fmt.Sprintf("%s has segue:down and a down section of %s", m.Path, m.Layout), "keep one of them"}
	default:
		up.Down = down.Up
	}
	return phases.Migration{
		Version: m.Version, Name: m.Name, Path: m.Path, Script: up,
		Up: dialects.TransactionRule(m.Up.Transaction), Down: dialects.TransactionRule(m.Down.Transaction), Outside: m.Layout.Outside(),
		UpRefusals: refusals(m.Up), DownRefusals: refusals(m.Down),
	}, nil
}

// parsePart reads a part's script; one that is not for this kind of server is empty.
func parsePart(d dialects.Dialect, p source.Part) (dialects.Script, error) {
	if !p.For(string(d.Kind())) {
		return dialects.Script{}, nil
	}
	script, problems := dialects.ReadScript(d, p.Text)
	if len(problems) > 0 {
		return script, &ConfigError{Problem: fmt.Sprintf("%s:%s", p.Path, problems[0])}
	}
	return script, nil
}

func refusals(p source.Part) []error {
	var all []error
	for _, r := range p.Refusals {
		all = append(all, r)
	}
	return all
}

// replay carries a migration's statements out on the catalog. What it sets for its session ends with it.
func replay(d dialects.Dialect, c *dialects.Catalog, m phases.Migration) {
	schema, session := c.DefaultSchema, c.Session
	for _, s := range m.Script.Up {
		d.Replay(c, s.Statement)
	}
	c.DefaultSchema, c.Session = schema, session
}

// unadopted refuses to run history twice: while the ledger holds nothing, a database that somebody
// has migrated already must be adopted first.
func (c *conn) unadopted(catalog *dialects.Catalog, pending []phases.Migration) error {
	for _, name := range history {
		for table := range catalog.Tables {
			if strings.EqualFold(table.Name, name) {
				return &ConfigError{fmt.Sprintf("table %s is another runner's history, and segue's ledger is empty", table), adoptHint}
			}
		}
	}
	for _, m := range pending {
		for _, s := range m.Script.Up {
			for _, change := range s.Changes {
				t, ok := change.(dialects.CreateTable)
				if ok && !t.IfNotExists && catalog.Table(t.Table) != nil {
					return &ConfigError{fmt.Sprintf("%s creates table %s, which is there already, and segue's ledger is empty", m.Path, catalog.Resolve(t.Table)),
						adoptHint}
				}
			}
		}
	}
	return nil
}

// adoptHint names no version: which of them are applied is for a person to know.
const adoptHint = "record what is applied already and run nothing: segue adopt --through VERSION, with the last one that is applied"

// mode decides whether migrations run as written: on an empty database that segue has never
// touched there is nobody to protect.
func (c *conn) mode(ctx context.Context, catalog *dialects.Catalog, records map[string]*record) (phases.Protection, error) {
	if c.options.Direct {
		versions, err := c.registered(ctx, c.session)
		if err != nil {
			return "", err
		}
		if len(versions) > 0 {
			return "", &ConfigError{fmt.Sprintf("--direct runs every statement as written, and %s is registered on this database", versions[0]),
				"leave --direct out"}
		}
		return phases.AsWritten, nil
	}
	if len(records) == 0 && len(catalog.Tables) == 0 {
		return phases.AsWritten, nil
	}
	return phases.Protected, nil
}
