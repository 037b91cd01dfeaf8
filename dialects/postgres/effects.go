package postgres

import "github.com/segue-db/segue/dialects"

// Effects judges each change of a statement.
func (Dialect) Effects(c *dialects.Catalog, s dialects.Statement, fresh map[dialects.Name]bool) []dialects.Effect {
	return nil
}
