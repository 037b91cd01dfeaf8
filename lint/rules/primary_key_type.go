package rules

import (
	"fmt"
	"slices"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/lint"
)

var primaryKeyType = lint.Rule{
	ID: "primary-key-type", Family: lint.StyleFamily, Severity: lint.Off,
	Peers: []string{
		"skeema/pk-type", "spirit/primary_key", "bytebase/INDEX_PK_TYPE_LIMIT", "bytebase/INDEX_PRIMARY_KEY_TYPE_ALLOWLIST",
		"online_migrations/short_primary_key_type",
	},
	Docs: []lint.Doc{{
		Title: "A primary key is of a type that runs out, or costs much",
		Condition: "The primary key of a new table is one column of a whole number smaller than bigint, of a floating point number or a decimal, " +
			"or of text; and that column is no foreign key, whose type is the other table's to say.",
		Effect: "int ends at two thousand millions, and to widen a key rewrites its table and all that refer to it. Texts are compared " +
			"by a collation, and every foreign key repeats them; on MySQL and MariaDB every index of the table does.",
		Workaround: "bigint; or a UUID, in the type uuid or in binary(16).",
	}},
	Check: func(p *lint.Pass) {
		for _, change := range p.Statement.Changes {
			keys, ok := primaryKey(change)
			if !ok || len(keys) != 1 || isReference(change, keys[0]) {
				continue
			}
			for d := range newColumns(p) {
				if same(p, d.Column.Name, keys[0]) && d.Table == p.Catalog.Resolve(change.Target()) && slices.Contains(poorKeys, bareType(d.Column.Type)) {
					p.Report(lint.Finding{
						Table:   d.Table.String(),
						Message: fmt.Sprintf("the primary key %s is of type %s", d, d.Column.Type),
						Why:     "it runs out of numbers, or is compared and copied as text wherever a row is named",
						Instead: "bigint, or a UUID in 16 bytes",
					})
				}
			}
		}
	},
}

// poorKeys are the types that a primary key is better without.
var poorKeys = []string{
	"smallint", "integer", "int", "tinyint", "mediumint", "real", "double precision", "float", "double", "numeric", "decimal",
	"text", "character varying", "character", "bpchar", "varchar", "char", "tinytext", "mediumtext", "longtext",
}

// isReference reports whether a change makes a foreign key of the column.
func isReference(change dialects.Change, column string) bool {
	constraints, _ := parts(change)
	return slices.ContainsFunc(constraints, func(c dialects.Constraint) bool {
		return c.Kind == dialects.ForeignKey && slices.Contains(c.Columns, column)
	})
}
