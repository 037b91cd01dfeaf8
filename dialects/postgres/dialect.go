package postgres

import "github.com/segue-db/segue/dialects"

// Dialect is Postgres without a connection. Its zero value is ready.
type Dialect struct{}

var _ dialects.Dialect = Dialect{}

// Kind is dialects.Postgres.
func (Dialect) Kind() dialects.Kind { return dialects.Postgres }

// NewCatalog is a new database: it has the schema public and nothing else.
func (Dialect) NewCatalog(v dialects.Version) *dialects.Catalog {
	c := dialects.NewCatalog(v, "public")
	public := dialects.ObjectKey{Kind: dialects.Schema, Name: dialects.Name{Name: "public"}}
	c.Objects[public] = &dialects.Object{Kind: public.Kind, Name: public.Name}
	return c
}
