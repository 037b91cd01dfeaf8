package mysql

import "github.com/segue-db/segue/dialects"

var _ dialects.Conditional = Dialect{}

// Conditional says yes of tables and objects; columns, indexes and constraints have the words on MariaDB alone.
func (d Dialect) Conditional(f dialects.Form) bool {
	return f == dialects.TableForm || d.Kind() == dialects.MariaDB
}
