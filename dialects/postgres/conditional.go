package postgres

import "github.com/segue-db/segue/dialects"

var _ dialects.Conditional = Dialect{}

// Conditional says yes of all forms. CREATE INDEX and ADD COLUMN have IF NOT EXISTS from 9.5 and 9.6 on.
func (Dialect) Conditional(dialects.Form) bool { return true }
