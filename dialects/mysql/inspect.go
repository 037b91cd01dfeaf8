package mysql

import (
	"context"
	"fmt"
	"strings"

	"github.com/segue-db/segue/dialects"
)

// Inspect reads the catalog from information_schema, as replaying spells it: names of this database
// have no schema. Left out are other databases and segue's own tables. What the user has no
// privilege on is not there for it. The servers read each list by itself: DDL that runs meanwhile
// may be seen by half.
func (d *Database) Inspect(ctx context.Context, q dialects.Queryer) (*dialects.Catalog, error) {
	i := &inspection{Queryer: q, ctx: ctx}
	if err := i.read(); err != nil {
		return nil, fmt.Errorf("reading the catalog: %w", err)
	}
	i.catalog.Live = true
	return i.catalog, nil
}

// inspection is one reading of the catalog.
type inspection struct {
	dialects.Queryer
	ctx     context.Context
	schema  string // this database
	version dialects.Version
	catalog *dialects.Catalog
	replay  replayer          // adds to the catalog what replaying would
	unshown []*dialects.Table // with a default that information_schema does not show
}

func (i *inspection) read() error {
	var version, charset, collation string
	err := dialects.ReadRow(i.ctx, i, `/* segue: inspect */
SELECT @@version, s.schema_name, s.default_character_set_name, s.default_collation_name
FROM information_schema.schemata s WHERE s.schema_name = DATABASE()`, nil, &version, &i.schema, &charset, &collation)
	if err != nil {
		return err
	}
	if i.version, err = readVersion(version); err != nil {
		return err
	}
	i.catalog = Dialect{Server: i.version}.NewCatalog(i.version)
	i.catalog.Charset, i.catalog.Collation = charsetName(charset), collationName(collation)
	i.replay = replayer{Catalog: i.catalog, server: i.version}

	// Later steps look up what earlier ones have read.
	for _, step := range []func() error{
		i.readTables, i.readRowVersions, i.readPartitions, i.readColumns, i.readUnshownDefaults, i.readGrants, i.readIndexes, i.readParsers,
		i.readChecks, i.readForeignKeys, i.readTriggers, i.readViews, i.readRoutines, i.readEvents,
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

// on is the expression that a kind of server has.
func (i *inspection) on(mysql, mariadb string) string {
	if i.version.Kind == dialects.MariaDB {
		return mariadb
	}
	return mysql
}

// table is one of this database, by its name; nil for segue's own.
func (i *inspection) table(name string) *dialects.Table {
	return i.catalog.Tables[dialects.Name{Name: name}]
}

// nameOf is a name as the catalog has it: without the schema where that is this database.
func (i *inspection) nameOf(schema, name string) dialects.Name {
	if strings.EqualFold(schema, i.schema) {
		schema = ""
	}
	return dialects.Name{Schema: schema, Name: name}
}

// printed is an expression as the catalog has it. MySQL's information_schema escapes quotes in it;
// both servers may put it into parentheses.
func (i *inspection) printed(expression string) string {
	if i.version.Kind == dialects.MySQL {
		expression = unescape(expression)
	}
	for isWrapped(expression) {
		expression = strings.TrimSpace(expression[1 : len(expression)-1])
	}
	return expression
}
