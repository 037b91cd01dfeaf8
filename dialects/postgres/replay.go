package postgres

import "github.com/segue-db/segue/dialects"

// Replay carries a statement's changes out on the catalog.
func (Dialect) Replay(c *dialects.Catalog, s dialects.Statement) {
}
