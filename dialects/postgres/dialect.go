package postgres

import "github.com/segue-db/segue/dialects"

// Dialect is Postgres without a connection. Its zero value is ready.
type Dialect struct{}

// Kind is dialects.Postgres.
func (Dialect) Kind() dialects.Kind { return dialects.Postgres }

// NewCatalog is a new database: it has the schema public and nothing else.
func (Dialect) NewCatalog(v dialects.Version) *dialects.Catalog {
	return dialects.NewCatalog(v, "public")
}
