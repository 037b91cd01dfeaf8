package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/segue-db/segue/dialects"
)

// Inspect reads the catalog from pg_catalog, in one snapshot where it can begin a transaction of
// its own. Inside a transaction it reads what that transaction sees. Left out are the server's
// schemas, segue's own, temporary tables, and what belongs to an extension.
//
// The search_path is empty meanwhile, so that every name in an expression or definition is
// qualified (but those of pg_catalog).
func (d *Database) Inspect(ctx context.Context, q dialects.Queryer) (*dialects.Catalog, error) {
	var number int
	var schema, path, zone string
	err := dialects.ReadRow(ctx, q, `/* segue: inspect */
SELECT pg_catalog.current_setting('server_version_num')::int,
       COALESCE(pg_catalog.current_schema(), 'public'), pg_catalog.current_setting('search_path'),
       pg_catalog.current_setting('TimeZone')`,
		nil, &number, &schema, &path, &zone)
	if err != nil {
		return nil, fmt.Errorf("reading the catalog: %w", err)
	}
	version := dialects.Version{Kind: dialects.Postgres, Major: number / 10000, Minor: number % 10000}
	i := &inspection{
		Queryer: q, ctx: ctx, version: version,
		catalog:   dialects.NewCatalog(version, schema),
		tables:    map[uint32]*dialects.Table{},
		relations: map[uint32]*relation{},
	}
	i.catalog.Live, i.catalog.Session.TimeZone = true, zone
	leave, err := enterSnapshot(ctx, q, path)
	if err != nil {
		return nil, fmt.Errorf("reading the catalog: %w", err)
	}
	err = i.read()
	if left := leave(); err == nil {
		err = left
	}
	if err != nil {
		return nil, fmt.Errorf("reading the catalog: %w", err)
	}
	return i.catalog, nil
}

// enterSnapshot empties the search_path, in a transaction of its own or the one that is open.
func enterSnapshot(ctx context.Context, q dialects.Queryer, path string) (leave func() error, err error) {
	after := context.WithoutCancel(ctx)
	conn, is := q.(interface{ backend() *pgx.Conn })
	if is && conn.backend().PgConn().TxStatus() == txIdle {
		err := q.Script(ctx, `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''`)
		return func() error { return q.Script(after, `ROLLBACK`) }, err
	}
	_, err = q.Exec(ctx, `SELECT pg_catalog.set_config('search_path', '', true)`)
	return func() error {
		_, err := q.Exec(after, `SELECT pg_catalog.set_config('search_path', $1, true)`, path)
		return err
	}, err
}

// inspection is one reading of the catalog.
type inspection struct {
	dialects.Queryer
	ctx     context.Context
	version dialects.Version
	catalog *dialects.Catalog

	tables       map[uint32]*dialects.Table // by oid
	relations    map[uint32]*relation       // tables, views and sequences, by oid
	dependencies map[dependent][]columnID
	domains      map[uint32]*domain
}

// relation is what columns are looked up in. Attributes are by attnum.
type relation struct {
	name       dialects.Name
	attributes map[int32]string
}

func (i *inspection) read() error {
	// Later steps look up what earlier ones have read.
	for _, step := range []func() error{
		i.readRole, i.readSchemas, i.readTables, i.readParents, i.readDomains, i.readColumns, i.readGrants,
		i.readPartitionKeys, i.readDependencies,
		i.readConstraints, i.readIndexes, i.readTriggers, i.readPolicies, i.readStatistics,
		i.readPublications, i.readSubscriptions,
		i.readSequences, i.readViews, i.readFunctions, i.readEnums, i.readComposites,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// each reads all rows of a query.
func (i *inspection) each(sql string, row func(), dest ...any) error {
	return dialects.ReadRows(i.ctx, i, "/* segue: inspect */"+sql, nil, func() error { row(); return nil }, dest...)
}

// since is an expression that the server has from a release on, and what stands for it before.
func (i *inspection) since(major int, expression, before string) string {
	if i.version.AtLeast(major, 0) {
		return expression
	}
	return before
}

// What is ours to look at, for queries that have pg_namespace as n: not the server's schemas, the
// temporary ones among them, and not segue's.
const (
	ownSchema = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'segue')`
	// ownRelations is a common table expression: the relations outside extensions, by kind.
	ownRelations = `
WITH own AS (
  SELECT c.*, n.nspname
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ` + ownSchema + `
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.deptype = 'e'
      AND x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND x.objid = c.oid)
)`
	ownTables = ownRelations + `, tables AS (SELECT * FROM own WHERE relkind IN ('r', 'p', 'f'))`
)

// comment is the comment on an object, for a query's select list.
func comment(class, oid string) string {
	return `COALESCE((SELECT pg_catalog.min(description) FROM pg_catalog.pg_description
          WHERE classoid = 'pg_catalog.` + class + `'::pg_catalog.regclass AND objoid = ` + oid + ` AND objsubid = 0), '')`
}

// columnNames are the names of a relation's columns by their numbers; 0 stands for an expression
// and gives an empty name.
func (i *inspection) columnNames(oid uint32, numbers []int32) []string {
	var names []string
	for _, n := range numbers {
		name := ""
		if r := i.relations[oid]; r != nil {
			name = r.attributes[n]
		}
		names = append(names, name)
	}
	return names
}

// named appends those names that are neither empty nor there yet.
func named(names []string, more ...string) []string {
	for _, m := range more {
		if m != "" && !slices.Contains(names, m) {
			names = append(names, m)
		}
	}
	return names
}

// optional is a name that may not be there.
func optional(schema, name string) *dialects.Name {
	if name == "" {
		return nil
	}
	return &dialects.Name{Schema: schema, Name: name}
}

// vector turns an int2vector into an array that starts at 1.
func vector(column string) string {
	return `pg_catalog.string_to_array(` + column + `::text, ' ')::int[]`
}
