package mysql

import "github.com/segue-db/segue/dialects"

var _ dialects.Autocommitter = Dialect{}

// CommitsDDL says that DDL commits itself and what is open before it.
func (Dialect) CommitsDDL() {}
